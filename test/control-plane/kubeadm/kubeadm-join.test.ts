import { parse, parseAllDocuments } from 'yaml';
import { ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { ClusterProfileProps } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeFileKind } from '../../../src/core/node-file';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { Cluster, cluster, contentOf, nodeFilesApp } from '../cluster';

const JOIN = '/etc/kubernetes/kubeadm/join.yaml';
const INIT = '/etc/kubernetes/kubeadm/init.yaml';
const CONTROL_PLANE_TAINT = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

/** A cluster whose app has two roles of workers more. */
function clusterWithWorkers(profile: Partial<ClusterProfileProps> = {}, props: Partial<ControlPlaneProps> = {}): Cluster & { workers: NodeRole[] } {
  let workers: NodeRole[] = [];
  const made = cluster(profile, props, false, (app) => {
    workers = ['worker', 'gpu'].map((name) => new NodeRole(app, name, { kind: NodeKind.WORKER }));
    return { workers };
  });
  return { ...made, workers };
}

const textOf = (roles: NodeRole[]) => roles.flatMap((role) => [...role.files.map(({ content }) => content), ...role.commands]).join('\n');

describe.each(Array.from({ length: 10 }, (_, i) => `1.${28 + i}`))('Kubernetes %s', (minor) => {
  const kubernetesVersion = KubernetesVersion.of(minor);
  const apiVersion = `kubeadm.k8s.io/${kubernetesVersion.minor >= 31 ? 'v1beta4' : 'v1beta3'}`;
  const { nodes, workers } = clusterWithWorkers({ kubernetesVersion });

  test('a worker joins by a file that says where the cluster is, in the API that its kubeadm reads', () => {
    for (const role of workers) {
      expect(parse(contentOf(role, JOIN))).toEqual({
        apiVersion,
        kind: 'JoinConfiguration',
        discovery: { file: { kubeConfigPath: '/etc/kubernetes/kubeadm/discovery.conf' } },
        nodeRegistration: { imagePullPolicy: 'IfNotPresent' },
      });
    }
  });

  test('a further control-plane node joins in the same way, serves the profile\'s port, and keeps workloads away', () => {
    expect(parse(contentOf(nodes, JOIN))).toEqual({
      apiVersion,
      kind: 'JoinConfiguration',
      controlPlane: { localAPIEndpoint: { bindPort: 6443 } },
      discovery: { file: { kubeConfigPath: '/etc/kubernetes/kubeadm/discovery.conf' } },
      nodeRegistration: { imagePullPolicy: 'IfNotPresent', taints: [CONTROL_PLANE_TAINT] },
    });
  });

  test('the first control-plane node keeps workloads away too', () => {
    const [init] = parseAllDocuments(contentOf(nodes, INIT)).map((document) => document.toJS());

    expect(init.nodeRegistration.taints).toEqual([CONTROL_PLANE_TAINT]);
  });
});

describe('what kubeadm\'s own validation lets pass can\'t be said', () => {
  const { nodes, workers } = clusterWithWorkers();
  const text = textOf([nodes, ...workers]);

  test('joining without checking the cluster\'s CA: discovery is by a file that holds it', () => {
    expect(text).not.toContain('unsafeSkipCAVerification');
    expect(text).not.toContain('caCertHashes');
  });

  test('a token that never ends', () => {
    const tokens = parseAllDocuments(contentOf(nodes, INIT)).flatMap((document) => document.toJS().bootstrapTokens ?? []);

    expect(tokens.map((token) => token.ttl)).toEqual(['1m0s']);
  });

  test('a folder or file that lies nowhere certain: every path is absolute', () => {
    const config = parseAllDocuments(contentOf(nodes, INIT))[1].toJS();
    const volumes = [config.apiServer, config.controllerManager, config.scheduler].flatMap((component) => component.extraVolumes ?? []);

    expect(volumes.length).toBeGreaterThan(2);
    expect(volumes.filter(({ hostPath, mountPath }) => !hostPath.startsWith('/') || !mountPath.startsWith('/'))).toEqual([]);
    expect(() => cluster({}, { auditLog: { directory: 'var/log/audit' } })).toThrow('var/log/audit');
  });

  test('a release other than the profile\'s, or one that kubeadm would look up as a channel', () => {
    expect(() => cluster({}, { kubernetesRelease: '1.35.2' })).toThrow('a patch release of 1.36');
    expect(() => cluster({}, { kubernetesRelease: 'latest' })).toThrow('a patch release of 1.36');
  });
});

test('the port of a further API server is the profile\'s', () => {
  expect(parse(contentOf(clusterWithWorkers({ apiServerPort: 7443 }).nodes, JOIN)).controlPlane.localAPIEndpoint).toEqual({ bindPort: 7443 });
});

test('the token that kubeadm init makes, and prints, is of a group that nothing is granted to', () => {
  const [init] = parseAllDocuments(contentOf(cluster().nodes, INIT)).map((document) => document.toJS());

  expect(init.bootstrapTokens).toEqual([expect.objectContaining({ groups: ['system:bootstrappers:nothing'], usages: ['authentication'] })]);
  expect(init.bootstrapTokens[0]).not.toHaveProperty('token');
  expect(init.skipPhases).toContain('show-join-command');
});

test('no node file holds a token or the key of the certificates that control-plane nodes share', () => {
  const { nodes, workers } = clusterWithWorkers();
  const text = textOf([nodes, ...workers]);

  expect(text).not.toMatch(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/);
  expect(text).not.toMatch(/certificateKey|tlsBootstrapToken/);
});

test('the configuration to join is closed to other users', () => {
  const { nodes, workers } = clusterWithWorkers();

  for (const role of [nodes, ...workers]) {
    expect(role.files.find((file) => file.path === JOIN)).toMatchObject({ mode: '0600', owner: 'root', kind: NodeFileKind.RESTRICTED });
  }
});

test('the roles are there to read, and a list that is changed afterwards changes nothing', () => {
  const { controlPlane, workers } = clusterWithWorkers();
  controlPlane.workers.pop();

  expect(controlPlane.workers).toEqual(workers);
});

describe('refused as workers are', () => {
  const made = (workers: (app: ReturnType<typeof nodeFilesApp>) => unknown) => () =>
    cluster({}, {}, false, (app) => ({ workers: workers(app) as NodeRole[] }));

  test('machines of another kind', () => {
    expect(made((app) => [new NodeRole(app, 'way-in', { kind: NodeKind.BASTION })])).toThrow(
      '[kubernetes] workers[0]: got "way-in, of kind bastion"; allowed: a NodeRole of kind worker. Give the role of those machines.',
    );
  });

  test('a role that is named twice', () => {
    expect(made((app) => {
      const role = new NodeRole(app, 'worker', { kind: NodeKind.WORKER });
      return [role, role];
    })).toThrow('[kubernetes] workers[1]: got "worker"; allowed: a role that is not in the list yet. Name it once.');
  });

  test('a role of another app', () => {
    expect(made(() => [new NodeRole(nodeFilesApp(), 'worker', { kind: NodeKind.WORKER })])).toThrow(
      '[kubernetes] workers[0]: got "worker, of another app"; allowed: a NodeRole of the same app. One app is one cluster: make the role in it.',
    );
  });

  test('a role that is not in a list', () => {
    expect(made((app) => new NodeRole(app, 'worker', { kind: NodeKind.WORKER }))).toThrow('allowed: a list of roles. Put it in a list: workers: [ … ].');
  });
});
