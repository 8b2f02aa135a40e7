import { Painter, SEVERITY_STYLES } from './terminal';
import { ActsAt, Control } from '../../controls/control';
import { plural } from '../../core/plural';
import { WORST_FIRST } from '../../core/severity';
import { wrap } from '../../evidence/plain-text';

/** Controls, worst first: the id, what holds where it is met, and where it acts if that isn't everywhere. */
export function controlList(controls: readonly Control[], width: number, paint: Painter): string[] {
  const blocks = WORST_FIRST.flatMap((severity) => {
    const of = controls.filter((control) => control.severity === severity).sort((a, b) => (a.id < b.id ? -1 : 1));
    return of.length === 0 ? [] : [
      paint(severity.toUpperCase(), ...SEVERITY_STYLES[severity]),
      ...of.flatMap((control) => [`  ${paint(control.id, 'bold')}`, ...wrap(`${control.title}${where(control)}`, width - 4).map((line) => `    ${line}`)]),
      '',
    ];
  });
  return [...blocks, plural(controls.length, 'control')];
}

function where({ actsAt }: Control): string {
  return actsAt === ActsAt.ADMISSION ? ' (in policies only)' : actsAt === ActsAt.SYNTH ? ' (on manifests only)' : '';
}
