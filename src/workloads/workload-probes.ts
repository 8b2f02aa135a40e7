import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { Pod, Probe } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { SecureWorkloadProps } from './secure-workload-props';
import { invalid } from '../core/errors';
import { checkPort } from '../core/port';
import { refuseSecretArguments } from '../secrets/literal-secret';

const KINDS = ['readiness', 'liveness', 'startup'] as const;
/** Least values of a probe's numbers, as the API server takes them. */
const LEAST: Record<string, number> = { failureThreshold: 1, successThreshold: 1, periodSeconds: 1, timeoutSeconds: 1, initialDelaySeconds: 0 };
const MOST = 2 ** 31 - 1;

export type Probes = Pick<SecureWorkloadProps, typeof KINDS[number]>;

/** The probes of a workload: those given, checked, else whether its port accepts connections, if it has one. */
export function probesOf(props: SecureWorkloadProps, at: IConstruct): Probes {
  const { readiness, liveness, startup, port } = props;
  if (readiness || liveness || startup) {
    checkProbes({ readiness, liveness, startup }, port, at);
  }
  if (port === undefined) {
    return { readiness, liveness, startup };
  }
  return {
    readiness: readiness ?? Probe.fromTcpSocket({ port }),
    liveness: liveness ?? Probe.fromTcpSocket({ port }),
    startup: startup ?? Probe.fromTcpSocket({ port, periodSeconds: Duration.seconds(5), failureThreshold: 60 }),
  };
}

function checkProbes(probes: Probes, port: number | undefined, at: IConstruct): void {
  for (const kind of KINDS) {
    const probe = rendered(kind, probes[kind], port, at);
    for (const [field, least] of Object.entries(LEAST)) {
      const most = field === 'successThreshold' && kind !== 'readiness' ? 1 : MOST;
      const value = probe?.[field] ?? 1;
      if (!Number.isInteger(value) || value < least || value > most) {
        throw invalid({
          at, property: `${kind}.${field}`, got: value, allowed: least === most ? String(least) : `a whole number from ${least} on`, fix: 'Correct the probe.',
        });
      }
    }
    const action = probe?.httpGet ?? probe?.tcpSocket;
    if (action) {
      checkPort(action.port, `${kind}.port`, at);
      checkHost(action.host, kind, at);
    }
    refuseSecretArguments(probe?.exec?.command ?? [], `${kind}.command`, at);
  }
}

/** A probe shows what it says only as part of a pod: one in an app of its own, so that a wrong one leaves nothing behind. */
function rendered(kind: typeof KINDS[number], probe: Probe | undefined, port: number | undefined, at: IConstruct) {
  if (!probe) {
    return undefined;
  }
  try {
    const pod = new Pod(new Chart(new App(), 'probe'), 'pod', { containers: [{ image: 'probe', portNumber: port, [kind]: probe }] });
    return ApiObject.of(pod).toJson().spec.containers[0][`${kind}Probe`];
  } catch (error) {
    throw invalid({ at, property: kind, got: String((error as Error).message).replace(/^.*?Error: /s, ''), allowed: 'a probe that can be written', fix: 'Correct the probe.' });
  }
}

function checkHost(host: string | undefined, kind: string, at: IConstruct): void {
  if (host !== undefined && host !== '') {
    throw invalid({
      at, property: `${kind}.host`, got: host, allowed: 'a probe of the pod itself, without host', fix: 'Leave the host out: the kubelet could be sent anywhere.',
      source: 'PSS baseline/hostProbesAndHostLifecycle',
    });
  }
}
