import { ValidationContext, ValidationReport, ValidationSettings, ViolatingResource } from './validation-context';
import { writeBaselines } from '../../controls/results/baseline';
import { plural } from '../../core/plural';
import { ReportedFinding } from '../../evidence/check-results';
import { groupBy } from '../../evidence/group-by';
import { printable } from '../../evidence/plain-text';
import { countsBySeverity, sortedFindings } from '../../evidence/sorted-findings';
import { withoutSecrets } from '../../evidence/without-secrets';
import { updatesBaseline } from '../checking/baseline-files';
import { DocumentCheck } from '../checking/check-documents';
import { CheckedDocuments } from '../checking/checked-documents';
import { DocumentProblem, problemText } from '../documents/document';
import { readDocuments } from '../documents/read-documents';

/** A finding with the file that it is in. */
type LocatedFinding = ReportedFinding & { readonly manifest: string };

/** Judges the manifests that the cdk8s command line wrote, and fills its report, as `check` judges them. */
export function reportOn({ manifests, report }: ValidationContext, settings: ValidationSettings): void {
  const check = new DocumentCheck({ ...settings, fingerprints: false, updatesBaseline: updatesBaseline(process.env) });
  const unread: DocumentProblem[] = [];
  for (const reading of readDocuments(manifests)) {
    if ('document' in reading) {
      check.add(reading.document);
    } else if (reading.problem.level === 'error') {
      unread.push(reading.problem);
    }
  }
  const checked = check.finish();
  const findings = checked.found.map((each): LocatedFinding => ({ ...each.finding(), manifest: each.document.file }));
  addFindings(report, sortedFindings(withoutSecrets(findings)), checked);
  unread.forEach((problem) => addOther(report, 'manifest-not-read', problemText(problem), 'Correct what writes the file: nobody could judge it.'));
  const failures = [...checked.waiverFailures, ...checked.failures];
  failures.forEach((failure) => addOther(report, 'accepted-findings', failure, 'Correct the file with waivers or the baseline.'));
  const fails = unread.length + failures.length > 0 || findings.some(({ status }) => status === 'enforced');
  if (unread.length === 0) {
    writeBaselines(checked.baselineUpdates);
  }
  report.submit(fails ? 'failure' : 'success', summary(findings, checked, settings));
}

function addFindings(report: ValidationReport, findings: readonly LocatedFinding[], { controls }: CheckedDocuments): void {
  const open = findings.filter(({ status }) => status === 'enforced' || status === 'warned');
  for (const group of groupBy(open, ({ control, status }) => `${control} ${status}`).values()) {
    const [{ control: id, severity, status, message, fix }] = group;
    const control = controls.find((attached) => attached.control.id === id)?.control;
    const objects = groupBy(group, ({ resource = '', manifest }) => JSON.stringify([resource, manifest]));
    report.addViolation({
      ruleName: id,
      recommendation: [
        `${severity.toUpperCase()}${status === 'warned' ? ', reported only' : ''}:`, control === undefined ? message : `${control.title}. ${control.rationale}`,
      ].join(' '),
      fix,
      violatingResources: [...objects.values()].map(violatingResource),
    });
  }
}

function violatingResource(findings: readonly LocatedFinding[]): ViolatingResource {
  const [{ resource = '', manifest }] = findings;
  return {
    resourceName: printable(resource.split('/').pop()!),
    locations: findings.map(({ path, container, got, expected }) => {
      const place = [resource, path, container === undefined ? undefined : `(container "${container}")`].filter((part) => part !== undefined).join(' ');
      return printable([`${place}${got === undefined ? '' : `: ${got}`}`, ...(expected === undefined ? [] : [`expected: ${expected}`])].join('; '));
    }),
    manifestPath: manifest,
  };
}

/** What is the matter with no object. */
function addOther(report: ValidationReport, ruleName: string, what: string, fix: string): void {
  report.addViolation({ ruleName, recommendation: printable(what), fix, violatingResources: [] });
}

/** Rows of the report's summary. */
function summary(findings: readonly LocatedFinding[], checked: CheckedDocuments, { packs, version }: ValidationSettings): Record<string, string> {
  const { objects, controls, waivers, notCovered } = checked;
  const count = (status: string) => findings.filter((each) => each.status === status).length;
  const open = findings.filter(({ status }) => status === 'enforced' || status === 'warned');
  const accepted = [
    ...(count('baselined') > 0 ? [`${count('baselined')} in the baseline`] : []), ...(count('waived') > 0 ? [`${count('waived')} waived`] : []),
  ];
  const ending = waivers.filter(({ state }) => state === 'expiring').map(({ waiver }) => `${waiver.control} for ${waiver.resource} on ${waiver.expires}`);
  const uncovered = [...new Set(notCovered.map(({ resource }) => resource))].sort();
  return {
    'Held to': `${plural(controls.length, 'control')} of ${packs.map(({ name }) => name).join(', ')} for Kubernetes ${version}`,
    'Objects': String(objects),
    'Findings': open.length === 0 ? 'none' : countsBySeverity(open),
    ...(accepted.length > 0 && { Accepted: accepted.join(', ') }),
    ...(ending.length > 0 && { 'Waivers that end': ending.join('; ') }),
    ...(uncovered.length > 0 && { 'Pods that nobody judges': printable(uncovered.join(', ')) }),
  };
}
