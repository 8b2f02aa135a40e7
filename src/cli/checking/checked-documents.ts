import { Place } from '../../controls/path';
import { BaselineUpdate } from '../../controls/results/baseline';
import { NotCovered } from '../../controls/results/checked-object';
import { AttachedControl } from '../../controls/results/resolved-controls';
import { WaiverOutcome } from '../../controls/waivers/waiver-book';
import { Severity, WORST_FIRST } from '../../core/severity';
import { FindingStatus, ReportedFinding } from '../../evidence/check-results';
import { ManifestDocument } from '../documents/document';

/** Where a document is. */
export type DocumentPlace = Pick<ManifestDocument, 'file' | 'line'>;

/** A finding, put into words where it is shown only: a run may have a million. */
export interface DocumentFinding {
  readonly control: string;
  readonly severity: Severity;
  readonly status: FindingStatus;
  /** The document that holds the object. */
  readonly document: DocumentPlace;
  /** The object: the same for all of its findings, another for others. */
  readonly object: unknown;
  /** Where it is in the document; nothing where it's the whole document, or nobody knows. */
  place(): Place;
  /** The finding without the lines that it is on. */
  finding(): ReportedFinding;
}

/** An object that is there twice: the one that is applied last wins. */
export interface RepeatedObject {
  readonly resource: string;
  readonly first: DocumentPlace;
  readonly again: DocumentPlace;
}

/** What checking documents yielded. */
export interface CheckedDocuments {
  readonly controls: readonly AttachedControl[];
  /** Worst first; then in the order of the documents, those about several objects last. Where a run keeps the worst only, the tally counts all. */
  readonly found: readonly DocumentFinding[];
  readonly tally: FindingTally;
  readonly objects: number;
  readonly waivers: readonly WaiverOutcome[];
  readonly notCovered: readonly NotCovered[];
  readonly repeated: readonly RepeatedObject[];
  readonly baselineUpdates: readonly BaselineUpdate[];
  /** What fails besides findings, one line each. */
  readonly failures: readonly string[];
}

/** How often a control found something that nobody accepted. */
export interface ControlCount {
  readonly control: string;
  readonly severity: Severity;
  readonly count: number;
}

/** Counts findings, and keeps those that will be shown. */
export class FindingTally {
  private readonly bySeverity = new Map<Severity, DocumentFinding[]>();
  private readonly byStatus = new Map<FindingStatus, number>();
  private readonly byControl = new Map<string, { control: string; severity: Severity; count: number }>();
  private readonly objectsWith = new Set<unknown>();

  /** @param most how many of each severity are kept */
  constructor(private readonly most: number) {}

  public add(found: DocumentFinding): void {
    const { control, severity, status } = found;
    this.byStatus.set(status, this.count(status) + 1);
    const list = this.bySeverity.get(severity) ?? [];
    if (status === 'waived' || status === 'baselined') {
      if (this.most !== Infinity) {
        return;
      }
    } else {
      const counted = this.byControl.get(control);
      if (counted) {
        counted.count++;
      } else {
        this.byControl.set(control, { control, severity, count: 1 });
      }
      this.objectsWith.add(found.object);
    }
    if (list.length < this.most) {
      list.push(found);
      this.bySeverity.set(severity, list);
    }
  }

  public count(status: FindingStatus): number {
    return this.byStatus.get(status) ?? 0;
  }

  /** Those that nobody accepted. */
  public get open(): number {
    return this.count('enforced') + this.count('warned');
  }

  /** How many objects have findings that nobody accepted. */
  public get objects(): number {
    return this.objectsWith.size;
  }

  public get controls(): readonly ControlCount[] {
    return [...this.byControl.values()];
  }

  /** What was kept, worst first. */
  public get found(): readonly DocumentFinding[] {
    return WORST_FIRST.flatMap((severity) => this.bySeverity.get(severity) ?? []);
  }
}
