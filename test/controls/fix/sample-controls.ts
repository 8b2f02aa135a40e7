import { Control, ControlLayer } from '../../../src/controls/control';
import { Requirement } from '../../../src/controls/requirement';
import { Severity } from '../../../src/core/severity';

/** A control of pod templates, of which only the requirement matters. */
export function sample(id: string, requirement: Requirement, others: { concealsValues?: boolean } = {}): Control {
  return new Control({
    id, title: `Pods meet ${id}`, severity: Severity.HIGH, layer: ControlLayer.POD_SECURITY, rationale: 'A sample.', remediation: 'Change it.', requirement, ...others,
  });
}

const WINDOWS = Requirement.oneOf('spec.os.name', 'windows');

/** Every operator, every repair, and every kind of place, by the fields of the Pod Security Standards where there is one. */
export const SAMPLES = {
  privileged: sample('privileged', Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false))),
  hostNetwork: sample('host-network', Requirement.absentOrOneOf('spec.hostNetwork', false)),
  hostPorts: sample('host-ports', Requirement.eachContainer(Requirement.each('ports', Requirement.absentOrOneOf('hostPort', 0)))),
  noEscalation: sample('no-escalation', Requirement.exemptWhen(WINDOWS, Requirement.eachContainer(Requirement.oneOf('securityContext.allowPrivilegeEscalation', false)))),
  nonRoot: sample('non-root', Requirement.inherited(Requirement.oneOf('securityContext.runAsNonRoot', true))),
  notUserZero: sample('not-user-zero', Requirement.eachSecurityContext(Requirement.noneOf('runAsUser', 0))),
  seccomp: sample('seccomp', Requirement.exemptWhen(WINDOWS, Requirement.inherited(Requirement.oneOf('securityContext.seccompProfile.type', 'RuntimeDefault', 'Localhost')))),
  dropAll: sample('drop-all', Requirement.exemptWhen(WINDOWS, Requirement.eachContainer(Requirement.contains('securityContext.capabilities.drop', 'ALL')))),
  addNothing: sample('add-nothing', Requirement.eachContainer(Requirement.subsetOf('securityContext.capabilities.add', 'NET_BIND_SERVICE'))),
  seLinux: sample('se-linux', Requirement.eachSecurityContext(Requirement.allOf(
    Requirement.absentOrOneOf('seLinuxOptions.type', 'container_t', 'container_init_t'), Requirement.absent('seLinuxOptions.user'), Requirement.absent('seLinuxOptions.role'),
  ))),
  sysctls: sample('sysctls', Requirement.each('spec.securityContext.sysctls', Requirement.oneOf('name', 'kernel.shm_rmid_forced').fixedByRemoving(''))),
  appArmor: sample('app-armor', Requirement.allOf(
    Requirement.eachKey('metadata.annotations', 'container.apparmor.security.beta.kubernetes.io/', Requirement.absentOrOneOf('', 'runtime/default')),
    Requirement.eachSecurityContext(Requirement.absentOrOneOf('appArmorProfile.type', 'RuntimeDefault', 'Localhost').fixedByRemoving('appArmorProfile')),
  )),
  readOnlyRoot: sample('read-only-root', Requirement.eachContainer(Requirement.oneOf('securityContext.readOnlyRootFilesystem', true))),
  storageLimit: sample('storage-limit', Requirement.eachDeclaredContainer(
    Requirement.present('resources.limits.ephemeral-storage').fixedBySetting('resources.limits.ephemeral-storage', '1Ti'),
  )),
  imageDigest: sample('image-digest', Requirement.eachContainer(Requirement.matches('image', '@sha256:[0-9a-f]{64}$'))),
  volumes: sample('volumes', Requirement.each('spec.volumes', Requirement.anyOf(
    Requirement.present('configMap'), Requirement.present('emptyDir'), Requirement.present('projected'), Requirement.present('secret'),
  ).notFixable('Where else the data is kept has to be decided.'))),
  noHostAliases: sample('no-host-aliases', Requirement.absent('spec.hostAliases')),
  userNamespace: sample('user-namespace', Requirement.anyOf(Requirement.matches('spec.hostname', '^isolated'), Requirement.oneOf('spec.hostUsers', false))),
  label: sample('label', Requirement.present('metadata.labels["example.com/team"]').fixedBySetting('metadata.labels["example.com/team"]', 'none')),
  token: sample('token', Requirement.oneOf('spec.automountServiceAccountToken', false)),
  dataVolumes: sample('data-volumes', Requirement.each('spec.volumes', Requirement.absent('emptyDir.medium'))),
  noRepeatedGroups: sample('no-wheel', Requirement.each('spec.securityContext.supplementalGroups', Requirement.noneOf('', 0, 10))),
  liveness: sample('liveness', Requirement.eachMainContainer(
    Requirement.present('livenessProbe').fixedBySetting('livenessProbe', { tcpSocket: { port: 8080 }, periodSeconds: 30 }),
  )),
  closed: sample('closed', Requirement.eachDeclaredContainer(Requirement.anyOf(
    Requirement.matches('name', '^trusted'),
    Requirement.allOf(
      Requirement.negation(Requirement.oneOf('stdin', true)), Requirement.oneOf('terminationMessagePolicy', 'FallbackToLogsOnError'), Requirement.absentOrOneOf('tty', false),
    ),
    Requirement.allOf(
      Requirement.exemptWhen(Requirement.present('lifecycle'), Requirement.oneOf('terminationMessagePath', '/dev/log')),
      Requirement.each('env', Requirement.anyOf(Requirement.matches('name', '^[A-Z_]+$'), Requirement.absent('value').fixedByRemoving(''))),
    ),
  ))),
} satisfies Record<string, Control>;
