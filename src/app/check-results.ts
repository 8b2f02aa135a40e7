import { posix } from 'path';
import { IConstruct } from 'constructs';
import { sourceLineAt } from './source-lines';
import { ManifestSet } from './synthesis/manifests';
import { CheckedFinding } from '../controls/results/check-objects';
import { CheckedObject } from '../controls/results/checked-object';
import { Judgement } from '../controls/results/judge-tree';
import { Waiver } from '../controls/waivers/waiver';
import { WaiverOutcome } from '../controls/waivers/waiver-book';
import { CheckResults, ControlSummary, ReportedFinding, WaiverSummary, WaiverTerms } from '../evidence/check-results';

/**
 * What controls judge: every document of every file.
 * @param folder as reports name it
 */
export function checkedObjects(manifests: ManifestSet, folder: string): CheckedObject[] {
  return manifests.files.flatMap(({ path, documents }) => documents.map(({ json, object, chart }) => (
    { json, construct: object ?? chart, manifest: posix.join(folder, path) }
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

function reported(root: IConstruct, { waiver, ...finding }: CheckedFinding): ReportedFinding {
  const source = sourceLineAt(root, finding.constructPath ?? '');
  return { ...finding, ...(source && { source }), ...(waiver && { waiver: terms(waiver) }) };
}

function terms({ reason, owner, expires, ticket, approver }: Waiver): WaiverTerms {
  return { reason, owner, expires, ...(ticket && { ticket }), ...(approver && { approver }) };
}

function waiverSummary({ waiver, state, hint, alsoAdmits, declaredAt }: WaiverOutcome): WaiverSummary {
  const { control, resource, container, path, value } = waiver;
  const covers = [resource, container && `container "${container}"`, path, value === undefined ? undefined : `value ${JSON.stringify(value)}`];
  return { ...terms(waiver), control, state, covers: covers.filter(Boolean).join(', '), declaredAt, ...(hint !== undefined && { hint }), ...(alsoAdmits !== undefined && { alsoAdmits }) };
}
