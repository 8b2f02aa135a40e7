import { IConstruct } from 'constructs';
import { sourceLineAt } from './source-lines';
import { ManifestSet } from './synthesis/manifests';
import { CheckedObject } from '../controls/results/checked-object';
import { DecidedFinding } from '../controls/results/finding-maker';
import { Judgement } from '../controls/results/judge-tree';
import { Waiver } from '../controls/waivers/waiver';
import { WaiverOutcome } from '../controls/waivers/waiver-book';
import { CheckResults, ControlSummary, ReportedFinding, WaiverSummary, WaiverTerms } from '../evidence/check-results';

/** What controls judge: every document of every file. */
export function checkedObjects(manifests: ManifestSet, folder: string): CheckedObject[] {
  return manifests.files.flatMap(({ path, documents }) => documents.map(({ json, object, chart }) => (
    { json, construct: object ?? chart, manifest: `${folder}/${path}` }
  )));
}

/** What was found, in the form that all result formats read. */
export function checkResults(root: IConstruct, { outcome, otherFailures }: Judgement): CheckResults {
  return {
    controls: outcome.controls.map(({ control, packs }): ControlSummary => ({
      id: control.id,
      title: control.title,
      severity: control.severity,
      layer: control.layer,
      rationale: control.rationale,
      remediation: control.remediation,
      references: control.references.map(String),
      packs: [...packs],
    })),
    findings: outcome.findings.map((finding) => reported(root, finding)),
    waivers: outcome.waivers.map(waiverSummary),
    objectsChecked: outcome.objectsChecked,
    changes: [...outcome.changes],
    unfixed: [...outcome.unfixed],
    notCovered: [...outcome.notCovered],
    failures: [...otherFailures],
  };
}

function reported(root: IConstruct, { waiver, ...finding }: DecidedFinding): ReportedFinding {
  const source = sourceLineAt(root, finding.constructPath ?? '');
  return { ...finding, ...(source && { source }), ...(waiver && { waiver: terms(waiver) }) };
}

function terms({ reason, owner, expires, ticket, approver }: Waiver): WaiverTerms {
  return { reason, owner, expires, ...(ticket && { ticket }), ...(approver && { approver }) };
}

function waiverSummary({ waiver, state, hint, declaredAt }: WaiverOutcome): WaiverSummary {
  const { control, resource, container, path, value } = waiver;
  const covers = [resource, container && `container "${container}"`, path, value === undefined ? undefined : `value ${JSON.stringify(value)}`];
  return { ...terms(waiver), control, state, covers: covers.filter(Boolean).join(', '), declaredAt, ...(hint !== undefined && { hint }) };
}
