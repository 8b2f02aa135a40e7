import { posix } from 'path';
import { IConstruct } from 'constructs';
import { invalid } from '../core/errors';
import { isTerraformStack, TerraformStackLike } from '../core/tree-outputs';

/** A file of `cdktf.out/`, with its path inside that folder. */
export interface TerraformFile {
  readonly path: string;
  readonly content: string;
}

type Json = Record<string, unknown>;

/** What cdktf's own app uses of a stack. All of it is reached through the object, so that cdktf itself is never loaded. */
interface Stack extends TerraformStackLike {
  readonly cdktfVersion?: string;
  readonly dependencies: Stack[];
  prepareStack(): void;
  addDependency(dependency: Stack): void;
  registerOutgoingCrossStackReference(identifier: string): { readonly friendlyUniqueId: string };
  registerIncomingCrossStackReference(fromStack: Stack): { getString(output: string): string };
}

interface EvaluatedStack {
  readonly stack: Stack;
  readonly annotations: Annotation[];
  readonly configuration: Json;
}

interface Annotation {
  readonly constructPath: string;
  readonly level: string;
  readonly message: unknown;
}

const APP = Symbol.for('cdktf/App');
const BACKEND = Symbol.for('cdktf/TerraformBackend');
const CUSTOM_SYNTHESIS = Symbol.for('cdktf/customSynthesis');
/** Not a registered symbol, hence found by its description. */
const ASPECTS = 'cdktf-aspects';
const ANNOTATION_LEVELS = ['@cdktf/info', '@cdktf/warn', '@cdktf/error'];

/**
 * Evaluates every Terraform stack below the root, in the steps and the layout of cdktf's own app: `stacks/<name>/cdk.tf.json` and
 * `manifest.json`. Writes nothing and loads no cdktf: a stack brings its own.
 *
 * @throws if two stacks have one name or keep their state in one place, a stack has no backend, writes files besides its configuration, or fails its own validations
 */
export function evaluateTerraform(root: IConstruct): TerraformFile[] {
  const stacks = root.node.findAll().filter(isTerraformStack) as Stack[];
  if (stacks.length === 0) {
    return [];
  }
  checkNames(stacks);
  stacks.forEach(checkBackend);
  stacks.forEach(checkCustomSynthesis);
  withCrossStackReferences(root, () => stacks.forEach((stack) => stack.prepareStack()));
  const evaluated = stacks.map((stack): EvaluatedStack => {
    invokeAspects(stack);
    validate(stack);
    return { stack, annotations: annotationsOf(stack), configuration: configurationOf(stack) };
  });
  checkStates(evaluated);
  const manifest = {
    version: versionOf(stacks[0]),
    stacks: Object.fromEntries(evaluated.map(({ stack, annotations }) => [stack.node.id, manifestEntry(stack, annotations)])),
  };
  return [
    ...evaluated.map(({ stack, configuration }) => ({ path: configurationPath(stack), content: toText(configuration) })),
    { path: 'manifest.json', content: toText(manifest) },
  ];
}

function checkNames(stacks: Stack[]): void {
  const byName = new Map<string, Stack>();
  for (const stack of stacks) {
    const name = stack.node.id;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
      throw invalid({
        at: stack,
        property: 'id',
        got: name,
        allowed: 'letters, digits, ".", "_" and "-", beginning with a letter or digit',
        fix: 'Rename the stack: its id is the name of its folder.',
      });
    }
    const other = byName.get(name);
    if (other) {
      throw invalid({
        at: stack,
        property: 'id',
        got: name,
        allowed: `an id that no other stack has; ${other.node.path} has this one`,
        fix: 'Rename one of them: a stack\'s id is the name of its folder, whatever it is nested in.',
      });
    }
    byName.set(name, stack);
  }
}

/** cdktf's own fallback is a state file at an absolute path: the output would depend on the working directory, the state on the machine. */
function checkBackend(stack: Stack): void {
  if (!stack.node.findAll().some((construct) => BACKEND in construct)) {
    throw invalid({
      at: stack,
      property: 'backend',
      got: 'none',
      allowed: 'a backend stated in the stack',
      fix: 'Add one, for instance new S3Backend(stack, { … }): without it the state would be a plain file beside the code.',
    });
  }
}

/** One state holds one stack: applying the second would destroy what the first one made. */
function checkStates(evaluated: EvaluatedStack[]): void {
  const byPlace = new Map<string, Stack>();
  for (const { stack, configuration } of evaluated) {
    const { place, shown, own } = stateOf(stack, configuration);
    const other = byPlace.get(place);
    if (other) {
      throw invalid({
        at: stack,
        property: 'backend',
        got: shown,
        allowed: `a place for the state that no other stack has; ${other.node.path} has this one`,
        fix: `Give one of them another ${own}: applying either would destroy what the other made.`,
      });
    }
    byPlace.set(place, stack);
  }
}

/** Where the state of a stack is, in words that hold no credentials, and what makes the place its own. */
function stateOf(stack: Stack, configuration: Json): { readonly place: string; readonly shown: string; readonly own: string } {
  const { backend } = configuration.terraform as { readonly backend: Record<string, Json> };
  const [type, settings] = Object.entries(backend)[0];
  if (type === 's3') {
    const place = `s3://${settings.bucket}/${settings.key}`;
    return { place, shown: place, own: 'key (StateBackend.s3 without one makes it of the cluster\'s and the stack\'s name)' };
  }
  if (type === 'local') {
    const place = posix.join('stacks', stack.node.id, String(settings.path));
    return { place, shown: place, own: 'path' };
  }
  return { place: `${type} ${toText(settings)}`, shown: type, own: 'place in its settings' };
}

