import { ApiObject } from 'cdk8s';
import { Container, Workload } from 'cdk8s-plus-28';
import { invalid } from '../../core/errors';

/** What the kubelet reads in the text of a container: an escaped `$`, or a reference. */
const REFERENCE = /\$\$|\$\(([^)]*)\)/g;
/** A variable, and no command of a shell such as `$(date)`, which is meant to be left as it stands. */
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
/** The kubelet tells every container where the API server is. */
const OWN_VARIABLE = /^KUBERNETES_(SERVICE|PORT)(_|$)/;

/** The fields of a container that references are about, as a manifest has them. */
interface Texts {
  readonly command?: string[];
  readonly args?: string[];
  readonly env?: { readonly name: string; readonly value?: string }[];
  readonly envFrom?: unknown[];
}

interface Pod {
  readonly initContainers?: Texts[];
  readonly containers: Texts[];
}

interface PodOwner {
  readonly template?: { readonly spec: Pod };
  readonly jobTemplate?: { readonly spec: PodOwner };
}

/**
 * References to variables that the containers of a workload don't have, as errors for people: the kubelet would leave `$(NAME)` as it stands, and
 * the program would take that for an address or a password.
 */
export function unresolvedReferences(workload: Workload): string[] {
  // Patches may add variables. What is written takes long to make, so it is asked only where something seems to be missing.
  return workload.containers.flatMap((each) => problemsOf(textsOf(each))).length === 0 ? [] : allOf(workload).flatMap(problemsOf);
}

function textsOf(container: Container): Texts {
  const { variables, sources } = container.env;
  return {
    command: container.command,
    args: container.args,
    env: Object.entries(variables).map(([name, { value }]) => ({ name, value: value as string | undefined })),
    envFrom: sources,
  };
}

function allOf(workload: Workload): Texts[] {
  const { spec } = ApiObject.of(workload).toJson() as { readonly spec: PodOwner };
  const { initContainers = [], containers } = (spec.jobTemplate?.spec ?? spec).template!.spec;
  return [...initContainers, ...containers];
}

function problemsOf({ command = [], args = [], env = [], envFrom = [] }: Texts): string[] {
  const names = env.map(({ name }) => name);
  const isMissing = (name: string, known: string[]) => !known.includes(name)
    && (names.includes(name) || (envFrom.length === 0 && VARIABLE.test(name) && !OWN_VARIABLE.test(name)));
  const missing = (text: string | undefined, known: string[]) => referencesIn(text ?? '').filter((name) => isMissing(name, known));
  return [
    ...env.flatMap(({ name, value }, i) => missing(value, names.slice(0, i)).map((each) => problem(`env.${name}`, each))),
    ...Object.entries({ command, args }).flatMap(([property, words]) => (
      words.flatMap((word, i) => missing(word, names).map((each) => problem(`${property}[${i}]`, each)))
    )),
  ];
}

function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([, name]) => name).filter((name) => name !== undefined);
}

function problem(property: string, name: string): string {
  return invalid({
    property,
    got: `$(${name})`,
    allowed: 'references to variables of the container, in env to earlier ones',
    fix: `Set ${name} in env or secretEnv, before it is used (the kubelet doesn't know the image's own variables), or write $$(${name}) for the text itself.`,
  }).message;
}
