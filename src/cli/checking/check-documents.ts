import { RootConstruct } from 'constructs';
import { staleMessage, withBaselines } from './baseline-files';
import { CheckedDocuments, DocumentFinding, DocumentPlace, FindingTally, RepeatedObject } from './checked-documents';
import type { DocumentWaivers } from './document-waivers';
import { JudgedScope } from './judged-scope';
import { needs, outline } from './outlines';
import { CheckSettings } from './settings';
import { Control } from '../../controls/control';
import { modelObject, ModelObject, ObjectModel } from '../../controls/object-model';
import { isObject, Place } from '../../controls/path';
import { Baselines } from '../../controls/results/baseline';
import { NotCovered } from '../../controls/results/checked-object';
import { findingOf, hasName, identityOf, Judged, relatedPrints, resourceName } from '../../controls/results/finding-maker';
import { RunningFingerprints } from '../../controls/results/fingerprint';
import { judgeObject } from '../../controls/results/judge-objects';
import { MALFORMED_OBJECT } from '../../controls/results/malformed-object';
import { notCovered } from '../../controls/results/not-covered';
import { ControlledPart, partsOf } from '../../controls/results/parts';
import { ControlsResolver, Mode, ResolvedControls } from '../../controls/results/resolved-controls';
import { waiverTarget } from '../../controls/results/waiver-target';
import { ScopeControls } from '../../controls/scope-controls';
import type { Waiver } from '../../controls/waivers/waiver';
import { readWaiverFile } from '../../controls/waivers/waiver-file';
import { FindingStatus, ReportedFinding } from '../../evidence/check-results';
import { ManifestDocument } from '../documents/document';

/** Objects that are held at once. */
const BATCH = 500;

/** An object with where it is. */
interface Outline {
  readonly part: ControlledPart;
  readonly document: DocumentPlace;
  /** Counts the objects. */
  readonly object: number;
}

/**
 * Holds documents to controls as `HardenedApp` does it for an app that includes them: packs at its root, no construct in between.
 *
 * Documents are judged as they come, and let go: outlines are kept for the controls that look at several objects.
 */
export class DocumentCheck {
  private readonly root = new RootConstruct();
  private readonly controls: ResolvedControls;
  private readonly scope: JudgedScope;
  private readonly failing = new Map<Control, boolean>();
  private readonly tally: FindingTally;
  private readonly prints?: RunningFingerprints;
  private readonly baselines: Baselines;
  private readonly outlines: Outline[] = [];
  /** What controls that need one object at a time haven't seen yet. */
  private readonly batch: Outline[] = [];
  private readonly notCovered: NotCovered[] = [];
  private readonly waivers?: DocumentWaivers;
  private readonly alone: readonly Control[];
  private readonly keepsObjects: boolean;
  private readonly known = new Map<string, DocumentPlace>();
  private readonly repeated: RepeatedObject[] = [];
  private objects = 0;
  private excluded = 0;
  private findsMalformed = false;

  constructor(private readonly settings: CheckSettings) {
    const scope = ScopeControls.at(this.root);
    scope.enforced.push(...settings.packs);
    scope.failOn = settings.failOn;
    scope.baseline = settings.baseline;
    if (settings.waivers !== undefined) {
      scope.waivers.push(...readWaiverFile(settings.waivers));
    }
    this.controls = new ControlsResolver(this.root, settings.version).at(this.root);
    this.scope = new JudgedScope(settings.excludedNamespaces ?? [], this.controls);
    this.alone = this.controls.models.filter((control) => needs(control) === 'one object');
    this.keepsObjects = this.controls.models.some((control) => needs(control) === 'all objects');
    this.prints = settings.baseline !== undefined || settings.fingerprints ? new RunningFingerprints() : undefined;
    this.baselines = withBaselines(settings.updatesBaseline, () => new Baselines(settings.baseline === undefined ? [] : [settings.baseline]));
    this.waivers = settings.waivers === undefined ? undefined : waiversAt(this.root, settings);
    this.tally = new FindingTally(settings.most ?? Infinity, settings.least, settings.limit);
  }

  public add(document: ManifestDocument): void {
    const all = partsOf({ json: document.object, construct: this.root, within: [] });
    const parts = all.filter(({ json }) => !this.scope.excludes(json));
    this.excluded += all.length - parts.length;
    const place: DocumentPlace = { file: document.file, line: document.line };
    parts.forEach(({ json }) => this.noteRepeated(json, place));
    for (const each of parts) {
      const object = this.objects++;
      const part: ControlledPart = { ...each, controls: this.controls };
      judgeObject(part, this.settings.version).forEach((judged) => this.take(judged, place, object));
      this.batch.push({ part, document: place, object });
      const uncovered = notCovered(part);
      if (uncovered) {
        this.notCovered.push(uncovered);
      }
      if (isObject(part.json)) {
        this.outlines.push({ part: this.keepsObjects ? part : { ...part, json: outline(part.json) }, document: place, object });
      }
    }
    if (this.batch.length >= BATCH) {
      this.judgeBatch();
    }
  }

