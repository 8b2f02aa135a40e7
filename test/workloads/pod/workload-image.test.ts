import { Size } from 'cdk8s';
import { ImagePullPolicy } from 'cdk8s-plus-28';
import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { Distribution } from '../../../src/core/distribution';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { ImageProfile } from '../../../src/supply-chain/image-profile';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../../support/twins';
import { find, IMAGE, refusal, shop, templateOf, written } from '../fixtures';
import { violations } from '../restricted';

const DATA = { size: Size.gibibytes(1) };

function template(props: Partial<SecureWorkloadProps>, profile?: ClusterProfile) {
  const { app, workload } = shop(profile);
  const kind = props.kind ?? WorkloadKind.DEPLOYMENT;
  workload('web', { port: undefined, ...props });
  return templateOf(find(app, kind));
}

const mounts = (pod: any): string[] => pod.spec.containers[0].volumeMounts.map(({ mountPath }: any) => mountPath).sort();

describe('with an image profile, a workload', () => {
  test('runs as the image\'s user, on its port, and writes where the image does', () => {
    const pod = template({ imageProfile: ImageProfile.nginx() });
    expect(pod.spec.securityContext).toMatchObject({ runAsUser: 101, runAsGroup: 101, fsGroup: 101 });
    expect(pod.spec.containers[0]).toMatchObject({
      ports: [{ containerPort: 80 }], securityContext: { runAsUser: 101, readOnlyRootFilesystem: true },
    });
    expect(mounts(pod)).toEqual(['/run', '/tmp', '/var/cache/nginx']);
    expect(violations(pod)).toEqual([]);
  });

  test('keeps what it states itself', () => {
    const pod = template({
      imageProfile: ImageProfile.of({ user: 5, group: 6, port: 80, env: { A: 'image', B: 'image', C: 'image' } }),
      user: 7, group: 8, port: 8080, env: { A: 'own' }, secretEnv: { B: { secretName: 's', key: 'k' } },
    });
    expect(pod.spec.securityContext).toMatchObject({ runAsUser: 7, runAsGroup: 8 });
    expect(pod.spec.containers[0].ports).toEqual([{ containerPort: 8080, protocol: 'TCP' }]);
    expect(pod.spec.containers[0].env).toEqual([
      { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }, { name: 'C', value: 'image' }, { name: 'A', value: 'own' },
    ]);
  });

  test('joins directories: those that it mounts otherwise are not emptied', () => {
    const { app, workload } = shop();
    workload('web', {
      kind: WorkloadKind.STATEFUL_SET, imageProfile: ImageProfile.nginx(), writablePaths: ['/srv', '/run'], persistentPaths: [{ ...DATA, path: '/var/cache/nginx' }],
    });
    const object = find(app, 'StatefulSet');
    expect(mounts(object.spec.template)).toEqual(['/run', '/srv', '/tmp', '/var/cache/nginx']);
    expect(object.spec.volumeClaimTemplates).toHaveLength(1);
  });

  test('leaves ids to the platform that assigns them, unless it states them', () => {
    const openshift = new ClusterProfile({ name: 'o', distribution: Distribution.OPENSHIFT });
    const pod = template({ imageProfile: ImageProfile.node() }, openshift);
    const { runAsUser, runAsGroup, fsGroup } = pod.spec.securityContext;
    expect([runAsUser, runAsGroup, fsGroup]).toEqual([undefined, undefined, undefined]);
    expect(template({ imageProfile: ImageProfile.node(), user: 1000 }, openshift).spec.securityContext).toMatchObject({ runAsUser: 1000 });
  });

  test('that is a Job has neither the image\'s port nor its data', () => {
    const pod = template({ kind: WorkloadKind.JOB, imageProfile: ImageProfile.postgres(17), command: ['pg_dump'] });
    expect(pod.spec.containers[0].ports).toBeUndefined();
    expect(mounts(pod)).toEqual(['/tmp', '/var/run/postgresql']);
  });

  test('has a volume for the image\'s data, at its path or above', () => {
    for (const path of ['/var/lib/postgresql/data', '/var/lib/postgresql']) {
      const pod = template({ kind: WorkloadKind.STATEFUL_SET, imageProfile: ImageProfile.postgres(17), persistentPaths: [{ ...DATA, path }] });
      expect(mounts(pod)).toEqual(['/tmp', path, '/var/run/postgresql'].sort());
      expect(pod.spec.containers[0].env).toEqual([{ name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' }]);
    }
  });

  test('may say that the data end with the pod', () => {
    expect(mounts(template({ imageProfile: ImageProfile.redis(), writablePaths: ['/data'] }))).toEqual(['/data', '/tmp']);
  });

  test('is refused where nothing is said about the data', () => {
    const { workload } = shop();
    expect(refusal(() => workload('db', { imageProfile: ImageProfile.redis(), port: undefined, persistentPaths: [{ ...DATA, path: '/database' }], replicas: 1 }))).toBe(
      '[c/shop/db] imageProfile: got "/data"; allowed: an image whose data have a volume: the path in persistentPaths, or in writablePaths where they may end with the pod. '
      + 'Add persistentPaths: [{ path: \'/data\', size: … }].');
  });

  test('is refused where a path is both persistent and writable by its own words', () => {
    const { workload } = shop();
    expect(refusal(() => workload('db', {
      kind: WorkloadKind.STATEFUL_SET, imageProfile: ImageProfile.redis(), persistentPaths: [{ ...DATA, path: '/data' }], writablePaths: ['/data'],
    }))).toBe('[c/shop/db] writablePaths[0]: got "/data"; allowed: a path that no other volume is mounted at. Name each path once.');
  });

  test('is refused where the profile is none', () => {
    const { workload } = shop();
    expect(refusal(() => workload('web', { imageProfile: { user: 5 } as any }))).toBe(
      '[c/shop/web] imageProfile: got {"user":5}; allowed: an ImageProfile. Take one of its own, such as ImageProfile.nginx(), or make one by ImageProfile.of({ … }).');
  });
});

test.each(VERSIONS.map((version): [string, KubernetesVersion] => [String(version), version]))('the recommended controls find nothing in it at Kubernetes %s', (_, version) => {
  const { app, workload } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion: version }));
  workload('site', { port: undefined, imageProfile: ImageProfile.nginx(), imagePullPolicy: ImagePullPolicy.ALWAYS, imagePullSecrets: ['registry'] });
  workload('db', { kind: WorkloadKind.STATEFUL_SET, port: undefined, imageProfile: ImageProfile.mysql(), persistentPaths: [{ ...DATA, path: '/var/lib/mysql' }] });
  expect(findings(ControlPack.recommended().controls, version, written(app))).toEqual([]);
});

