import { definitionOf } from './controls/custom-resources';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { policyBinding, PolicyPhase } from '../../src/controls/admission/policy-binding';
import { validatingPolicy } from '../../src/controls/admission/validating-policy';
import { AppliesTo } from '../../src/controls/applies-to';
import { Control } from '../../src/controls/control';
import { Exclusion } from '../../src/controls/exclusion';
import { Requirement } from '../../src/controls/requirement';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { sample } from '../controls/admission/fixtures';

const AGENT = { namespace: 'monitoring', kind: 'DaemonSet', group: 'apps', name: 'node-agent', serviceAccount: 'agent' };

/** Controls with what is waived of each: one finding of the DaemonSet `node-agent`. */
const WAIVED: readonly [Control, Exclusion][] = [
  [
    sample(Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)), { id: 'privileged' }),
    { ...AGENT, container: 'agent', path: 'spec.template.spec.containers[0].securityContext.privileged', value: true },
  ],
  [
    sample(Requirement.each('spec.volumes', Requirement.absent('hostPath')), { id: 'host-paths' }),
    { ...AGENT, path: 'spec.template.spec.volumes[0].hostPath', value: { path: '/var/log' } },
  ],
  [
    sample(Requirement.eachContainer(Requirement.subsetOf('securityContext.capabilities.add', 'KILL')), { id: 'capabilities' }),
    { ...AGENT, container: 'agent', path: 'spec.template.spec.containers[0].securityContext.capabilities.add', value: ['SYS_TIME', 'KILL'] },
  ],
  [
    sample(Requirement.inherited(Requirement.oneOf('securityContext.runAsNonRoot', true)), { id: 'non-root' }),
    { ...AGENT, container: 'agent', path: 'spec.template.spec.containers[0].securityContext.runAsNonRoot' },
  ],
  [
    sample(Requirement.eachContainer(Requirement.each('env', Requirement.negation(Requirement.matches('value', 'password')))), { id: 'secrets', concealsValues: true }),
    { ...AGENT, container: 'agent', path: 'spec.template.spec.containers[0].env[1].value', isConcealed: true },
  ],
  [
    sample(Requirement.eachContainer(Requirement.absent('env')), { id: 'no-env' }),
    { ...AGENT, container: 'agent', path: 'spec.template.spec.containers[0].env', isConcealed: true },
  ],
  [
    sample(Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.matches('image', '^probed/'))), { id: 'probes' }),
    { ...AGENT, container: 'agent', path: 'spec.template.spec.containers[0]', value: { name: 'agent', image: 'agent:1' } },
  ],
];

/** A kind by the name of a built-in one. */
const KRUISE = { group: 'apps.kruise.io', version: 'v1alpha1', kind: 'DaemonSet', resource: 'daemonsets' };

/** What is waived of such a one. */
const OF_KRUISE: readonly [Control, Exclusion] = [
  sample(Requirement.absentOrOneOf('spec.hostPID', false), { id: 'host-pid' }),
  { ...AGENT, group: KRUISE.group, path: 'spec.template.spec.hostPID', value: true },
];

