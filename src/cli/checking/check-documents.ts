import { RootConstruct } from 'constructs';
import { staleMessage, withBaselines } from './baseline-files';
import { CheckedDocuments, DocumentFinding, DocumentPlace, FindingTally, RepeatedObject } from './checked-documents';
import { needs, outline } from './outlines';
import { CheckSettings } from './settings';
import { Control } from '../../controls/control';
import { modelObject, ModelObject, ObjectModel } from '../../controls/object-model';
import { isObject, parsePlace, Place } from '../../controls/path';
import { Baselines } from '../../controls/results/baseline';
import { CheckedObject, NotCovered } from '../../controls/results/checked-object';
import { findingOf, hasName, hidesValue, Judged, resourceName, visibleValue } from '../../controls/results/finding-maker';
import { fingerprints } from '../../controls/results/fingerprint';
import { judgeObject } from '../../controls/results/judge-objects';
import { MALFORMED_OBJECT } from '../../controls/results/malformed-object';
import { notCovered } from '../../controls/results/not-covered';
import { ControlledPart, partsOf } from '../../controls/results/parts';
import { ControlsResolver, Mode, ResolvedControls } from '../../controls/results/resolved-controls';
import { waiverTarget } from '../../controls/results/waiver-target';
import { ScopeControls } from '../../controls/scope-controls';
import { readWaiverFile } from '../../controls/waivers/waiver-file';
import { FindingStatus, ReportedFinding } from '../../evidence/check-results';
import { ManifestDocument } from '../documents/document';

/** Objects that are held at once. */
const BATCH = 500;

/** A place where an object doesn't meet a control, with where the object is. */
interface Record {
  readonly judged: Judged;
  readonly document: DocumentPlace;
  /** Counts the objects. */
  readonly object: number;
}

interface Outline {
  readonly part: ControlledPart;
  readonly document: DocumentPlace;
  readonly object: number;
}

/**
 * Holds documents to controls as `HardenedApp` does it for an app that includes them: packs at its root, no construct in between.
 *
 * Documents are judged as they come, and let go: outlines are kept for the controls that look at several objects. Waivers need all of them.
 */
export class DocumentCheck {
  private readonly root = new RootConstruct();
  private readonly controls: ResolvedControls;
  private readonly failing = new Map<Control, boolean>();
  private readonly tally: FindingTally;
  /** What waits for fingerprints. */
  private readonly pending: Record[] = [];
  private readonly outlines: Outline[] = [];
  /** What controls that need one object at a time haven't seen yet. */
  private readonly batch: Outline[] = [];
  private readonly notCovered: NotCovered[] = [];
  /** For waivers alone. */
  private readonly documents: ManifestDocument[] = [];
  private readonly alone: readonly Control[];
  private readonly keepsObjects: boolean;
  private readonly hasPrints: boolean;
  private readonly known = new Map<string, DocumentPlace>();
  private readonly repeated: RepeatedObject[] = [];
  private objects = 0;
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
    this.alone = this.controls.models.filter((control) => needs(control) === 'one object');
    this.keepsObjects = this.controls.models.some((control) => needs(control) === 'all objects');
    this.hasPrints = settings.baseline !== undefined || settings.fingerprints;
    this.tally = new FindingTally(settings.most ?? Infinity);
  }

  public add(document: ManifestDocument): void {
    if (this.settings.waivers !== undefined) {
      this.documents.push(document);
      partsOf({ json: document.object, construct: this.root, within: [] }).forEach(({ json }) => this.noteRepeated(json, document));
      return;
    }
    const place: DocumentPlace = { file: document.file, line: document.line };
    for (const each of partsOf({ json: document.object, construct: this.root, within: [] })) {
      const object = this.objects++;
      const part: ControlledPart = { ...each, controls: this.controls };
      this.noteRepeated(part.json, place);
      judgeObject(part, this.settings.version).forEach((judged) => this.take({ judged, document: place, object }));
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
    return withBaselines(this.settings.updatesBaseline, () => (this.settings.waivers === undefined ? this.finishPlain() : this.finishWaived()));
  }

  private finishPlain(): CheckedDocuments {
    const { baseline } = this.settings;
    this.judgeBatch();
    this.judgeTogether(this.controls.models.filter((control) => !this.alone.includes(control)), this.outlines);
    const baselines = new Baselines(baseline === undefined ? [] : [baseline]);
    const prints = fingerprints(this.pending.map(({ judged }) => identityOf(judged)));
    this.pending.forEach((record, i) => {
      const fails = this.fails(record.judged);
      const isCovered = baseline !== undefined && baselines.covers(baseline, findingOf(record.judged, prints[i]), fails);
      this.settle(record, isCovered ? 'baselined' : fails ? 'enforced' : 'warned', prints[i]);
    });
    return {
      controls: [
        ...this.objects === 0 ? [] : this.controls.all,
        ...this.findsMalformed ? [{ control: MALFORMED_OBJECT, mode: Mode.WARN, packs: [] }] : [],
      ],
      found: this.tally.found,
      tally: this.tally,
      objects: this.objects,
      waivers: [],
      notCovered: this.notCovered,
      repeated: this.repeated,
      baselineUpdates: baselines.pending,
      failures: baselines.stale().map(staleMessage),
    };
  }

  /** What waivers say depends on everything that was found: the whole tree is judged at once, as an app judges it. */
  private finishWaived(): CheckedDocuments {
    const { judgeTree } = require('../../controls/results/judge-tree') as typeof import('../../controls/results/judge-tree');
    const objects = this.documents.map(({ object }, i): CheckedObject => ({ json: object, construct: this.root, manifest: String(i) }));
    const { outcome, waiverFailures, otherFailures } = judgeTree(this.root, objects, { version: this.settings.version });
    for (const { manifest, constructPath: _constructPath, ...finding } of outcome.findings) {
      const { control, severity, status, resource, path = '' } = finding;
      this.tally.add({
        control, severity, status, document: this.documents[Number(manifest)], object: `${manifest} ${resource}`,
        place: () => placeAt(path), finding: () => finding,
      });
    }
    return {
      controls: outcome.controls,
      found: this.tally.found,
      tally: this.tally,
      objects: outcome.objectsChecked,
      waivers: outcome.waivers,
      notCovered: outcome.notCovered,
      repeated: this.repeated,
      baselineUpdates: outcome.baselineUpdates,
      // Those of baselines come first there, in words that are about a synth.
      failures: [...waiverFailures, ...outcome.staleBaseline.map(staleMessage), ...otherFailures.slice(outcome.staleBaseline.length)],
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
        this.take({ judged: { ...part, control, fault }, document, object });
      }
    }
  }

  private take(record: Record): void {
    this.findsMalformed ||= record.judged.control === MALFORMED_OBJECT;
    if (this.hasPrints) {
      this.pending.push(record);
    } else {
      this.settle(record, this.fails(record.judged) ? 'enforced' : 'warned');
    }
  }

  private settle({ judged, document, object }: Record, status: FindingStatus, fingerprint?: string): void {
    this.tally.add(new PlainFinding(judged, document, object, status, fingerprint));
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
    private readonly fingerprint: string = '',
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
    return { ...finding, toWaive: waiverTarget(this.judged, finding), status: this.status };
  }
}

/** Keys that no path can show are nowhere. */
function placeAt(path: string): Place {
  try {
    return parsePlace(path);
  } catch {
    return [];
  }
}

function identityOf(each: Judged) {
  return {
    control: each.control.id, resource: resourceName(each.json), constructPath: '', object: each.json,
    place: each.fault.place, got: visibleValue(each), isConcealed: each.control.concealsValues || hidesValue(each),
  };
}
