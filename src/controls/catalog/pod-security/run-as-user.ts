import { KubernetesVersion } from '../../../core/kubernetes-version';
import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

const NOT_USER_0 = Requirement.eachSecurityContext(Requirement.noneOf('runAsUser', 0));

export const control = new Control({
  id: 'run-as-user',
  title: 'Containers aren\'t told to run as user 0',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'User 0 is root, whatever the image says.',
  remediation: 'Set runAsUser to an id of the program\'s own, or leave it to the image.',
  requirement: Requirement.byVersion(
    KubernetesVersion.V1_35,
    Requirement.exemptWhen(Requirement.oneOf('spec.hostUsers', false), NOT_USER_0),
    NOT_USER_0,
  ),
  references: [
    Reference.pss('restricted/runAsUser'),
    Reference.cis('5.2.7'),
    Reference.nsa('"Non-root" containers and "rootless" container engines'),
    Reference.mitre('T1611'),
  ],
  example: { path: 'spec.securityContext.runAsUser', value: 0 },
});