const ROLE: Exclusion = { kind: 'ClusterRole', group: 'rbac.authorization.k8s.io', name: 'backup', path: 'rules[0].verbs[0]', value: '*' };
const ROLES = sample(Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', '*', 'escalate'))), { id: 'roles', appliesTo: AppliesTo.kinds('Role', 'ClusterRole') });

interface Changes {
  readonly apiVersion?: string;
  readonly kind?: 'DaemonSet' | 'Deployment' | 'ReplicaSet' | 'Pod';
  readonly namespace?: string;
  readonly name?: string;
  readonly serviceAccount?: string;
  readonly agent?: object;
  readonly helper?: object;
  readonly context?: object;
  readonly path?: string;
  readonly hostPID?: boolean;
}

/** What violates every control, exactly as it is waived, and what differs from that. */
function agent({ apiVersion = 'apps/v1', kind = 'DaemonSet', namespace = 'monitoring', name = 'node-agent', serviceAccount = 'agent', path = '/var/log', ...changes }: Changes = {}): any {
  const labels = { app: 'agent' };
  const spec = {
    serviceAccountName: serviceAccount,
    ...(changes.hostPID && { hostPID: true }),
    containers: [
      {
        name: 'agent',
        image: 'agent:1',
        env: [{ name: 'A', value: 'a' }, { name: 'B', value: 'password' }],
        ...changes.agent,
        securityContext: { privileged: true, capabilities: { add: ['SYS_TIME', 'KILL'] }, ...changes.context },
      },
      {
        name: 'helper', image: 'probed/helper:1', securityContext: { runAsNonRoot: true }, ...changes.helper,
      },
    ],
    volumes: [{ name: 'logs', hostPath: { path } }, { name: 'tmp', emptyDir: {} }],
  };
  const metadata = { name, namespace };
  const template = { metadata: { labels }, spec };
  return kind === 'Pod'
    ? { apiVersion: 'v1', kind, metadata: { ...metadata, labels }, spec }
    : { apiVersion, kind, metadata, spec: { selector: { matchLabels: labels }, template } };
}

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'policies with waivers', () => {
    let server: PolicyServer;

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      for (const namespace of ['monitoring', 'shop']) {
        await server.namespace(namespace);
        await server.apply(['agent', 'app'].map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } })));
      }
      const stated = KubernetesVersion.of(`1.${server.minor}`);
      const all = [...WAIVED, OF_KRUISE, [ROLES, ROLE] as const];
      await server.apply([definitionOf(KRUISE)]);
      await server.apply(all.map(([control, exclusion]) => validatingPolicy(control, { version: stated, exclusions: [exclusion] })));
      await server.apply(all.map(([control]) => policyBinding(control, { phase: PolicyPhase.WARN, suffix: 'oracle' })));
      await server.settle();
    });
    afterAll(async () => server?.stop());

    const refusals = async (changes: Changes): Promise<string[]> => {
      const { policies, allowed, message } = await server.dryRun(agent(changes));
      expect([message, allowed]).toEqual(['', true]);
      return policies.map(({ policy }) => policy.replace('hardened-', '')).sort();
    };
    const ALL = WAIVED.map(([{ id }]) => id).sort();

    test('compile without type-check warnings', async () => {
      expect(Object.values(await server.allTypeWarnings()).flat()).toEqual([]);
    });

    test('admit the controller and its Pods', async () => {
      expect(await refusals({})).toEqual([]);
      expect(await refusals({ kind: 'Pod', name: 'node-agent-x7k2p' })).toEqual([]);
    });

    test('refuse the same in another namespace', async () => {
      expect(await refusals({ namespace: 'shop' })).toEqual(ALL);
      expect(await refusals({ kind: 'Pod', namespace: 'shop', name: 'node-agent-x7k2p' })).toEqual(ALL);
    });

    test('refuse another workload, and a controller of another kind by the same name', async () => {
      expect(await refusals({ name: 'other' })).toEqual(ALL);
      expect(await refusals({ kind: 'Deployment' })).toEqual(ALL);
      expect(await refusals({ kind: 'ReplicaSet', name: 'node-agent-7d9f' })).toEqual(ALL);
    });

    test('refuse a kind of the same name in another group, and admit it where it was waived', async () => {
      const apiVersion = `${KRUISE.group}/${KRUISE.version}`;
      expect(await refusals({ apiVersion })).toEqual(ALL);
      expect(await refusals({ apiVersion, hostPID: true })).toEqual(ALL);
      expect(await refusals({ apiVersion, hostPID: true, name: 'other' })).toEqual([...ALL, 'host-pid'].sort());
      expect(await refusals({ hostPID: true, name: 'node-agent', serviceAccount: 'app' })).toEqual(['host-pid']);
      expect(await refusals({ kind: 'Pod', hostPID: true, name: 'node-agent-x7k2p' })).toEqual([]);
    });

    test('refuse Pods under another service account, even by the controller\'s name', async () => {
      expect(await refusals({ kind: 'Pod', serviceAccount: 'app' })).toEqual(ALL);
    });

    test('refuse another container of the same pod', async () => {
      for (const kind of ['DaemonSet', 'Pod'] as const) {
        expect(await refusals({ kind, helper: { securityContext: { privileged: true, runAsNonRoot: true } } })).toEqual(['privileged']);
        expect(await refusals({ kind, helper: { securityContext: { runAsNonRoot: true, capabilities: { add: ['SYS_TIME', 'KILL'] } } } })).toEqual(['capabilities']);
        expect(await refusals({ kind, helper: { securityContext: {} } })).toEqual(['non-root']);
        const env = [{ name: 'A', value: 'a' }, { name: 'B', value: 'password' }];
        expect(await refusals({ kind, helper: { securityContext: { runAsNonRoot: true }, env } })).toEqual(['no-env', 'secrets']);
        expect(await refusals({ kind, helper: { securityContext: { runAsNonRoot: true }, image: 'agent:1' } })).toEqual(['probes']);
      }
    });

    test('refuse another value at the same place', async () => {
      for (const kind of ['DaemonSet', 'Pod'] as const) {
        expect(await refusals({ kind, path: '/' })).toEqual(['host-paths']);
        expect(await refusals({ kind, context: { capabilities: { add: ['SYS_TIME', 'SYS_ADMIN'] } } })).toEqual(['capabilities']);
        expect(await refusals({ kind, context: { capabilities: { add: ['SYS_TIME', 'KILL', 'CHOWN'] } } })).toEqual(['capabilities']);
        expect(await refusals({ kind, context: { runAsNonRoot: false } })).toEqual(['non-root']);
        expect(await refusals({ kind, agent: { image: 'agent:2' } })).toEqual(['probes']);
      }
    });

    test('refuse a concealed value at another place', async () => {
      for (const kind of ['DaemonSet', 'Pod'] as const) {
        expect(await refusals({ kind, agent: { env: [{ name: 'A', value: 'password' }, { name: 'B', value: 'b' }] } })).toEqual(['secrets']);
        expect(await refusals({ kind, agent: { env: [{ name: 'A', value: 'a' }, { name: 'B', value: 'password-2' }] } })).toEqual([]);
      }
    });

    test('admit what complies, wherever it is', async () => {
      const complies = {
        context: { privileged: false, capabilities: {}, runAsNonRoot: true }, agent: { env: [], image: 'probed/agent:1' }, path: undefined,
      };
      const object = agent({ ...complies, namespace: 'shop' });
      object.spec.template.spec.volumes = [];
      expect((await server.dryRun(object)).policies).toEqual([]);
    });

    test('admit the object without a namespace that was waived, and refuse its neighbours', async () => {
      const verdict = async (kind: string, name: string, verb: string) => (await server.dryRun({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind,
        metadata: { name, ...(kind === 'Role' && { namespace: 'shop' }) },
        rules: [{ apiGroups: ['backup.example.com'], resources: ['backups'], verbs: [verb] }],
      })).policies.length === 0;

      expect(await verdict('ClusterRole', 'backup', '*')).toBe(true);
      expect(await verdict('ClusterRole', 'backup', 'escalate')).toBe(false);
      expect(await verdict('ClusterRole', 'backups', '*')).toBe(false);
      expect(await verdict('Role', 'backup', '*')).toBe(false);
    });
  });
});
