import { checkIdentities, PlatformIdentities } from './platform-identities';
import { Reference } from '../../core/reference';
import { Severity } from '../../core/severity';
import { AppliesTo } from '../applies-to';
import { ActsAt, Control, ControlLayer, ControlProps } from '../control';
import { Requirement } from '../requirement';

/** What the controls about changes of namespaces have in common. */
function guard(
  path: 'metadata.labels' | 'metadata.annotations', keyPrefix: string | undefined, who: PlatformIdentities,
  props: Pick<ControlProps, 'id' | 'title' | 'severity' | 'rationale' | 'recommended' | 'references' | 'example'>,
): Control {
  return new Control({
    ...props,
    layer: ControlLayer.NAMESPACES,
    remediation: 'Let the platform change it; ConfigurableControls makes a control like this one that names who may.',
    requirement: Requirement.changedOnlyBy(path, { ...checkIdentities(who, `ConfigurableControls ${props.id}`), keyPrefix }),
    appliesTo: AppliesTo.kinds('Namespace'),
    actsAt: ActsAt.ADMISSION,
    actsAtReason: 'Who changes an object is known to the API server alone, and only when it happens.',
  });
}

export function podSecurityLabels(who: PlatformIdentities): Control {
  return guard('metadata.labels', 'pod-security.kubernetes.io/', who, {
    id: 'namespace-pod-security-labels',
    title: 'Labels of Pod Security admission are changed by the platform only',
    severity: Severity.MEDIUM,
    rationale: 'Who changes these labels switches off what the namespace refuses, and back on afterwards.',
    references: [Reference.nsa('Pod security enforcement'), Reference.mitre('T1562.001')],
    example: {
      compliant: {
        apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', labels: { 'pod-security.kubernetes.io/enforce-version': 'v1.36' } },
      },
      path: 'metadata.labels["pod-security.kubernetes.io/enforce-version"]',
      value: 'v1.0',
    },
  });
}

export function schedulingAnnotations(who: PlatformIdentities): Control {
  return guard('metadata.annotations', 'scheduler.alpha.kubernetes.io/', who, {
    id: 'namespace-scheduling-annotations',
    title: 'Annotations that choose a namespace\'s nodes are changed by the platform only',
    severity: Severity.MEDIUM,
    rationale: 'PodNodeSelector and PodTolerationRestriction read these annotations: who changes them runs pods on nodes that are kept for others.',
    references: [Reference.nsa('Namespaces'), Reference.mitre('T1562.001')],
    example: {
      compliant: {
        apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', annotations: { 'scheduler.alpha.kubernetes.io/node-selector': 'pool=apps' } },
      },
      path: 'metadata.annotations["scheduler.alpha.kubernetes.io/node-selector"]',
      value: 'pool=control-plane',
    },
  });
}

export function namespaceLabels(who: PlatformIdentities): Control {
  return guard('metadata.labels', undefined, who, {
    id: 'namespace-labels',
    title: 'Labels of namespaces are changed by the platform only',
    severity: Severity.MEDIUM,
    rationale: 'Network policies, admission and meshes tell namespaces apart by their labels: who changes one is let in where only others were meant.',
    recommended: false,
    references: [Reference.nsa('Namespaces'), Reference.mitre('T1562.001')],
    example: {
      compliant: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', labels: { team: 'shop' } } },
      path: 'metadata.labels.team',
      value: 'payments',
    },
  });
}

export function namespaceAnnotations(who: PlatformIdentities): Control {
  return guard('metadata.annotations', undefined, who, {
    id: 'namespace-annotations',
    title: 'Annotations of namespaces are changed by the platform only',
    severity: Severity.LOW,
    rationale: 'Meshes, ingress controllers and cloud controllers read from annotations of the namespace what they are to do.',
    recommended: false,
    references: [Reference.nsa('Namespaces')],
    example: {
      compliant: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', annotations: { 'example.com/owner': 'shop' } } },
      path: 'metadata.annotations["example.com/owner"]',
      value: 'payments',
    },
  });
}
