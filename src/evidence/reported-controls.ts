import { CheckResults, ControlSummary } from './check-results';
import { compare } from './inventory';
import { sortedFindings } from './sorted-findings';

/** The controls that were evaluated and, as controls, the other checks that found something; by id. */
export function reportedControls({ controls, findings }: CheckResults): ControlSummary[] {
  const byId = new Map(controls.map((control) => [control.id, control]));
  for (const { control, severity, message, fix, references } of sortedFindings(findings)) {
    if (!byId.has(control)) {
      const title = control.replace(/-/g, ' ');
      byId.set(control, { id: control, title, severity, layer: 'other', rationale: message, remediation: fix, references: (references ?? []).map(String) });
    }
  }
  return [...byId.values()].sort((a, b) => compare(a.id, b.id));
}
