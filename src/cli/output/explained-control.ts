import { Painter, SEVERITY_STYLES } from './terminal';
import { ActsAt, Control } from '../../controls/control';
import { ControlPack } from '../../controls/pack';
import { wrap } from '../../evidence/plain-text';

/** Column of what stands behind the labels. */
const COLUMN = 12;

const ACTS: Record<ActsAt, string> = {
  [ActsAt.BOTH]: 'manifests, and the API server by a policy',
  [ActsAt.SYNTH]: 'manifests only',
  [ActsAt.ADMISSION]: 'the API server only, by a policy',
};

/** A control for people: what a finding has no room for. */
export function explainedControl(control: Control, packs: readonly ControlPack[], width: number, paint: Painter): string[] {
  const { id, title, severity, layer, rationale, remediation, references, actsAt, actsAtReason, supersedes, since } = control;
  const rows: [string, string | undefined][] = [
    ['severity', severity],
    ['about', layer],
    ['why', rationale],
    ['fix', remediation],
    ['judges', `${ACTS[actsAt]}${actsAtReason === undefined ? '' : `: ${actsAtReason}`}`],
    ['since', since && `Kubernetes ${since}`],
    ['instead of', supersedes.length === 0 ? undefined : supersedes.join(', ')],
    ['packs', packs.filter((pack) => pack.controls.some((each) => each.id === id)).map(({ name }) => name).join(', ') || 'none'],
    ['sources', references.length === 0 ? undefined : references.map(String).join('; ')],
  ];
  return [
    `${paint(id, 'bold')}`,
    ...wrap(title, width - 2).map((line) => `  ${line}`),
    '',
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : row(label, text, width, paint, label === 'severity' ? SEVERITY_STYLES[severity] : []))),
  ];
}

function row(label: string, text: string, width: number, paint: Painter, styles: (typeof SEVERITY_STYLES)[keyof typeof SEVERITY_STYLES]): string[] {
  return wrap(text, Math.max(width - COLUMN - 2, 30)).map((line, i) => (
    `  ${i === 0 ? paint(label.padEnd(COLUMN), 'dim') : ' '.repeat(COLUMN)}${paint(line, ...styles)}`
  ));
}
