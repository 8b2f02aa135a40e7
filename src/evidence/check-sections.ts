import { CheckResults, HardeningChange, HardeningGap, STATUSES, UncoveredObject } from './check-results';
import { countsByStatus, sortedWaivers, waiverRecord } from './findings-json';
import { compare } from './inventory';
import { table } from './markdown';
import { reportedControls } from './reported-controls';

/** What the report says about checks, besides the findings themselves. */
export interface CheckFacts {
  readonly objectsChecked: number;
  readonly findingsByStatus: Record<string, number>;
  readonly packs: { readonly pack: string; readonly controls: number; readonly findings: Record<string, number> }[];
  readonly controls: {
    readonly id: string;
    readonly title: string;
    readonly severity: string;
    readonly layer: string;
    readonly findings: Record<string, number>;
  }[];
  readonly waivers: ReturnType<typeof waiverRecord>[];
  readonly failures: string[];
  readonly hardening: { readonly changes: HardeningChange[]; readonly unfixed: HardeningGap[] };
  readonly notCovered: UncoveredObject[];
}

export function checkFacts(checks: CheckResults): CheckFacts {
  const controls = reportedControls(checks);
  const packs = [...new Set(controls.flatMap((control) => control.packs ?? []))].sort(compare);
  return {
    objectsChecked: checks.objectsChecked,
    findingsByStatus: countsByStatus(checks.findings),
    packs: packs.map((pack) => {
      const ids = new Set(controls.filter((control) => control.packs?.includes(pack)).map(({ id }) => id));
      return { pack, controls: ids.size, findings: countsByStatus(checks.findings.filter(({ control }) => ids.has(control))) };
    }),
    controls: controls.map(({ id, title, severity, layer }) => ({
      id, title, severity, layer, findings: countsByStatus(checks.findings.filter(({ control }) => control === id)),
    })),
    waivers: sortedWaivers(checks.waivers).map(waiverRecord),
    failures: [...checks.failures].sort(compare),
    hardening: {
      changes: sorted(checks.changes.map(({ resource, constructPath, control, change, mayNeed }) => (
        { resource, constructPath, control, change, mayNeed }
      ))),
      unfixed: sorted(checks.unfixed.map(({ resource, constructPath, control, path, reason }) => (
        { resource, constructPath, control, path, reason }
      ))),
    },
    notCovered: sorted(checks.notCovered.map(({ resource, constructPath, reason }) => ({ resource, constructPath, reason }))),
  };
}

/** The same in whatever order they were found. */
function sorted<T>(records: readonly T[]): T[] {
  return records.map((record) => ({ record, key: JSON.stringify(record) })).sort((a, b) => compare(a.key, b.key)).map(({ record }) => record);
}

/** The sections of `report.md`. */
export function checkSections({ objectsChecked, packs, controls, waivers, failures, hardening, notCovered }: CheckFacts): string[] {
  return [
    '## Waivers',
    '',
    table(
      ['state', 'control', 'covers', 'also admits', 'reason', 'owner', 'approver', 'ticket', 'expires', 'declared at'],
      waivers.map((each) => [
        stateText(each), each.control, each.covers, each.alsoAdmits ?? '', each.reason,
        each.owner, each.approver ?? '', each.ticket ?? '', each.expires ?? '', each.declaredAt ?? '',
      ]),
    ),
    ...section('What else fails', ['what'], failures.map((each) => [each])),
    ...section('Changed by hardening', ['object', 'control', 'change', 'the program may need', 'construct'], hardening.changes.map((each) => (
      [each.resource, each.control, each.change, each.mayNeed ?? '', each.constructPath]
    ))),
    ...section('Left by hardening', ['object', 'control', 'path', 'why', 'construct'], hardening.unfixed.map((each) => (
      [each.resource, each.control, each.path, each.reason, each.constructPath]
    ))),
    ...section('Pods that no check sees before they exist', ['object', 'why', 'construct'], notCovered.map((each) => [each.resource, each.reason, each.constructPath])),
    '## Packs',
    '',
    table(['pack', 'controls', ...STATUSES], packs.map((each) => [each.pack, String(each.controls), ...perStatus(each.findings)])),
    '## Controls',
    '',
    `${controls.length} controls, ${objectsChecked} objects.`,
    '',
    table(['control', 'severity', 'layer', 'what', ...STATUSES], controls.map((each) => [each.id, each.severity, each.layer, each.title, ...perStatus(each.findings)])),
  ];
}

function stateText({ state, hint }: ReturnType<typeof waiverRecord>): string {
  return [state === 'unused' || state === 'expired' ? state.toUpperCase() : state, hint].filter((part) => part !== undefined).join(': ');
}

/** Left out where there is nothing to say. */
function section(title: string, head: string[], rows: string[][]): string[] {
  return rows.length === 0 ? [] : [`## ${title}`, '', table(head, rows)];
}

function perStatus(counts: Record<string, number>): string[] {
  return STATUSES.map((status) => String(counts[status] ?? 0));
}
