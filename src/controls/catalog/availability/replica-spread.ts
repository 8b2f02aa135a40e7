import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { deploymentWith } from '../example-objects';

const ANTI_AFFINITY = 'spec.template.spec.affinity.podAntiAffinity';

export const control = new Control({
  id: 'replica-spread',
  title: 'Replicas are spread over nodes',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Replicas on one node end together with it, by a fault, an upgrade or an attack on that node.',
  remediation: 'Add topologySpreadConstraints over kubernetes.io/hostname, and over topology.kubernetes.io/zone where there are zones.',
  requirement: Requirement.exemptWhen(
    Requirement.anyOf(
      Requirement.absentOrOneOf('spec.replicas', 0, 1),
      Requirement.present(`${ANTI_AFFINITY}.requiredDuringSchedulingIgnoredDuringExecution`),
      Requirement.present(`${ANTI_AFFINITY}.preferredDuringSchedulingIgnoredDuringExecution`),
    ),
    Requirement.present('spec.template.spec.topologySpreadConstraints').describedAs('constraints, or an affinity that keeps replicas apart'),
  ).notFixable('Over what the replicas are to be spread has to be decided.'),
  appliesTo: AppliesTo.kinds('Deployment', 'StatefulSet'),
  example: {
    compliant: deploymentWith({ replicas: 2 }, {
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' }],
    }),
    path: 'spec.template.spec.topologySpreadConstraints',
  },
});
