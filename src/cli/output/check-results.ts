import { ManifestLines } from './manifest-lines';
import { CheckResults, ControlSummary, ReportedFinding, WaiverSummary, WaiverTerms } from '../../evidence/check-results';
import { CheckedDocuments, DocumentFinding } from '../checking/checked-documents';

/** What was found in the form that JSON, SARIF and JUnit are written from, with the lines of files. */
export function checkResults(checked: CheckedDocuments, lines: ManifestLines): CheckResults {
  return {
    controls: checked.controls.map(({ control, packs }): ControlSummary => ({
      id: control.id, title: control.title, severity: control.severity, layer: control.layer, rationale: control.rationale,
      remediation: control.remediation, references: control.references.map(String), packs: [...packs],
    })),
    findings: checked.found.map((each) => located(each, lines)),
    waivers: checked.waivers.map(waiverSummary),
    objectsChecked: checked.objects,
    objectsLeftOut: checked.excluded,
    findingsLeftOut: checked.tally.leftOut,
    changes: [],
    unfixed: [],
    notCovered: [...checked.notCovered],
    failures: [...checked.failures],
  };
}

function located(each: DocumentFinding, lines: ManifestLines): ReportedFinding {
  const { document } = each;
  const { waiver, ...rest } = each.finding();
  const line = lines.lineOf(document, each.place());
  const source = document.file === '<stdin>' ? 'stdin' : document.file.split('\\').join('/');
  return { ...rest, source: { file: source, line }, manifest: source, manifestLine: document.line, ...(waiver && { waiver: terms(waiver) }) };
}

function terms({ reason, owner, expires, ticket, approver }: WaiverTerms): WaiverTerms {
  return { reason, owner, expires, ...(ticket && { ticket }), ...(approver && { approver }) };
}

function waiverSummary({ waiver, state, hint, alsoAdmits, declaredAt }: CheckedDocuments['waivers'][number]): WaiverSummary {
  const { control, resource, container, path, value } = waiver;
  const covers = [resource, container && `container "${container}"`, path, value === undefined ? undefined : `value ${JSON.stringify(value)}`];
  return { ...terms(waiver), control, state, covers: covers.filter(Boolean).join(', '), declaredAt, ...(hint !== undefined && { hint }), ...(alsoAdmits !== undefined && { alsoAdmits }) };
}
