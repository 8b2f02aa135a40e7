import { IConstruct } from 'constructs';
import { Privilege } from './privilege';
import { isObject, Json } from '../../controls/path';
import { canonical } from '../../controls/results/canonical';
import { checkOnValidation } from '../../controls/results/plain-app';
import { AcceptedFinding, acceptFindings, CatalogFinding, catalogFindings, checkException, everyFinding } from '../../controls/waivers/reviewed-exception';
import { invalid } from '../../core/errors';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkList } from '../../core/list';
import { checkMadeBy } from '../../core/made-by';
import { lowestPort, ServicePort } from '../exposure/service-ports';
import { FIRST_ORDINARY_PORT } from '../pod/pod-security';
import { SecureWorkloadProps } from '../secure-workload-props';
import { HostMount } from '../volumes/workload-volumes';
import { withPod } from '../written-workload';

/** What else of a workload decides about its privileges. */
interface Surroundings {
  readonly ports: readonly ServicePort[];
  readonly version: KubernetesVersion;
  readonly at: IConstruct;
}

/** Whose privileges are written, and where. */
export interface PrivilegedPod {
  readonly container: string;
  readonly privileges: readonly Privilege[];
  readonly hostMounts: readonly HostMount[];
  readonly version: KubernetesVersion;
}

/** Which sysctls are the node's own where a pod has its namespace. */
const SYSCTLS_OF: Record<string, RegExp> = { hostNetwork: /^net\./, hostIpc: /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/ };
const WITHIN_PRIVILEGED = ['capability', 'privilegeEscalation', 'unconfinedSeccomp'];
/** A pod that meets the catalog as far as privileges are concerned. */
const CONFINED: Json = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{
    name: 'any', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 10001 },
  }],
};

/**
 * Checks what a workload needs beyond what ordinary programs work under.
 * @throws if an exception is missing, not needed, not whole, over or too long, or a privilege is stated twice, is part of another one or doesn't
 * go with the other properties
 */
export function privilegesOf(props: SecureWorkloadProps, surroundings: Surroundings): Privilege[] {
  const { at, version } = surroundings;
  const privileges = checkList(props.privileges ?? [], 'privileges', 'Privileges', at);
  privileges.forEach((privilege, i) => {
    const property = `privileges[${i}]`;
    checkMadeBy('Privilege', privilege, { at, property, fix: 'Take one of its own, such as Privilege.hostNetwork({ reason, owner, expires }).' });
    const before = privileges.slice(0, i).find((other) => nameOf(other) === nameOf(privilege));
    if (before) {
      throw invalid({ at, property, got: nameOf(privilege), allowed: 'each privilege once', fix: 'State it once, with one exception.' });
    }
    checkException(privilege._facts.exception, ownFindings(privilege, surroundings.ports, version), `${property}.exception`, at);
  });
  privileges.forEach((privilege, i) => checkFits(privilege, `privileges[${i}]`, privileges, props, surroundings));
  return privileges;
}

/** The pod with its privileges. Every value is stated, so that nothing corrects it. */
export function withPrivileges(pod: Json, { container, privileges, hostMounts, version }: PrivilegedPod): Json {
  return privileges.reduce((spec, privilege) => {
    const { podSpec, securityContext, capability, hostPath, hostPort, sysctl } = privilege._facts;
    const of = (change: (each: Json) => Json) => inContainers(spec, (each) => (each.name === container ? change(each) : each));
    if (podSpec) {
      const whole = { ...spec, ...podSpec };
      return podSpec.hostNetwork ? inContainers(whole, onHostNetwork) : whole;
    }
    if (securityContext || capability !== undefined) {
      return of((each) => ({ ...each, securityContext: { ...objectAt(each, 'securityContext'), ...securityContext, ...(capability !== undefined && withCapability(each, capability)) } }));
    }
    if (hostPath) {
      const { name, mountPath } = hostMounts.find(({ from }) => from === hostPath)!;
      const readOnly = hostPath.readOnly && { readOnly: true, ...(version.atLeast(KubernetesVersion.V1_33) && { recursiveReadOnly: 'IfPossible' }) };
      const volumes = [...listAt(spec, 'volumes'), { name, hostPath: { path: hostPath.path, type: hostPath.type } }];
      return { ...of((each) => ({ ...each, volumeMounts: [...listAt(each, 'volumeMounts'), { name, mountPath, ...readOnly }] })), volumes };
    }
    if (hostPort !== undefined) {
      return of((each) => ({ ...each, ports: withHostPort(listAt(each, 'ports'), hostPort) }));
    }
    const context = objectAt(spec, 'securityContext');
    return { ...spec, securityContext: { ...context, sysctls: [...listAt(context, 'sysctls'), sysctl] } };
  }, pod);
}

