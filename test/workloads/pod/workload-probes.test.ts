import { Duration } from 'cdk8s';
import { ConnectionScheme, Probe } from 'cdk8s-plus-28';
import { find, refusal, shop } from '../fixtures';

const refused = (props: object) => refusal(() => shop().workload('web', props));

describe('probes', () => {
  test('those that are given replace those of the port', () => {
    const { app, workload } = shop();
    const readiness = Probe.fromHttpGet('/ready', { scheme: ConnectionScheme.HTTPS, initialDelaySeconds: Duration.seconds(0), successThreshold: 2 });
    workload('web', { readiness });
    const [container] = find(app, 'Deployment').spec.template.spec.containers;
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/ready', port: 8080, scheme: 'HTTPS' }, successThreshold: 2 });
    expect(container.livenessProbe).toMatchObject({ tcpSocket: { port: 8080 } });
  });

  test.each([
    ['readiness', Probe.fromTcpSocket({ host: '169.254.169.254', port: 80 })],
    ['liveness', Probe.fromTcpSocket({ host: '169.254.169.254' })],
  ])('%s may not be sent to another host', (kind, probe) => {
    expect(refused({ [kind]: probe })).toBe(
      `[c/shop/web] ${kind}.host: got "169.254.169.254"; allowed: a probe of the pod itself, without host (PSS baseline/hostProbesAndHostLifecycle). `
      + 'Leave the host out: the kubelet could be sent anywhere.');
  });

  test('a port out of range is refused', () => {
    expect(refused({ startup: Probe.fromHttpGet('/', { port: 0 }) })).toBe(
      '[c/shop/web] startup.port: got 0; allowed: a whole number from 1 to 65535. Give the port that the program listens on.');
  });

  test('counts and times are numbers', () => {
    expect(refused({ liveness: Probe.fromTcpSocket({ failureThreshold: NaN }) })).toBe(
      '[c/shop/web] liveness.failureThreshold: got NaN; allowed: a whole number from 1 on. Correct the probe.');
    expect(refused({ liveness: Probe.fromTcpSocket({ periodSeconds: Duration.seconds(0) }) })).toBe(
      '[c/shop/web] liveness.periodSeconds: got 0; allowed: a whole number from 1 on. Correct the probe.');
  });

  test('one success has to be enough for liveness and startup, as the API server takes no other', () => {
    expect(refused({ startup: Probe.fromTcpSocket({ successThreshold: 2 }) })).toBe('[c/shop/web] startup.successThreshold: got 2; allowed: 1. Correct the probe.');
  });

  test('what cdk8s-plus cannot write is refused at once', () => {
    expect(refused({ readiness: Probe.fromTcpSocket({ periodSeconds: Duration.millis(10) }) })).toBe(
      '[c/shop/web] readiness: got "\'10 millis\' cannot be converted into a whole number of seconds."; allowed: a probe that can be written. Correct the probe.');
  });

  test('a secret in a command is refused', () => {
    expect(refused({ readiness: Probe.fromCommand(['pg_isready', '--password=hunter2']) })).toContain('[c/shop/web] readiness.command[1]: got "(a literal that looks like');
  });

  test('a workload without a port may be probed by a command', () => {
    const { app, workload } = shop();
    workload('worker', { port: undefined, liveness: Probe.fromCommand(['/bin/alive']) });
    const [container] = find(app, 'Deployment').spec.template.spec.containers;
    expect(container.livenessProbe.exec).toEqual({ command: ['/bin/alive'] });
    expect(container).not.toHaveProperty('startupProbe');
  });
});

describe('a probe that the API server or the kubelet could not carry out', () => {
  test('of no program is refused', () => {
    expect(refused({ liveness: Probe.fromCommand([]) })).toBe(
      '[c/shop/web] liveness.command: got []; allowed: at least the program. Name a program of the image, for instance Probe.fromCommand(["/bin/ready"]).');
  });

  test.each([['HTTP', Probe.fromHttpGet('/ready')], ['TCP', Probe.fromTcpSocket()]])('over %s of no port is refused where the workload has none', (_, readiness) => {
    expect(refused({ port: undefined, readiness })).toBe(
      '[c/shop/web] readiness.port: got undefined; allowed: a port, since the workload has none. Name it in the probe, or give the workload its port.');
    expect(() => shop().workload('web', { readiness })).not.toThrow();
  });
});
