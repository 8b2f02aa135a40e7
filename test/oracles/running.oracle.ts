import { confinedAs } from './node/confined';
import { objectsInShop } from './node/declared';
import { ContainerReport, describeOnNode, TestNode } from './node/node';
import { SERVERS } from './node/servers';
import { SecureWorkload } from '../../src/workloads/secure-workload';

/** Files that no program may make or change. The kubelet mounts /etc/hosts writable, whatever the pod says: only root could. */
const FORBIDDEN = ['/planted', '/etc/planted', '/etc/hosts', '/etc/passwd', '/usr/bin/planted', '/proc/sys/kernel/core_pattern', '/sys/kernel/planted'];
/** Mounts that every container has, and that hold no file that the program may change. */
const COMMON_MOUNTS = /^\/(proc|sys|dev|etc\/hosts)(\/|$)/;

/** A claim about a container, the setting that it rests on, and what is to be seen without it. */
interface Claim {
  readonly claim: string;
  readonly loosen: (spec: any, container: any) => void;
  readonly look: (node: TestNode, pod: any, report: ContainerReport) => Promise<unknown>;
  readonly hardened: unknown;
  readonly loose: unknown;
  /** Whether Pod Security admission would let it in: then the workload alone sees to it. */
  readonly admitted?: boolean;
}

const CLAIMS: Claim[] = [
  {
    claim: 'the program is not root',
    loosen: asRoot,
    look: async (_, __, { status }) => [status.Uid, status.Gid],
    hardened: ['10001 10001 10001 10001', '10001 10001 10001 10001'],
    loose: ['0 0 0 0', '0 0 0 0'],
  },
  {
    claim: 'the program has no capability',
    loosen: (spec, container) => {
      asRoot(spec, container);
      delete container.securityContext.capabilities;
    },
    look: async (_, __, { status }) => ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].every((set) => /^0+$/.test(status[set])),
    hardened: true,
    loose: false,
  },
  {
    claim: 'no program that it starts can have a capability',
    loosen: (_, container) => delete container.securityContext.capabilities,
    look: async (_, __, { status }) => /^0+$/.test(status.CapBnd),
    hardened: true,
    loose: false,
  },
  {
    claim: 'no program that it starts can gain privileges',
    loosen: (_, container) => delete container.securityContext.allowPrivilegeEscalation,
    look: async (_, __, { status }) => status.NoNewPrivs,
    hardened: '1',
    loose: '0',
  },
  {
    claim: 'its system calls are filtered',
    loosen: (spec, container) => {
      delete spec.securityContext.seccompProfile;
      delete container.securityContext.seccompProfile;
    },
    look: async (_, __, { status }) => status.Seccomp,
    hardened: '2',
    loose: '0',
  },
  {
    claim: 'its root filesystem is read-only',
    loosen: (_, container) => delete container.securityContext.readOnlyRootFilesystem,
    look: async (node, pod, { mounts }) => [mounts.find(({ path }) => path === '/')!.options.includes('ro'), await node.write(pod.metadata, '/planted')],
    hardened: [true, { '/planted': 'read-only file system' }],
    // The folder is root's.
    loose: [false, { '/planted': 'permission denied' }],
    admitted: true,
  },
  {
    claim: 'it holds no service account token',
    loosen: (spec) => delete spec.automountServiceAccountToken,
    look: async (node, pod, { mounts }) => [
      mounts.filter(({ path }) => path.includes('serviceaccount')).length,
      (await node.exec(pod.metadata, ['/probe', 'read', '/var/run/secrets/kubernetes.io/serviceaccount/token'])).code,
    ],
    hardened: [0, 1],
    loose: [1, 0],
    admitted: true,
  },
];

function asRoot(spec: any, container: any): void {
  for (const context of [spec.securityContext, container.securityContext]) {
    Object.assign(context, { runAsNonRoot: false, runAsUser: 0, runAsGroup: 0 });
  }
}