/**
 * What of an object is accepted for its privileges: what is found with them and not without, each by the exception of the privilege that it comes from.
 * @param write the object with some of its privileges
 */
export function privilegeFindings(
  privileges: readonly Privilege[], write: (some: readonly Privilege[]) => Json, version: KubernetesVersion,
): AcceptedFinding[] {
  const found = (some: readonly Privilege[]) => everyFinding(write(some), version);
  const none = new Set(found([]).map(placeKey));
  const alone = privileges.map((privilege) => new Set(found([privilege]).filter((each) => !none.has(placeKey(each))).map(valueKey)));
  const without = privileges.map((privilege) => new Set(found(privileges.filter((each) => each !== privilege)).map(placeKey)));
  return found(privileges).filter((each) => !none.has(placeKey(each))).flatMap((finding): AcceptedFinding[] => {
    // Alone, a capability is a list of its own, and a volume is at another position.
    const owners = privileges.filter((_, i) => alone[i].has(valueKey(finding)));
    const exceptions = (owners.length > 0 ? owners : privileges.filter((_, i) => !without[i].has(placeKey(finding))))
      .flatMap(({ _facts: { exception } }) => (exception ? [exception] : []))
      .sort((a, b) => (a.expires < b.expires ? -1 : a.expires > b.expires ? 1 : 0));
    return exceptions.slice(0, 1).map((exception) => ({ finding, exception }));
  });
}

/**
 * Writes a workload's privileges into its object, and accepts what is found there for them. The object is judged for that, also where no controls
 * are attached: Pod Security admission would refuse its pods unless policies keep the rest of the namespace.
 */
export function privilegeWriter(pod: PrivilegedPod, workload: IConstruct): (object: Json, at: IConstruct) => Json {
  const { privileges, version } = pod;
  if (privileges.length === 0) {
    return (object) => object;
  }
  checkOnValidation(workload.node.root);
  return (object, at) => {
    const write = (some: readonly Privilege[]) => withPod(object, (spec) => withPrivileges(spec, { ...pod, privileges: some }));
    acceptFindings(at, object, privilegeFindings(privileges, write, version), workload.node.path);
    return write(privileges);
  };
}

/** What the catalog says to one privilege of an otherwise confined pod. */
function ownFindings(privilege: Privilege, ports: readonly ServicePort[], version: KubernetesVersion): CatalogFinding[] {
  const { hostPath } = privilege._facts;
  const hostMounts = hostPath ? [{ name: 'any', mountPath: hostPath.mountPath, from: hostPath }] : [];
  const [container] = CONFINED.containers as Json[];
  const pod = { ...CONFINED, containers: [{ ...container, ports: ports.map(({ port, protocol }) => ({ containerPort: port, protocol })) }] };
  const found = (privileges: readonly Privilege[]) => catalogFindings({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'any', namespace: 'any' },
    spec: { selector: {}, template: { spec: withPrivileges(pod, { container: 'any', privileges, hostMounts, version }) } },
  }, version);
  const without = new Set(found([]).map(placeKey));
  return found([privilege]).filter((each) => !without.has(placeKey(each)));
}

