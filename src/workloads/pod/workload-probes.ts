import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { Pod, Probe } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { Json } from '../../controls/path';
import { invalid } from '../../core/errors';
import { checkPort } from '../../core/port';
import { refuseSecretArguments } from '../../secrets/literal-secret';
import { SecureWorkloadProps } from '../secure-workload-props';

const KINDS = ['readiness', 'liveness', 'startup'] as const;
/** Least values of a probe's numbers, as the API server takes them. */
const LEAST: Record<string, number> = { failureThreshold: 1, successThreshold: 1, periodSeconds: 1, timeoutSeconds: 1, initialDelaySeconds: 0 };
const MOST = 2 ** 31 - 1;
/** Stands for the port of a container that has none: cdk8s-plus would probe port 80 then. No port that anybody can give. */
const NO_PORT = 0.5;

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

/** Probes in the manifest's own terms, checked. @param within what they belong to, for instance `initContainers[0].` */
export function renderedProbes(probes: Probes, port: number | undefined, at: IConstruct, within: string): Json {
  checkProbes(probes, port, at, within);
  const present = KINDS.filter((kind) => probes[kind] !== undefined);
  return Object.fromEntries(present.map((kind) => [`${kind}Probe`, rendered(kind, probes[kind], port, at, within)]));
}

function checkProbes(probes: Probes, port: number | undefined, at: IConstruct, within = ''): void {
  for (const kind of KINDS) {
    const probe = rendered(kind, probes[kind], port, at, within);
    for (const [field, least] of Object.entries(LEAST)) {
      const most = field === 'successThreshold' && kind !== 'readiness' ? 1 : MOST;
      const value = probe?.[field] ?? 1;
      if (!Number.isInteger(value) || value < least || value > most) {
        throw invalid({
          at, property: `${within}${kind}.${field}`, got: value, allowed: least === most ? String(least) : `a whole number from ${least} on`, fix: 'Correct the probe.',
        });
      }
    }
    const action = probe?.httpGet ?? probe?.tcpSocket;
    if (action?.port === NO_PORT) {
      throw invalid({
        at, property: `${within}${kind}.port`, got: undefined, allowed: 'a port, since the workload has none', fix: 'Name it in the probe, or give the workload its port.',
      });
    }
    if (action) {
      checkPort(action.port, `${within}${kind}.port`, at);
      checkHost(action.host, `${within}${kind}`, at);
    }
    checkCommand(probe?.exec, `${within}${kind}.command`, at);
  }
}

/** A probe shows what it says only as part of a pod: one in an app of its own, so that a wrong one leaves nothing behind. */
function rendered(kind: typeof KINDS[number], probe: Probe | undefined, port: number | undefined, at: IConstruct, within: string) {
  if (!probe) {
    return undefined;
  }
  try {
    const pod = new Pod(new Chart(new App(), 'probe'), 'pod', { containers: [{ image: 'probe', portNumber: port ?? NO_PORT, [kind]: probe }] });
    return ApiObject.of(pod).toJson().spec.containers[0][`${kind}Probe`];
  } catch (error) {
    throw invalid({ at, property: `${within}${kind}`, got: String((error as Error).message).replace(/^.*?Error: /s, ''), allowed: 'a probe that can be written', fix: 'Correct the probe.' });
  }
}

/** @throws if it is empty: the API server would refuse the pod */
function checkCommand(exec: { readonly command?: string[] } | undefined, property: string, at: IConstruct): void {
  const { command = [] } = exec ?? {};
  if (exec && command.length === 0) {
    throw invalid({ at, property, got: command, allowed: 'at least the program', fix: 'Name a program of the image, for instance Probe.fromCommand(["/bin/ready"]).' });
  }
  refuseSecretArguments(command, property, at);
}

function checkHost(host: string | undefined, kind: string, at: IConstruct): void {
  if (host !== undefined && host !== '') {
    throw invalid({
      at, property: `${kind}.host`, got: host, allowed: 'a probe of the pod itself, without host', fix: 'Leave the host out: the kubelet could be sent anywhere.',
      source: 'PSS baseline/hostProbesAndHostLifecycle',
    });
  }
}
