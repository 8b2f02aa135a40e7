import { CheckResults, ReportedFinding, STATUSES, WaiverSummary } from './check-results';
import { compare } from './inventory';
import { reportedControls } from './reported-controls';
import { sortedFindings } from './sorted-findings';
import { withoutSecrets } from './without-secrets';
import { WaiverTarget } from '../controls/results/waiver-target';
import { WORST_FIRST } from '../core/severity';

/**
 * The results for programs, whole: `formatVersion` changes when a field is renamed or removed.
 * @param cluster left out where nobody names one
 */
export function findingsJson(results: CheckResults, cluster?: string): string {
  const checks = withoutSecrets(results);
  const document = {
    formatVersion: 1,
    cluster,
    summary: {
      objectsChecked: checks.objectsChecked,
      objectsLeftOut: checks.objectsLeftOut,
      controls: checks.controls.length,
      findings: checks.findings.length,
      findingsLeftOut: checks.findingsLeftOut,
      byStatus: Object.fromEntries(STATUSES.map((status) => [status, checks.findings.filter((each) => each.status === status).length])),
      bySeverity: Object.fromEntries(WORST_FIRST.map((severity) => [severity, checks.findings.filter((each) => each.severity === severity).length])),
    },
    findings: sortedFindings(checks.findings).map(findingRecord),
    waivers: sortedWaivers(checks.waivers).map(waiverRecord),
    failures: [...checks.failures].sort(compare),
    controls: reportedControls(checks).map(({ id, title, severity, layer, rationale, remediation, references, packs }) => ({
      id, title, severity, layer, rationale, remediation, references, packs: packs ?? [],
      findings: countsByStatus(checks.findings.filter(({ control }) => control === id)),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Fields in one order, whoever made the finding; references as people cite them. */
export function findingRecord(finding: ReportedFinding) {
  const { control, severity, status, fingerprint, message, fix, constructPath, resource, container, path, got, expected, source, waiver } = finding;
  return {
    control, severity, status, fingerprint, message, fix, constructPath, resource, container, path, got, expected,
    source: source && { file: source.file, line: source.line },
    manifest: finding.manifest,
    manifestLine: finding.manifestLine,
    references: (finding.references ?? []).map(String),
    toWaive: finding.toWaive && targetRecord(finding.toWaive),
    waiver: waiver && { reason: waiver.reason, owner: waiver.owner, approver: waiver.approver, ticket: waiver.ticket, expires: waiver.expires },
  };
}

function targetRecord({ control, resource, container, path, value }: WaiverTarget): WaiverTarget {
  return { control, resource, container, path, value };
}

export function waiverRecord({ control, covers, state, hint, reason, owner, approver, ticket, expires, declaredAt, alsoAdmits }: WaiverSummary) {
  return { control, covers, state, hint, reason, owner, approver, ticket, expires, declaredAt, alsoAdmits };
}

/** By control and what they cover, whatever became of them. */
export function sortedWaivers(waivers: readonly WaiverSummary[]): WaiverSummary[] {
  return waivers
    .map((waiver) => ({ waiver, key: JSON.stringify(waiverRecord(waiver)) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ waiver }) => waiver);
}

/** How many findings of each status; what there is none of is left out. */
export function countsByStatus(findings: readonly ReportedFinding[]): Record<string, number> {
  const counts = STATUSES.map((status): [string, number] => [status, findings.filter((each) => each.status === status).length]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
