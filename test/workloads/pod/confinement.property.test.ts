import { Duration } from 'cdk8s';
import { NodeTaintQuery, TaintEffect } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { NodePool } from '../../../src/core/node-pool';
import { NetworkPeer } from '../../../src/network/network-peer';
import { SandboxRuntime } from '../../../src/runtime/sandbox-runtime';
import { AppArmorProfile, SeccompProfile, SeLinuxType } from '../../../src/workloads/pod/security-profiles';
import { PreStop } from '../../../src/workloads/pod/termination';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../../support/twins';
import { find, needed, shop, templateOf, written } from '../fixtures';
import { violations } from '../restricted';

const text = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('a', 'profiles/x.json', '../x', 'unconfined', 'example.com/pool', 'system-node-critical', '__proto__'));
/** Good as a rule, so that most combinations are written. */
const mostly = <T>(good: fc.Arbitrary<T>, wild: fc.Arbitrary<T>) => fc.oneof({ weight: 24, arbitrary: good }, { weight: 1, arbitrary: wild });
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const labels = mostly(oneOf<Record<string, string>>({ pool: 'a' }, { pool: 'a', arch: 'amd64' }), fc.dictionary(text, text, { maxKeys: 2 }));
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((amount) => Duration.seconds(amount));
const peer = fc.record({
  workload: mostly(oneOf(NetworkPeer.pods({ namespaceName: 'other' }), NetworkPeer.pods({ namespaceName: 'shop', podLabels: { a: 'b' } })), oneOf(NetworkPeer.internet())),
  required: fc.boolean(),
  topologyKey: mostly(oneOf('kubernetes.io/hostname', 'zone'), text),
}, { requiredKeys: ['workload'] });
const evicted = NodeTaintQuery.exists('team', { effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.minutes(1) });
const toleration = mostly(oneOf(evicted, NodeTaintQuery.is('team', 'a')), fc.oneof(oneOf(NodeTaintQuery.any()), text.map((key) => NodeTaintQuery.exists(key))));
const OF_EVERY_VERSION = Object.values(SeLinuxType).filter((type) => type !== SeLinuxType.CONTAINER_ENGINE);
/** Functions are called when the workload is made: some values can't be made. */
const options = fc.record({
  kind: fc.constantFrom(...Object.values(WorkloadKind)),
  appArmor: mostly(oneOf<string | undefined>('acme', undefined), text).map((name) => () => (
    name === undefined ? AppArmorProfile.runtimeDefault() : AppArmorProfile.localhost(name))),
  seccomp: mostly(oneOf('profiles/x.json'), text).map((path) => () => SeccompProfile.localhost(path)),
  seLinux: fc.record({ type: mostly(oneOf<string>(...OF_EVERY_VERSION), text), level: mostly(oneOf('s0:c1,c2'), text) }, { requiredKeys: [] }),
  userNamespace: fc.boolean(),
  runtime: mostly(oneOf('gvisor', 'kata'), text).map((name) => () => SandboxRuntime.existing(name)),
  user: mostly(oneOf(1000, 65535), oneOf(65536)),
  placement: fc.record({
    nodePool: labels.map((each) => () => NodePool.of({ labels: each, taints: [{ key: 'pool', value: 'a' }] })),
    nodeLabels: labels,
    preferredNodeLabels: labels,
    tolerations: fc.array(toleration, { maxLength: 2 }),
    nearTo: fc.array(peer, { maxLength: 2 }),
    apartFrom: fc.array(peer, { maxLength: 2 }),
    priorityClassName: mostly(oneOf('high'), text),
  }, { requiredKeys: [] }),
  terminationGracePeriod: mostly(seconds(30, 60), seconds(0, 30)),
  preStop: fc.oneof(
    mostly(seconds(1, 29), seconds(0, 60)).map((each) => PreStop.sleep(each)),
    mostly(oneOf(['/bin/drain']), fc.array(text, { maxLength: 2 })).map((each) => PreStop.command(each)),
  ),
}, { requiredKeys: ['kind'] });

function made(given: object): object {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, typeof value === 'function' ? value() : value]));
}

test('any combination of options gives an error of this library\'s own, or pods that restricted admits and no control finds fault with', () => {
  let accepted = 0;
  fc.assert(fc.property(options, fc.constantFrom(...VERSIONS), ({ placement, ...rest }, kubernetesVersion) => {
    const { app, workload } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion }));
    try {
      const props = { ...needed(rest.kind), ...made(rest), ...(placement && { placement: made(placement) }) } as Partial<SecureWorkloadProps>;
      workload('web', props);
    } catch (error) {
      expect([(error as Error).name, (error as Error).stack]).toEqual(['HardenedError', expect.anything()]);
      return;
    }
    accepted++;
    const pod = templateOf(find(app, rest.kind));
    expect(violations(pod)).toEqual([]);
    expect(findings(ControlPack.recommended().controls, kubernetesVersion, written(app))).toEqual([]);
    expect(pod.spec.hostUsers).toBe(rest.userNamespace ? false : undefined);
  }), { numRuns: 400 });
  expect(accepted).toBeGreaterThan(40);
});