function checkCustomSynthesis(stack: Stack): void {
  const asset = stack.node.findAll().find((construct) => CUSTOM_SYNTHESIS in construct);
  if (asset) {
    throw invalid({
      at: asset,
      property: 'asset',
      got: asset.constructor.name,
      allowed: 'constructs that write nothing but configuration',
      fix: 'Publish the file beforehand and refer to it, or synthesize this stack with cdktf\'s own App.',
    });
  }
}

/**
 * cdktf asks the nearest cdktf app to connect two stacks. For the time of the call the root is that app; it does what cdktf's does:
 * an output in one stack, a remote-state data source in the other.
 */
function withCrossStackReferences(root: IConstruct, work: () => void): void {
  if (APP in root) {
    work();
    return;
  }
  const crossStackReference = (from: Stack, to: Stack, identifier: string): string => {
    to.addDependency(from);
    const output = from.registerOutgoingCrossStackReference(identifier).friendlyUniqueId;
    return to.registerIncomingCrossStackReference(from).getString(output);
  };
  Object.defineProperty(root, APP, { value: true, configurable: true });
  Object.defineProperty(root, 'crossStackReference', { value: crossStackReference, configurable: true });
  try {
    work();
  } finally {
    Reflect.deleteProperty(root, 'crossStackReference');
    Reflect.deleteProperty(root, APP);
  }
}

interface Aspect {
  visit(construct: IConstruct): void;
}

/** As cdktf does: from the stack down, each aspect once a construct, those added while visiting left out. */
function invokeAspects(construct: IConstruct, inherited: Aspect[] = []): void {
  const own = aspectsOf(construct);
  const all = [...new Set([...inherited, ...own])];
  all.forEach((aspect) => aspect.visit(construct));
  construct.node.children.forEach((child) => invokeAspects(child, all));
}

function aspectsOf(construct: IConstruct): Aspect[] {
  const symbol = Object.getOwnPropertySymbols(construct).find((candidate) => candidate.description === ASPECTS);
  return symbol ? (construct as unknown as Record<symbol, { readonly all: Aspect[] }>)[symbol].all : [];
}

function validate(stack: Stack): void {
  const errors = stack.node.findAll().flatMap((construct) => construct.node.validate().map((error) => `[${construct.node.path}] ${error}`));
  if (errors.length > 0) {
    throw invalid({ at: stack, property: 'validation', allowed: 'a stack that passes its own validations', fix: `Resolve: ${errors.join('\n  ')}` });
  }
}

function annotationsOf(stack: Stack): Annotation[] {
  const annotations = stack.node.findAll().flatMap((construct) => construct.node.metadata
    .filter((entry) => ANNOTATION_LEVELS.includes(entry.type))
    .map((entry) => ({ constructPath: construct.node.path, level: entry.type, message: entry.data })));
  const errors = annotations.filter((annotation) => annotation.level === '@cdktf/error');
  if (errors.length > 0) {
    throw invalid({
      at: stack,
      property: 'annotations',
      allowed: 'a stack without annotations of level error',
      fix: `Resolve: ${errors.map((error) => `[${error.constructPath}] ${error.message}`).join('\n  ')}`,
    });
  }
  return annotations;
}

function configurationOf(stack: Stack): Json {
  const configuration = stack.toTerraform();
  const note = configuration['//'] as { metadata: Json } | undefined;
  if (note) {
    note.metadata.version ??= versionOf(stack);
  }
  checkLocalPath(stack, configuration);
  return configuration;
}

function checkLocalPath(stack: Stack, configuration: Json): void {
  const terraform = configuration.terraform as { backend?: { local?: { path?: string } } } | undefined;
  const path = terraform?.backend?.local?.path;
  if (path !== undefined && /^(\/|[A-Za-z]:[\\/])/.test(path)) {
    throw invalid({
      at: stack,
      property: 'backend',
      got: path,
      allowed: 'a local state at a relative path',
      fix: 'Give LocalBackend a relative path: it counts from the folder of the stack, whatever machine that is on.',
    });
  }
}

/** The version of the cdktf that made the stack, as jsii notes it on the class. */
function versionOf(stack: Stack): string {
  for (let type: unknown = stack.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const note = Object.getOwnPropertyDescriptor(type, Symbol.for('jsii.rtti'))?.value as { fqn: string; version: string } | undefined;
    if (note?.fqn.endsWith('.TerraformStack')) {
      return note.version;
    }
  }
  return 'unknown';
}

function configurationPath(stack: Stack): string {
  return `stacks/${stack.node.id}/cdk.tf.json`;
}

function manifestEntry(stack: Stack, annotations: Annotation[]): Json {
  const name = stack.node.id;
  return {
    name,
    constructPath: stack.node.path,
    workingDirectory: `stacks/${name}`,
    synthesizedStackPath: configurationPath(stack),
    stackMetadataPath: `stacks/${name}/metadata.json`,
    annotations,
    dependencies: stack.dependencies.map((dependency) => dependency.node.path),
  };
}

function toText(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, sorted(entry)]));
}