describe('a port that is root\'s elsewhere', () => {
  const sysctls = (port: number) => template({ port }).spec.securityContext.sysctls;

  test('may be listened on: the pod alone is told so, from that port on', () => {
    expect(sysctls(443)).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '443' }]);
    expect(sysctls(1023)).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '1023' }]);
    expect(violations(template({ port: 443 }))).toEqual([]);
  });

  test('needs nothing from 1024 on', () => {
    expect(sysctls(1024)).toBeUndefined();
  });
});

describe('an image is pulled', () => {
  const pull = (props: Partial<SecureWorkloadProps>) => template(props).spec.containers[0].imagePullPolicy;

  test.each([ImagePullPolicy.ALWAYS, ImagePullPolicy.IF_NOT_PRESENT, ImagePullPolicy.NEVER])('by the policy %s where it is asked for', (imagePullPolicy) => {
    expect(pull({ imagePullPolicy })).toBe(imagePullPolicy);
  });

  test('by the same policy for containers that come before', () => {
    const pod = template({ imagePullPolicy: ImagePullPolicy.NEVER, initContainers: [{ name: 'fetch', image: IMAGE }] });
    expect(pod.spec.initContainers[0].imagePullPolicy).toBe('Never');
    expect(template({ initContainers: [{ name: 'fetch', image: IMAGE }] }).spec.initContainers[0].imagePullPolicy).toBe('IfNotPresent');
  });

  test('if it isn\'t there, where nothing is said', () => {
    expect(pull({})).toBe('IfNotPresent');
  });

  test('with the Secrets of the namespace and of the workload, each once', () => {
    const { app, chart } = shop();
    const namespace = new HardenedNamespace(chart, 'team', { imagePullSecrets: ['registry', 'mirror'] });
    new SecureWorkload(namespace, 'web', { image: IMAGE, imagePullSecrets: ['own', 'mirror'] });
    expect(find(app, 'Deployment').spec.template.spec.imagePullSecrets).toEqual([{ name: 'registry' }, { name: 'mirror' }, { name: 'own' }]);
    const [account] = written(app).filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === 'team' && metadata.name === 'default');
    expect(account).toMatchObject({ automountServiceAccountToken: false, imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }] });
  });

  test('without Secrets where none are named', () => {
    expect(template({}).spec.imagePullSecrets).toBeUndefined();
  });

  test.each<[Partial<SecureWorkloadProps>, string]>([
    [{ imagePullPolicy: 'Sometimes' as any }, 'imagePullPolicy: got "Sometimes"; allowed: Always, IfNotPresent, Never. Take a value of ImagePullPolicy.'],
    [{ imagePullSecrets: 'registry' as any }, 'imagePullSecrets: got "registry"; allowed: a list of names of Secrets. Put it in a list: imagePullSecrets: [ … ].'],
    [{ imagePullSecrets: ['a', 'Registry'] },
      'imagePullSecrets[1]: got "Registry"; allowed: the name of a Secret: a DNS subdomain of at most 253 lower-case letters, digits, - and dots (RFC 1123). '
      + 'Give the name of a Secret in the namespace of the workload.'],
    [{ imagePullSecrets: ['a', 'b', 'a'] }, 'imagePullSecrets[2]: got "a"; allowed: each Secret once. Name it once.'],
  ])('not with %j', (props, message) => {
    const { workload } = shop();
    expect(refusal(() => workload('web', props))).toBe(`[c/shop/web] ${message}`);
  });

  test('not with Secrets of the namespace that have no name', () => {
    const { chart } = shop();
    expect(refusal(() => new HardenedNamespace(chart, 'team', { imagePullSecrets: [''] }))).toMatch(/^\[c\/team\] imagePullSecrets\[0\]: got ""; allowed: the name of a Secret/);
  });
});
