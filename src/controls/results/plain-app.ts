import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { BaselineUpdate, writeBaselines } from './baseline';
import { CheckedObject } from './checked-object';
import { findingLines } from './finding-lines';
import { hardenObjects, hardensAnything } from './hardened-objects';
import { Judgement, judgeTree } from './judge-tree';
import { objectOfDocument } from './object-of-document';
import { ControlsResolver } from './resolved-controls';
import { ClusterProfile } from '../../core/cluster-profile';
import { mirrorPresentObjects } from '../../core/mirrored-objects';
import { plural } from '../../core/plural';
import { forgetWaiverEffects } from '../waivers/waiver-effects';

const STATE = Symbol.for('cdk8s-hardened.checking');
const MOST_SHOWN = 8;

interface State {
  /** Somebody else checks what is written right now, or a check is under way. */
  checkedElsewhere: boolean;
  /** One synth is under way, in which nothing has to be found twice. */
  synthesizing: boolean;
  /** What was found in it, and in how many constructs. */
  judged?: {
    readonly errors: readonly string[];
    readonly notes: readonly string[];
    readonly baselines: readonly BaselineUpdate[];
    readonly constructs: number;
  };
}

/**
 * Has the objects of a tree checked whenever cdk8s validates it: under a plain `App`, in `Testing.synth`, by the command line.
 *
 * cdk8s validates once for every chart. Where the app's `synth` is JavaScript's own, it is wrapped so that one run checks once, and what is only
 * reported is printed to standard error, and baseline files are written after it has succeeded; elsewhere the checks are repeated, with the same
 * result.
 */
export function checkOnValidation(root: IConstruct): void {
  if (STATE in root) {
    return;
  }
  const state: State = { checkedElsewhere: false, synthesizing: false };
  Object.defineProperty(root, STATE, { value: state, enumerable: false });
  root.node.addValidation({ validate: () => validate(root, state) });
  if (root instanceof App) {
    onceEach(root, 'synth', state);
    onceEach(root, 'synthYaml', state);
  }
}

/** Runs what checks a tree by itself: its validations then leave the checks out. */
export function checkedElsewhere<T>(root: IConstruct, run: () => T): T {
  const state = (root as IConstruct & { [STATE]?: State })[STATE];
  return state ? unchecked(state, run) : run();
}

function unchecked<T>(state: State, run: () => T): T {
  const before = state.checkedElsewhere;
  state.checkedElsewhere = true;
  try {
    return run();
  } finally {
    state.checkedElsewhere = before;
  }
}

function onceEach<K extends 'synth' | 'synthYaml'>(app: App, method: K, state: State): void {
  const original = app[method];
  const wrapped = function (this: App): ReturnType<App[K]> {
    Object.assign(state, { synthesizing: true, judged: undefined });
    try {
      const result = original.call(this) as ReturnType<App[K]>;
      if (method === 'synth') {
        writeBaselines(state.judged?.baselines ?? []);
        process.stderr.write((state.judged?.notes ?? []).map((line) => `${line}\n`).join(''));
      }
      return result;
    } finally {
      Object.assign(state, { synthesizing: false, judged: undefined });
    }
  };
  Object.defineProperty(app, method, { value: wrapped, enumerable: false, configurable: true, writable: true });
}

function validate(root: IConstruct, state: State): string[] {
  if (hardensAnything(root)) {
    hardenObjects(root, new ControlsResolver(root, ClusterProfile.of(root).kubernetesVersion));
  }
  if (state.checkedElsewhere) {
    return [];
  }
  const { imageMirror } = ClusterProfile.of(root);
  if (imageMirror) {
    // Its own validation comes later where the controls were attached before the profile.
    mirrorPresentObjects(root, imageMirror);
  }
  const constructs = root.node.findAll().length;
  if (!state.synthesizing || state.judged?.constructs !== constructs) {
    const judgement = unchecked(state, () => judge(root));
    state.judged = {
      errors: judgement ? errorsOf(judgement) : [],
      notes: judgement ? notesOf(judgement) : [],
      baselines: judgement?.outcome.baselineUpdates ?? [],
      constructs,
    };
    if (!state.synthesizing && state.judged.errors.length === 0) {
      // Nobody tells here when the outputs are written.
      writeBaselines(state.judged.baselines);
    }
  }
  return [...state.judged.errors];
}

/** Undefined where another validation fails: objects that aren't right yet need not be writable, and nothing will be written. */
function judge(root: IConstruct): Judgement | undefined {
  // Validations of what is below complete objects, for instance with the namespace that they are in; cdk8s runs them again and reports them.
  const others = root.node.children.flatMap((child) => child.node.findAll()).flatMap((construct) => construct.node.validate());
  forgetWaiverEffects(root);
  return others.length > 0 ? undefined : judgeTree(root, writtenObjects(root), { version: ClusterProfile.of(root).kubernetesVersion });
}

/** What cdk8s will write: what objects say, but for charts that render themselves. */
function writtenObjects(root: IConstruct): CheckedObject[] {
  const asksCharts = !(root instanceof App) || root.yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  const rendersItself = (chart: Chart | undefined) => asksCharts && chart !== undefined && chart.toJson !== Chart.prototype.toJson;
  return root.node.findAll().flatMap((construct): CheckedObject[] => {
    if (Chart.isChart(construct) && rendersItself(construct)) {
      const documents: unknown[] = Object.values(construct.toJson());
      return documents.map((json) => ({ json, construct: objectOfDocument(construct, json) ?? construct }));
    }
    return ApiObject.isApiObject(construct) && !rendersItself(chartOf(construct)) ? [{ json: construct.toJson() as unknown, construct }] : [];
  });
}

function chartOf(construct: IConstruct): Chart | undefined {
  return construct.node.scopes.reverse().find((scope): scope is Chart => Chart.isChart(scope));
}

function errorsOf({ outcome, waiverFailures, otherFailures }: Judgement): string[] {
  const enforced = outcome.findings.filter(({ status }) => status === 'enforced').map((each) => (
    `${each.severity.toUpperCase()} ${each.control}: ${each.resource} (${each.constructPath}): ${each.path ?? 'the object'} is ${each.got}; expected: ${each.expected}. ${each.fix}`
  ));
  return [...enforced, ...waiverFailures, ...otherFailures];
}

/** What has to be said though nothing fails. */
function notesOf({ outcome }: Judgement): string[] {
  const warned = findingLines(outcome.findings.filter(({ status }) => status === 'warned'), MOST_SHOWN);
  const expiring = outcome.waivers.filter(({ state }) => state === 'expiring');
  return [
    ...warned,
    ...expiring.map(({ waiver, declaredAt }) => `waiver of ${waiver.control} for ${waiver.resource} (${declaredAt}) ends on ${waiver.expires}`),
    ...outcome.baselineUpdates.map(({ path, findings }) => `${path}: written with ${plural(findings, 'finding')}`),
  ];
}
