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
  /** How many of them judge: not those whose place another one takes, or that ask nothing of this version. */
  readonly judging: number;
  /** Worst first; then in the order of the documents, those about several objects last. Where a run keeps the worst only, the tally counts all. */
  readonly found: readonly DocumentFinding[];
  readonly tally: FindingTally;
  readonly objects: number;
  /** How many are of namespaces that are left out. */
  readonly excluded: number;
  readonly waivers: readonly WaiverOutcome[];
  readonly notCovered: readonly NotCovered[];
  readonly repeated: readonly RepeatedObject[];
  readonly baselineUpdates: readonly BaselineUpdate[];
  /** Waivers that fail, one line each. */
  readonly waiverFailures: readonly string[];
  /** What fails besides findings and waivers, one line each. */
  readonly failures: readonly string[];
}

/** How often a control found something that nobody accepted. */
export interface ControlCount {
  readonly control: string;
  readonly severity: Severity;
  readonly count: number;
}

/** Above so many findings a run ends. */
export interface FindingLimit {
  readonly findings: number;
  error(): Error;
}

/** Counts findings, and keeps those that will be shown. */
export class FindingTally {
  private readonly bySeverity = new Map<Severity, DocumentFinding[]>();
  private readonly byStatus = new Map<FindingStatus, number>();
  private readonly byControl = new Map<string, { control: string; severity: Severity; count: number }>();
  private readonly objectsWith = new Set<unknown>();
  private kept = 0;
  /** How many are less severe than what is asked for. */
  public leftOut = 0;

  /**
   * @param most how many of each severity are kept
   * @param least what is less severe and fails nothing is only counted, as left out
   * @param limit how many are kept at all, and what is thrown for one more
   */
  constructor(private readonly most: number, private readonly least?: Severity, private readonly limit?: FindingLimit) {}

  public add(found: DocumentFinding): void {
    const { control, severity, status } = found;
    if (status !== 'enforced' && this.isLess(severity)) {
      this.leftOut++;
      return;
    }
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
      if (++this.kept > (this.limit?.findings ?? Infinity)) {
        throw this.limit!.error();
      }
      list.push(found);
      this.bySeverity.set(severity, list);
    }
  }

  /** Whether findings of a severity are only counted. */
  public isLess(severity: Severity): boolean {
    return this.least !== undefined && WORST_FIRST.indexOf(severity) > WORST_FIRST.indexOf(this.least);
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
