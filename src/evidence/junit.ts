import { CheckResults, ControlSummary, ReportedFinding, WaiverSummary } from './check-results';
import { groupBy } from './group-by';
import { compare } from './inventory';
import { cut, printable, printableLines } from './plain-text';
import { reportedControls } from './reported-controls';
import { sortedFindings } from './sorted-findings';
import { waiverText } from './waiver-text';
import { withoutSecrets } from './without-secrets';

interface TestCase {
  readonly name: string;
  readonly className: string;
  readonly outcome: 'passed' | 'skipped' | 'failure';
  /** What failed, or why it was skipped: a word and a line. */
  readonly type?: string;
  readonly summary?: string;
  /** Lines below that. */
  readonly details?: string[];
}

const LONGEST_NAME = 120;

/**
 * The results as JUnit XML (the dialect of Jenkins' junit-10.xsd, which others read too): a suite a control.
 *
 * What is enforced fails; what is warned of, waived or baselined is skipped and says why; a control that found nothing is one test that passes.
 * The suite `waivers` has a test a waiver: one that is unused or expired fails. The suite `synth` has what else fails. No times and dates, so that the same results give the same bytes.
 */
export function junit(results: CheckResults): string {
  const checks = withoutSecrets(results);
  const findings = groupBy(sortedFindings(checks.findings), ({ control }) => control);
  const suites = [
    ...reportedControls(checks).map((control) => ({ name: control.id, tests: controlTests(control, findings.get(control.id) ?? []) })),
    ...(checks.failures.length === 0 ? [] : [{ name: 'synth', tests: [...checks.failures].sort(compare).map(synthTest) }]),
    ...(checks.waivers.length === 0 ? [] : [{ name: 'waivers', tests: checks.waivers.map(waiverTest).sort((a, b) => compare(a.name, b.name)) }]),
  ];
  const all = suites.flatMap(({ tests }) => tests);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'cdk8s-hardened', tests: all.length, failures: count(all, 'failure'), errors: 0 })}>`,
    ...suites.flatMap(({ name, tests }) => [
      `  <testsuite${attributes({ name, tests: tests.length, failures: count(tests, 'failure'), errors: 0, skipped: count(tests, 'skipped') })}>`,
      ...withOwnNames(tests).flatMap(testLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function count(tests: readonly TestCase[], outcome: TestCase['outcome']): number {
  return tests.filter((each) => each.outcome === outcome).length;
}

/** The layer before the dot is what Jenkins groups by; others show the whole. */
function controlTests({ id, title, layer }: ControlSummary, findings: readonly ReportedFinding[]): TestCase[] {
  const className = `${layer}.${id}`;
  return findings.length === 0 ? [{ name: title, className, outcome: 'passed' }] : findings.map((each) => findingTest(each, className));
}

function findingTest(finding: ReportedFinding, className: string): TestCase {
  const { message, severity, status, resource, path, constructPath, source, manifest, got, expected, fix, waiver } = finding;
  const details: [string, string | undefined][] = [
    ['object', resource], ['path', path], ['construct', constructPath], ['source', source && `${source.file}:${source.line}`], ['manifest', manifest],
    ['got', got], ['expected', expected], ['fix', fix],
  ];
  return {
    name: [resource ?? constructPath ?? 'the whole cluster', path].filter((part) => part !== undefined).join(' '),
    className,
    outcome: status === 'enforced' ? 'failure' : 'skipped',
    type: status === 'enforced' ? severity : status,
    summary: `${status === 'enforced' ? severity : status}: ${message}${waiver === undefined ? '' : ` ${waiverText(waiver)}`}`,
    details: details.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
  };
}

function waiverTest(waiver: WaiverSummary): TestCase {
  const { control, covers, state, hint, alsoAdmits, declaredAt } = waiver;
  return {
    name: `${control}: ${covers}`,
    className: 'waivers',
    outcome: state === 'unused' || state === 'expired' ? 'failure' : state === 'expiring' ? 'skipped' : 'passed',
    type: state,
    summary: `${state}: ${waiverText(waiver)}`,
    details: [...(hint === undefined ? [] : [`hint: ${hint}`]), ...(declaredAt === undefined ? [] : [`declared at: ${declaredAt}`]), ...(alsoAdmits === undefined ? [] : [`also admits: ${alsoAdmits}`])],
  };
}

function synthTest(failure: string): TestCase {
  return { name: cut(failure, LONGEST_NAME), className: 'synth', outcome: 'failure', type: 'failure', summary: failure };
}

/** Readers drop tests of one class and name but the first. */
function withOwnNames(tests: readonly TestCase[]): TestCase[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const times = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, times);
    return times === 1 ? test : { ...test, name: `${test.name} (${times})` };
  });
}

function testLines({ name, className, outcome, type = '', summary = '', details = [] }: TestCase): string[] {
  const start = `    <testcase${attributes({ name, classname: className })}`;
  if (outcome === 'passed') {
    return [`${start}/>`];
  }
  return [
    `${start}>`,
    `      <${outcome}${attributes({ type, message: summary })}>${details.map((line) => text(printable(line))).join('\n')}</${outcome}>`,
    '    </testcase>',
  ];
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${text(printable(String(value)))}"`).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML can't hold at all become escapes. */
function text(value: string): string {
  return printableLines(value).replace(/[&<>"]/g, (char) => ENTITIES[char]);
}
