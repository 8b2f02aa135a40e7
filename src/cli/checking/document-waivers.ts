import { IConstruct } from 'constructs';
import { Judged, resourceName } from '../../controls/results/finding-maker';
import { ControlledPart } from '../../controls/results/parts';
import { podSecurityFailures } from '../../controls/waivers/pod-security-failures';
import { Waiver } from '../../controls/waivers/waiver';
import { WaiverBook, WaiverOutcome } from '../../controls/waivers/waiver-book';
import { waiverFailures } from '../../controls/waivers/waiver-failures';
import { whyNone } from '../../controls/waivers/why-none';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { today } from '../../core/today';

/** What became of the waivers of a run. */
export interface WaiverResults {
  readonly waivers: readonly WaiverOutcome[];
  /** Waivers that fail, one line each. */
  readonly waiverFailures: readonly string[];
  /** What waivers make fail elsewhere, one line each. */
  readonly otherFailures: readonly string[];
}

/** Accepts findings as they come by the waivers that were stated at a root. */
export class DocumentWaivers {
  private readonly book: WaiverBook;
  private readonly waived: Judged[] = [];

  constructor(private readonly root: IConstruct, private readonly version: KubernetesVersion) {
    this.book = new WaiverBook(root, today(root));
  }

  /** The waiver that accepts a finding. */
  public covering(judged: Judged): Waiver | undefined {
    const waiver = this.book.covering(judged, resourceName(judged.json));
    if (waiver) {
      this.waived.push(judged);
    }
    return waiver;
  }

  /**
   * @param parts outlines of all objects
   * @param holds whether a run looks at what a waiver is for: of others nobody knows whether they are of use
   */
  public results(parts: readonly ControlledPart[], holds: (waiver: Omit<Waiver, 'value'>) => boolean): WaiverResults {
    const waivers = this.book.outcomes((waiver) => whyNone(waiver, parts), () => undefined).filter(({ state, waiver }) => state !== 'unused' || holds(waiver));
    return { waivers, waiverFailures: waiverFailures(waivers), otherFailures: podSecurityFailures(this.root, parts, this.waived, this.version) };
  }
}
