// Usage: controls-table.ts
//
// Writes docs/controls-table.md: every control of the catalog and what packs have it.
import { writeFileSync } from 'fs';
import { resolve } from 'path';
import { KubernetesVersion } from '../src';
import { catalogControls } from '../src/controls/catalog/index.generated';
import { ActsAt, Control } from '../src/controls/control';
import { ControlSet } from '../src/controls/control-set';
import { exampleTwins } from '../src/controls/example-twins';
import { fixObject } from '../src/controls/fix/fix';
import { ControlPack } from '../src/controls/pack';

export const TABLE_FILE = resolve(__dirname, '../docs/controls-table.md');

const PACKS = [ControlPack.pssBaseline(), ControlPack.pssRestricted(), ControlPack.nsa(), ControlPack.cisWorkloads(), ControlPack.recommended()];
const NEWEST = KubernetesVersion.V1_37;

/** The table as it has to be. */
export function controlsTable(): string {
  const controls = catalogControls();
  const policies = controls.filter(({ actsAt }) => actsAt !== ActsAt.SYNTH);
  const layers = [...new Set(controls.map(({ layer }) => layer))];
  return [
    '# All controls',
    '',
    '<!-- Written by scripts/controls-table.ts from the catalog. Don\'t edit: run it again. -->',
    '',
    `${controls.length} controls, ${policies.length} of them with an admission policy. [What they are and how to use them](controls.md).`,
    '',
    `Packs: ${PACKS.map(({ name }) => `\`${name}\``).join(', ')}. *Acts at*: \`synth\` is the check of what is written, \`admission\` the policy in the API server.`,
    '*Fix*: what `Controls.harden` does about the control\'s example; "by hand" where a person has to decide.',
    '',
    ...layers.flatMap((layer) => [`## ${layer}`, '', ...rows(controls.filter((control) => control.layer === layer)), '']),
    '## Why, and what to do',
    '',
    ...controls.flatMap(detail),
  ].join('\n');
}

function rows(controls: Control[]): string[] {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  const head = ['control', 'severity', 'what holds', 'acts at', 'fix', 'packs', 'references'];
  return [line(head), line(head.map(() => '---')), ...controls.map((control) => line([
    `[${control.id}](#${control.id})`,
    control.severity,
    control.title + (control.since ? ` (from ${control.since})` : ''),
    control.actsAt,
    fixOf(control),
    PACKS.filter((pack) => pack.controls.includes(control)).map(({ name }) => name).join(', '),
    control.references.map(String).join('; '),
  ]))];
}

function detail(control: Control): string[] {
  return [
    `### ${control.id}`,
    '',
    control.rationale,
    '',
    `${control.remediation}${control.actsAtReason === undefined ? '' : ` Acts at ${control.actsAt} only: ${control.actsAtReason}`}`,
    ...(control.supersedes.length > 0 ? ['', `Supersedes ${control.supersedes.map((id) => `[${id}](#${id})`).join(', ')}.`] : []),
    '',
  ];
}

function fixOf(control: Control): string {
  if (control._modelCheck !== undefined || control.actsAt === ActsAt.ADMISSION) {
    return 'by hand';
  }
  const { changes, unfixed } = fixObject(exampleTwins(control).violating, new ControlSet([control], NEWEST));
  return changes.length > 0 && unfixed.length === 0 ? 'yes' : 'by hand';
}

if (require.main === module) {
  writeFileSync(TABLE_FILE, controlsTable());
}