  /** Judges what needs all documents. Call it once, after the last. */
  public finish(): CheckedDocuments {
    this.judgeBatch();
    this.judgeTogether(this.controls.models.filter((control) => !this.alone.includes(control)), this.outlines);
    const waived = this.waivers?.results(this.outlines.map(({ part }) => part), (waiver) => this.scope.holds(waiver))
      ?? { waivers: [], waiverFailures: [], otherFailures: [] };
    return {
      controls: [
        // Of those that are left out nobody may take it that nothing was found.
        ...this.objects === 0 ? [] : this.controls.all.filter(({ control }) => !this.tally.isLess(control.severity)),
        ...this.findsMalformed ? [{ control: MALFORMED_OBJECT, mode: Mode.WARN, packs: [] }] : [],
      ],
      judging: this.controls.all.filter(({ control }) => this.controls.speaks(control.id)).length,
      found: this.tally.found,
      tally: this.tally,
      objects: this.objects,
      excluded: this.excluded,
      waivers: waived.waivers,
      waiverFailures: waived.waiverFailures,
      notCovered: this.notCovered,
      repeated: this.repeated,
      baselineUpdates: this.baselines.updatesWith((entry) => !this.scope.holds(entry)),
      failures: [...this.baselines.stale().filter((entry) => this.scope.holds(entry)).map(staleMessage), ...waived.otherFailures],
    };
  }

  private noteRepeated(json: unknown, place: DocumentPlace): void {
    const resource = hasName(json) ? resourceName(json) : undefined;
    const first = resource === undefined ? undefined : this.known.get(resource);
    if (resource !== undefined && first === undefined) {
      this.known.set(resource, place);
    } else if (resource !== undefined && first !== undefined) {
      this.repeated.push({ resource, first, again: place });
    }
  }

  private judgeBatch(): void {
    this.judgeTogether(this.alone, this.batch.splice(0));
  }

  private judgeTogether(controls: readonly Control[], outlines: readonly Outline[]): void {
    const byObject = new Map<ModelObject, Outline>();
    for (const each of controls.length === 0 ? [] : outlines) {
      if (isObject(each.part.json)) {
        byObject.set(modelObject(each.part.json), each);
      }
    }
    if (byObject.size === 0) {
      return;
    }
    const model = new ObjectModel([...byObject.keys()], this.settings.version);
    for (const control of controls) {
      for (const { object: found, ...fault } of control._modelCheck!(model)) {
        const { part, document, object } = byObject.get(found)!;
        this.take({ ...part, control, fault }, document, object);
      }
    }
  }

  private take(judged: Judged, document: DocumentPlace, object: number): void {
    this.findsMalformed ||= judged.control === MALFORMED_OBJECT;
    const fingerprint = this.prints?.next(identityOf(judged));
    const waiver = this.waivers?.covering(judged);
    const status = waiver ? 'waived' : this.statusOf(judged, fingerprint);
    this.tally.add(new PlainFinding(judged, document, object, status, fingerprint, waiver));
  }

  private statusOf(judged: Judged, fingerprint: string | undefined): FindingStatus {
    const fails = this.fails(judged);
    const isCovered = fingerprint !== undefined
      && this.baselines.covers(this.settings.baseline, findingOf(judged, fingerprint), fails, () => relatedPrints(judged));
    return isCovered ? 'baselined' : fails ? 'enforced' : 'warned';
  }

  private fails({ control, fails = false }: Judged): boolean {
    let always = this.failing.get(control);
    if (always === undefined) {
      always = this.controls.fails(control);
      this.failing.set(control, always);
    }
    return fails || always;
  }
}

class PlainFinding implements DocumentFinding {
  constructor(
    private readonly judged: Judged, public readonly document: DocumentPlace, public readonly object: number, public readonly status: FindingStatus,
    private readonly fingerprint: string = '', private readonly waiver?: Waiver,
  ) {}

  public get control() {
    return this.judged.control.id;
  }

  public get severity() {
    return this.judged.control.severity;
  }

  public place(): Place {
    return [...this.judged.within, ...this.judged.fault.place];
  }

  public finding(): ReportedFinding {
    const { constructPath: _constructPath, waiver: _waiver, ...finding } = findingOf(this.judged, this.fingerprint);
    const waiver = this.waiver && { waiver: this.waiver };
    return { ...finding, ...waiver, toWaive: waiverTarget(this.judged, finding), status: this.status };
  }
}

/** Most runs have no waivers: what they need is loaded for those alone. */
function waiversAt(root: RootConstruct, { version }: CheckSettings): DocumentWaivers {
  const { DocumentWaivers: Waivers } = require('./document-waivers') as typeof import('./document-waivers');
  return new Waivers(root, version);
}