function checkFits(privilege: Privilege, property: string, all: readonly Privilege[], props: SecureWorkloadProps, { ports, at }: Surroundings): void {
  const { name, about, sysctl } = privilege._facts;
  const has = (other: string) => all.some(({ _facts }) => _facts.name === other);
  const refuse = (allowed: string, fix: string) => invalid({ at, property, got: nameOf(privilege), allowed, fix });
  if (WITHIN_PRIVILEGED.includes(name) && has('privileged')) {
    throw refuse('none that privileged contains', 'Leave it out; better, leave privileged out.');
  }
  if (name === 'hostPort' && has('hostNetwork')) {
    throw refuse('none with hostNetwork, where every port is the node\'s', 'Leave it out: name the port in port or furtherPorts.');
  }
  if (name === 'root' && props.user !== undefined && props.user !== props.imageProfile?.user) {
    throw invalid({ at, property: 'user', got: props.user, allowed: 'none with Privilege.root, which is user 0', fix: 'Leave one of the two out.' });
  }
  const lowest = lowestPort(ports);
  if (name === 'hostNetwork' && lowest !== undefined && lowest < FIRST_ORDINARY_PORT) {
    throw refuse(
      `ports from ${FIRST_ORDINARY_PORT} on with hostNetwork: which user may open port ${lowest} is then the node's to say`, 'Let the program listen on a higher port.',
    );
  }
  if (sysctl && lowest !== undefined && lowest < FIRST_ORDINARY_PORT && sysctl.name === 'net.ipv4.ip_unprivileged_port_start') {
    throw refuse(`none for port ${lowest}, with which it is written already`, 'Leave it out.');
  }
  const owner = sysctl && Object.keys(SYSCTLS_OF).find((each) => has(each) && SYSCTLS_OF[each].test(sysctl.name));
  if (owner !== undefined) {
    throw refuse(`none with ${owner} that would be the node's own`, `Set ${about} on the node, or leave ${owner} out.`);
  }
}

function nameOf({ _facts: { name, about } }: Privilege): string {
  return about === undefined ? name : `${name} ${about}`;
}

function inContainers(pod: Json, change: (container: Json) => Json): Json {
  const lists = ['initContainers', 'containers'].filter((list) => Array.isArray(pod[list]));
  return { ...pod, ...Object.fromEntries(lists.map((list) => [list, (pod[list] as Json[]).map(change)])) };
}

/** On the node's network the API server makes every port of a Pod one of the node. */
function onHostNetwork(container: Json): Json {
  const { ports } = container;
  return Array.isArray(ports) ? { ...container, ports: (ports as Json[]).map((port) => ({ ...port, hostPort: port.containerPort })) } : container;
}

function withCapability(container: Json, capability: string): Json {
  const capabilities = objectAt(objectAt(container, 'securityContext'), 'capabilities');
  return { capabilities: { ...capabilities, drop: capabilities.drop ?? ['ALL'], add: [...listAt(capabilities, 'add'), capability] } };
}

function withHostPort(ports: readonly Json[], hostPort: number): Json[] {
  const isIt = ({ containerPort, protocol }: Json) => containerPort === hostPort && protocol === 'TCP';
  return ports.some(isIt) ? ports.map((port) => (isIt(port) ? { ...port, hostPort } : port)) : [...ports, { containerPort: hostPort, hostPort, protocol: 'TCP' }];
}

function objectAt(object: Json, key: string): Json {
  const value = object[key];
  return isObject(value) ? value : {};
}

function listAt(object: Json, key: string): Json[] {
  const value = object[key];
  return Array.isArray(value) ? value as Json[] : [];
}

function placeKey(finding: CatalogFinding): string {
  return `${finding.path} ${valueKey(finding)}`;
}

function valueKey({ control, container, value }: CatalogFinding): string {
  return JSON.stringify([control.id, container, canonical(value)]);
}