describeOnNode('workloads on a real node', () => {
  let node: TestNode;
  const pods: Record<string, any[]> = {};

  beforeAll(async () => {
    node = await TestNode.start(Object.values(SERVERS).map(({ image }) => image));
    await Promise.all([node.addVolume('database', '1Gi'), node.addVolume('database-debian', '1Gi'), node.server.namespace('loose')]);
    await node.apply(objectsInShop((namespace) => {
      for (const [name, { image, props }] of Object.entries(SERVERS)) {
        new SecureWorkload(namespace, name, { image: node.image(image), ...props });
      }
    }));
    await Promise.all(Object.entries(SERVERS).map(async ([name, { props: { replicas = 1 } }]) => {
      pods[name] = await node.readyPods('shop', { 'app.kubernetes.io/name': name }, replicas);
    }));
  });
  afterAll(async () => {
    await node?.stop();
  });

  /** A pod like a workload's, in a namespace that refuses nothing, with settings changed and without what only slows it down. */
  const twinOf = (server: string, name: string, change: (spec: any, container: any) => void) => {
    const { containers: [container], securityContext, volumes = [], automountServiceAccountToken } = structuredClone(pods[server][0].spec);
    const { resources, livenessProbe, startupProbe, ...kept } = container;
    const emptyDirs = volumes.filter((volume: any) => volume.emptyDir);
    kept.readinessProbe.periodSeconds = 1;
    kept.volumeMounts = kept.volumeMounts.filter((mount: any) => emptyDirs.some((volume: any) => volume.name === mount.name));
    const spec = { securityContext, volumes: emptyDirs, automountServiceAccountToken, containers: [kept], terminationGracePeriodSeconds: 1 };
    change(spec, kept);
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'loose' }, spec };
  };

  /** What a pod's program says before it fails. */
  const whyFailing = async (pod: any): Promise<string> => {
    await node.apply([pod]);
    const container = ({ status }: any) => status.containerStatuses?.[0] ?? { restartCount: 0, ready: false };
    const failing = await node.waitForPod(pod.metadata, 'ready or failing', (each) => container(each).restartCount > 0 || container(each).ready);
    expect(container(failing).ready).toBe(false);
    const said = await node.logs(pod.metadata);
    await node.server.remove([pod]);
    return said;
  };

  describe.each(Object.entries(SERVERS))('%s', (name, { user, answers, writes }) => {
    test('starts, without a restart, and does its work', async () => {
      for (const pod of pods[name]) {
        expect(pod.status.containerStatuses).toMatchObject([{ ready: true, restartCount: 0 }]);
        await answers(node, pod);
      }
    });

    test('runs as its user, without capabilities, privileges to gain, or unfiltered system calls', async () => {
      const [pod] = pods[name];
      const { status } = await node.report(pod.metadata);
      expect(status).toMatchObject(confinedAs(user));
    });

    test('writes where it may, and nowhere else', async () => {
      const [pod] = pods[name];
      const may = writes.map((folder) => `${folder}/planted`);
      const results = await node.write(pod.metadata, ...may, ...FORBIDDEN);
      expect(Object.keys(results).filter((path) => results[path] === '').sort()).toEqual(may.sort());
    });

    test('has no other writable mount than those it declares, and those every container has', async () => {
      const { mounts } = await node.report(pods[name][0].metadata);
      const writable = mounts.filter(({ path, options }) => options.includes('rw') && !COMMON_MOUNTS.test(path)).map(({ path }) => path);
      expect(writable.sort()).toEqual([...writes].sort());
    });

    test('holds no service account token', async () => {
      const { mounts } = await node.report(pods[name][0].metadata);
      expect(mounts.filter(({ path }) => path.includes('serviceaccount'))).toEqual([]);
    });
  });

  describe('each setting of a workload counts:', () => {
    const twins: Record<string, any> = {};
    const twin = ({ claim, loosen }: Claim) => twinOf('probe', claim.replace(/\W+/g, '-').toLowerCase(), loosen);

    beforeAll(async () => {
      await Promise.all(CLAIMS.map(async (each) => {
        twins[each.claim] = await node.runPod(twin(each));
      }));
    });
    afterAll(async () => {
      await node.server.remove(Object.values(twins));
    });

    test.each(CLAIMS)('$claim', async ({ claim, look, hardened, loose }) => {
      const seen = async (pod: any) => look(node, pod, await node.report(pod.metadata));
      expect({ hardened: await seen(pods.probe[0]), loose: await seen(twins[claim]) }).toEqual({ hardened, loose });
    });

    test.each(CLAIMS)('the namespace refuses a pod without it where Pod Security Standards want it: $claim', async (each) => {
      const { spec, ...rest } = twin(each);
      const { allowed, message } = await node.server.dryRun({ ...rest, metadata: { ...rest.metadata, namespace: 'shop' }, spec });
      expect({ allowed, byPodSecurity: /violates PodSecurity "restricted:v1.33"/.test(message ?? '') }).toEqual({
        allowed: each.admitted ?? false, byPodSecurity: !each.admitted,
      });
    });
  });

  describe('on a writable root', () => {
    const twins: Record<string, any> = {};

    beforeAll(async () => {
      await Promise.all(Object.keys(SERVERS).map(async (server) => {
        twins[server] = await node.runPod(twinOf(server, `${server}-writable`, (spec, container) => {
          container.securityContext.readOnlyRootFilesystem = false;
          container.volumeMounts = [];
          if (server.startsWith('nginx')) {
            // Started as root, to whom alone the image leaves /run.
            asRoot(spec, container);
            delete container.securityContext.capabilities;
          }
        }));
      }));
    });
    afterAll(async () => {
      await node.server.remove(Object.values(twins));
    });

    test.each(Object.keys(SERVERS))('%s writes exactly where its workload lets it', async (server) => {
      const { writes, leaves, answers } = SERVERS[server];
      const { metadata } = twins[server];
      await answers(node, twins[server]);
      const written = await node.written(metadata);
      expect(written.filter((path) => !writes.some((folder) => path.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${path}/`)))).toEqual([]);
      expect(leaves.filter((path) => !written.some((each) => each.startsWith(path)))).toEqual([]);
    });
  });

  describe('does not start without what its workload says of it:', () => {
    const complaints: Record<string, string> = {};
    const withoutMount = (path: string) => (_: any, container: any) => {
      container.volumeMounts = container.volumeMounts.filter(({ mountPath }: any) => mountPath !== path);
    };
    const withoutSysctl = (spec: any) => {
      delete spec.securityContext.sysctls;
    };
    const CASES: [server: string, without: string, change: (spec: any, container: any) => void, complaint: RegExp][] = [
      ['nginx', 'a writable /var/cache/nginx', withoutMount('/var/cache/nginx'), /\/var\/cache\/nginx\/client_temp" failed \(30: Read-only file system\)/],
      ['nginx', 'a port 80 for everybody', withoutSysctl, /bind\(\) to 0\.0\.0\.0:80 failed \(13: Permission denied\)/],
      ['nginx-debian', 'a writable /var/log/nginx', withoutMount('/var/log/nginx'), /\/var\/log\/nginx\/error.log" failed \(30: Read-only file system\)/],
      ['nginx-debian', 'a port 80 for everybody', withoutSysctl, /bind\(\) to 0\.0\.0\.0:80 failed \(13: Permission denied\)/],
      ['redis-debian', 'a writable /var/log/redis', withoutMount('/var/log/redis'), /Can't open the log file: Read-only file system/],
    ];

    beforeAll(async () => {
      await Promise.all(CASES.map(async ([server, without, change], i) => {
        complaints[`${server} ${without}`] = await whyFailing(twinOf(server, `${server}-without-${i}`, change));
      }));
    });

    test.each(CASES)('%s needs %s', (server, without, _, complaint) => {
      expect(complaints[`${server} ${without}`]).toMatch(complaint);
    });
  });

  test.each(['nginx', 'nginx-debian'])('%s may listen on port 80, and programs on no port below', async (server) => {
    const { metadata } = pods[server][0];
    expect((await node.exec(metadata, ['/probe', 'read', '/proc/sys/net/ipv4/ip_unprivileged_port_start'])).stdout).toBe('80\n');
    expect((await node.exec(metadata, ['/probe', 'serve', '79'])).stderr).toMatch(/listen tcp :79: bind: permission denied/);
  });

  test('the disruption budget counts the pods of a workload', async () => {
    const { body } = await node.server.request('GET', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/probe');
    expect(body.status).toMatchObject({ currentHealthy: 2, expectedPods: 2, disruptionsAllowed: 1 });
  });
});
