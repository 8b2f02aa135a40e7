import { Reference } from '../../src/core/reference';
import { Severity } from '../../src/core/severity';
import { CheckResults, ControlSummary, ReportedFinding, WaiverSummary } from '../../src/evidence/check-results';

/** Built from parts, so that no scanner takes this file for a leak. */
export const ACCESS_TOKEN = `ghp_${'aB3'.repeat(12)}`;

export function control(id: string, more: Partial<ControlSummary> = {}): ControlSummary {
  return {
    id, title: `${id} holds`, severity: Severity.HIGH, layer: 'pod-security', rationale: `Without ${id} a node is open.`, remediation: `Set ${id}.`,
    references: ['PSS baseline/privileged'], packs: ['pss-baseline'], ...more,
  };
}

export function finding(more: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    control: 'privileged', severity: Severity.CRITICAL, status: 'enforced', fingerprint: 'f0', message: 'The container is privileged.', fix: 'Remove privileged.',
    constructPath: 'app/shop/web/Resource', resource: 'Deployment/shop/web', path: 'spec.template.spec.containers[0].securityContext.privileged', got: 'true',
    expected: 'absent or false', manifest: 'dist/shop.k8s.yaml', references: [Reference.pss('baseline/privileged')], ...more,
  };
}

export function waiver(more: Partial<WaiverSummary> = {}): WaiverSummary {
  return {
    control: 'host-network', state: 'used', covers: 'DaemonSet/infra/agent', reason: 'It measures the host\'s network', owner: 'platform', expires: '2027-01-31',
    ticket: 'SEC-12', approver: 'ciso', ...more,
  };
}

/** One of each: enforced, warned, waived and baselined findings, a control that found nothing, waivers in every state. */
export function sampleChecks(): CheckResults {
  const accepted = waiver();
  return {
    objectsChecked: 7,
    controls: [
      control('privileged', { severity: Severity.CRITICAL, packs: ['pss-baseline', 'pss-restricted'] }), control('host-network'), control('image-digest', { severity: Severity.MEDIUM, layer: 'supply-chain', packs: [] }),
      control('service-links', { severity: Severity.INFO, references: [], packs: ['recommended'] }), control('read-only-root', { severity: Severity.LOW, packs: ['recommended'] }),
    ],
    findings: [
      finding(),
      finding({ control: 'host-network', severity: Severity.HIGH, status: 'waived', fingerprint: 'f1', resource: 'DaemonSet/infra/agent', constructPath: 'app/infra/agent', path: 'spec.template.spec.hostNetwork', waiver: accepted, manifest: 'dist/infra.k8s.yaml', manifestLine: 12 }),
      finding({ control: 'image-digest', severity: Severity.MEDIUM, status: 'warned', fingerprint: 'f2', message: 'The image has no digest.', path: 'spec.template.spec.containers[0].image', got: '"nginx:latest"', expected: undefined, source: { file: 'src/my shop.ts', line: 41 } }),
      finding({ control: 'service-links', severity: Severity.INFO, status: 'baselined', fingerprint: 'f3', path: 'spec.template.spec.enableServiceLinks', got: undefined }),
    ],
    waivers: [
      accepted, waiver({ state: 'expiring', covers: 'Deployment/shop/old', expires: '2026-08-01' }), waiver({ state: 'unused', covers: 'Deployment/shop/gone', ticket: undefined }),
      waiver({ state: 'expired', covers: 'Deployment/shop/late', approver: undefined, declaredAt: 'waivers.yaml', alsoAdmits: 'Pods of ServiceAccount shop/late' }),
    ],
    changes: [
      { resource: 'Deployment/shop/web', constructPath: 'app/shop/web', control: 'host-network', change: 'spec.template.spec.hostNetwork: true → removed' },
      { resource: 'Deployment/shop/api', constructPath: 'app/shop/api', control: 'read-only-root', change: 'spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem: absent → true', mayNeed: 'to write: check that it does not' },
    ],
    unfixed: [{ resource: 'Deployment/shop/web', constructPath: 'app/shop/web', control: 'image-digest', path: 'spec.template.spec.containers[0].image', reason: 'A person has to choose.' }],
    notCovered: [{ resource: 'Kafka/shop/events', constructPath: 'app/shop/events', reason: 'An operator makes its pods from settings of its own.' }],
    failures: ['baseline: host-ports is no longer found in Deployment/shop/web.'],
  };
}

/** Nothing attached, nothing found. */
export function noChecks(): CheckResults {
  return { objectsChecked: 0, controls: [], findings: [], waivers: [], changes: [], unfixed: [], notCovered: [], failures: [] };
}

/** The same in another order, as another run would find it. */
export function reversed(checks: CheckResults): CheckResults {
  return {
    ...checks, controls: [...checks.controls].reverse(), findings: [...checks.findings].reverse(), waivers: [...checks.waivers].reverse(),
    changes: [...checks.changes].reverse(),
  };
}
