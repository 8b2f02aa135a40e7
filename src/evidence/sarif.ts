import { CheckResults, ControlSummary, ReportedFinding, WaiverTerms } from './check-results';
import { compare } from './inventory';
import { cut, printable, printableLines } from './plain-text';
import { reportedControls } from './reported-controls';
import { sortedFindings } from './sorted-findings';
import { waiverText } from './waiver-text';
import { withoutSecrets } from './without-secrets';
import { Severity } from '../core/severity';

/** What code scanning takes at most. */
const LONGEST_DESCRIPTION = 1024;
const MOST_TAGS = 20;

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  [Severity.CRITICAL]: 'error', [Severity.HIGH]: 'error', [Severity.MEDIUM]: 'warning', [Severity.LOW]: 'note', [Severity.INFO]: 'note',
};

/** Inside the ranges that code scanning names critical (over 9.0), high (7.0), medium (4.0) and low (0.1); none is no security matter. */
const SCORES: Record<Severity, string | undefined> = {
  [Severity.CRITICAL]: '9.5', [Severity.HIGH]: '8.0', [Severity.MEDIUM]: '5.5', [Severity.LOW]: '2.0', [Severity.INFO]: undefined,
};

/**
 * The results as SARIF 2.1.0 (OASIS, with errata 01), with the properties that code scanning reads: for editors, dashboards and pull requests.
 *
 * Waived findings are suppressed results, baselined ones unchanged results. Some platforms show suppressed results as open all the same,
 * until they are told to dismiss them.
 *
 * @param cluster sets results of several clusters apart where they are uploaded for one commit
 * @param noFile shown where a finding is about no file: code scanning takes no result without one
 */
export function sarif(results: CheckResults, cluster: string, noFile: string = 'evidence.out/report.md'): string {
  const checks = withoutSecrets(results);
  const controls = reportedControls(checks);
  const index = new Map(controls.map(({ id }, i) => [id, i]));
  const baseline = checks.findings.some(({ status }) => status === 'baselined');
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'cdk8s-hardened',
          fullName: 'cdk8s-hardened controls',
          informationUri: 'https://github.com/cdk8s-hardened/cdk8s-hardened',
          rules: controls.map(rule),
        },
      },
      automationDetails: { id: `cdk8s-hardened/${printable(cluster).replace(/\//g, '-')}/` },
      invocations: [{ executionSuccessful: true, ...notificationsOf(checks) }],
      originalUriBaseIds: { '%SRCROOT%': { description: message('The folder in which the program ran.') } },
      columnKind: 'utf16CodeUnits',
      results: sortedFindings(checks.findings).map((each) => result(each, index.get(each.control)!, baseline, noFile)),
    }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule({ id, title, severity, layer, rationale, remediation, references, packs }: ControlSummary) {
  const score = SCORES[severity];
  const name = id.split(/[^A-Za-z0-9]+/).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
  return {
    id,
    // A name that is the id again has to be left out (3.49.7).
    ...(name.toLowerCase() === id ? {} : { name }),
    shortDescription: message(cut(title, LONGEST_DESCRIPTION)),
    fullDescription: message(cut(rationale, LONGEST_DESCRIPTION)),
    help: message([rationale, remediation, ...(references.length > 0 ? [`See ${references.join('; ')}.`] : [])].join('\n\n')),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      'tags': [...new Set([...(score === undefined ? [] : ['security']), 'kubernetes', layer, ...references])].slice(0, MOST_TAGS),
      'precision': 'high',
      'problem.severity': { error: 'error', warning: 'warning', note: 'recommendation' }[LEVELS[severity]],
      ...(score === undefined ? {} : { 'security-severity': score }),
      references,
      'packs': packs ?? [],
    },
  };
}

