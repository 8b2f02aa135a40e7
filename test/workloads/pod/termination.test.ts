import { Duration } from 'cdk8s';
import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { PreStop } from '../../../src/workloads/pod/termination';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../../support/twins';
import { find, needed, refusal, shop, templateOf, written } from '../fixtures';
import { violations } from '../restricted';

const at = (version: string) => new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.of(version) });

function podOf(props: Partial<SecureWorkloadProps>, version = '1.35') {
  const { app, workload } = shop(at(version));
  workload('web', props);
  return templateOf(find(app, props.kind ?? 'Deployment')).spec;
}

const refused = (props: object, version = '1.35') => refusal(() => shop(at(version)).workload('web', props));

test.each(Object.values(WorkloadKind))('programs of a %s have 30 seconds to end, which is stated', (kind) => {
  expect(podOf({ kind, ...needed(kind) }).terminationGracePeriodSeconds).toBe(30);
});

test('programs have as long as is said', () => {
  expect(podOf({ terminationGracePeriod: Duration.minutes(5) }).terminationGracePeriodSeconds).toBe(300);
});

test('nothing happens before a program is told to stop by default', () => {
  expect(podOf({}).containers[0]).not.toHaveProperty('lifecycle');
});

test('a program may go on for a while, with nothing in its image', () => {
  expect(podOf({ preStop: PreStop.sleep(Duration.seconds(5)) }).containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
});

test('a program of the image may run before, at any version', () => {
  expect(podOf({ preStop: PreStop.command(['/bin/drain', '--all']) }, '1.28').containers[0].lifecycle).toEqual({ preStop: { exec: { command: ['/bin/drain', '--all'] } } });
});

test.each(['1.28', '1.29'])('a sleep is refused at %s, which has none: the image would need a program', (version) => {
  expect(refused({ preStop: PreStop.sleep(Duration.seconds(5)) }, version)).toBe(
    `[c/shop/web] preStop: got "a sleep at Kubernetes ${version}"; allowed: a sleep from Kubernetes 1.30 on, a command before. `
    + 'Where the image has such a program, take PreStop.command([\'/bin/sleep\', \'5\']).');
  expect(() => podOf({ preStop: PreStop.sleep(Duration.seconds(5)) }, '1.30')).not.toThrow();
});

test('a sleep leaves time to end', () => {
  expect(refused({ preStop: PreStop.sleep(Duration.seconds(30)) })).toBe(
    '[c/shop/web] preStop.sleep: got "30 seconds"; allowed: less than terminationGracePeriod, 30 seconds, which begins with it. '
    + 'Sleep for less, or raise terminationGracePeriod: the program would be killed at once.');
  expect(() => podOf({ preStop: PreStop.sleep(Duration.seconds(30)), terminationGracePeriod: Duration.seconds(31) })).not.toThrow();
});

describe('refused', () => {
  test.each<[string, object, string]>([
    ['no time to end', { terminationGracePeriod: Duration.seconds(0) },
      'terminationGracePeriod: got "0 seconds"; allowed: a Duration of whole seconds, 1 or more. Give it as Duration.minutes(5), for instance.'],
    ['a time that is none', { terminationGracePeriod: 30 },
      'terminationGracePeriod: got 30; allowed: a Duration of whole seconds, 1 or more. Give it as Duration.minutes(5), for instance.'],
    ['half a second of sleep', { preStop: PreStop.sleep(Duration.millis(500)) },
      'preStop.sleep: got "0.5 seconds"; allowed: a Duration of whole seconds, 1 or more. Give it as Duration.minutes(5), for instance.'],
    ['a sleep that is none', { preStop: PreStop.sleep(undefined as never) },
      'preStop.sleep: got undefined; allowed: a Duration of whole seconds, 1 or more. Give it as Duration.minutes(5), for instance.'],
    ['no command', { preStop: PreStop.command([]) }, 'preStop.command: got []; allowed: a program and its arguments. Name the program of the image that is run.'],
    ['a command that is no list', { preStop: PreStop.command('/bin/drain' as never) },
      'preStop.command: got "/bin/drain"; allowed: a list of words. Put it in a list: preStop.command: [ … ].'],
    ['a word that is a number', { preStop: PreStop.command(['/bin/sleep', 5 as never]) },
      'preStop.command: got ["/bin/sleep",5]; allowed: a program and its arguments. Name the program of the image that is run.'],
    ['something else', { preStop: { sleep: 5 } }, 'preStop: got {"sleep":5}; allowed: a PreStop. Take PreStop.sleep(Duration.seconds(5)), for instance.'],
  ])('%s', (_, props, message) => {
    expect(refused(props)).toBe(`[c/shop/web] ${message}`);
  });

  test('a secret in a command, which is not shown', () => {
    const message = refused({ preStop: PreStop.command(['/bin/drain', '--password=hunter2']) });
    expect(message).toMatch(/^\[c\/shop\/web\] preStop\.command\[1\]: /);
    expect(message).not.toContain('hunter2');
  });
});

test.each(Object.values(WorkloadKind))('a %s that goes on for a while is found fault with by no control, at any version', (kind) => {
  for (const version of VERSIONS.filter(({ minor }) => minor >= 30)) {
    const { app, workload } = shop(at(version.toString()));
    workload('web', { kind, ...needed(kind), preStop: PreStop.sleep(Duration.seconds(5)) });
    expect(findings(ControlPack.recommended().controls, version, written(app))).toEqual([]);
    expect(violations(templateOf(find(app, kind)))).toEqual([]);
  }
});