function result(finding: ReportedFinding, ruleIndex: number, baseline: boolean, noFile: string) {
  const { control, severity, status, fingerprint, got, expected, waiver } = finding;
  return {
    ruleId: control,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[severity],
    message: message(sentences(finding)),
    locations: [{ physicalLocation: physicalLocation(finding, noFile), logicalLocations: logicalLocations(finding) }],
    // Code scanning knows results by the first alone, which it would else take from the line, where several results share one.
    partialFingerprints: { 'primaryLocationLineHash': fingerprint, 'findingHash/v1': fingerprint },
    // All of a run's results have suppressions or none, and all have a baseline state or none (3.27.23, 3.27.24).
    suppressions: status === 'waived' ? [{ kind: 'external', status: 'accepted', justification: justification(waiver) }] : [],
    ...(baseline ? { baselineState: status === 'baselined' ? 'unchanged' : 'new' } : {}),
    properties: { status, ...(got === undefined ? {} : { got }), ...(expected === undefined ? {} : { expected }) },
  };
}

/** The first sentence alone is shown where there is little room. */
function sentences({ message: what, resource, path, got, expected, fix }: ReportedFinding): string {
  const place = [resource, path].filter((part) => part !== undefined).join(' ');
  const values = [got === undefined ? undefined : `got ${got}`, expected === undefined ? undefined : `expected ${expected}`].filter((part) => part !== undefined);
  const where = [place, values.join(', ')].filter((part) => part !== '').join(': ');
  return [what, where, fix].filter((part) => part !== '').map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(' ');
}

function physicalLocation({ source, manifest, manifestLine }: ReportedFinding, noFile: string) {
  const line = source?.line ?? (manifest === undefined ? 1 : manifestLine ?? 1);
  return {
    artifactLocation: { uri: uri(source?.file ?? manifest ?? noFile), uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: 1, endLine: line, endColumn: 1 },
  };
}

/** From the program down to the field: the construct, the object that it makes, the field in the object. */
function logicalLocations({ constructPath, resource, path }: ReportedFinding) {
  return [
    ...(constructPath === undefined ? [] : [{ name: last(constructPath, '/'), fullyQualifiedName: constructPath, kind: 'construct' }]),
    ...(resource === undefined ? [] : [{ name: last(resource, '/'), fullyQualifiedName: resource, kind: 'object' }]),
    ...(path === undefined ? [] : [{ name: last(path, '.'), fullyQualifiedName: path, kind: 'property' }]),
  ];
}

function last(path: string, separator: string): string {
  return path.slice(path.lastIndexOf(separator) + 1) || path;
}

/** A relative reference (RFC 3986), whatever the file is called; the buffer is for halves of surrogate pairs. */
function uri(file: string): string {
  return file.replace(/^(\.\/)+/, '').split('/').map((segment) => encodeURIComponent(Buffer.from(segment).toString())).join('/');
}

function justification(waiver: WaiverTerms | undefined): string {
  return waiver === undefined ? 'Waived.' : printable(waiverText(waiver));
}

/** What keeps a waiver from doing its work is about the tool's configuration, not about an object. */
function notificationsOf({ waivers, failures }: CheckResults) {
  const ofWaivers = waivers.filter(({ state }) => state !== 'used').map((waiver) => ({
    level: waiver.state === 'expiring' ? 'warning' : 'error',
    message: message(`Waiver of ${waiver.control} for ${waiver.covers}: ${waiver.state}. ${waiverText(waiver)}`),
  }));
  const notifications = [...ofWaivers, ...failures.map((failure) => ({ level: 'error', message: message(failure) }))]
    .sort((a, b) => compare(a.message.text, b.message.text));
  return notifications.length === 0 ? {} : { toolConfigurationNotifications: notifications };
}

/** Braces stand for themselves only if doubled, and brackets before a parenthesis make a link (3.11.5, 3.11.6). */
function message(text: string): { text: string } {
  return { text: printableLines(text).replace(/[{}]/g, '$&$&').replace(/\]\(/g, '] (') };
}
