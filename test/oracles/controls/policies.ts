import { ask } from './ask';
import { Judgement, Verdict } from './verdicts';
import { policyBinding, PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { policyName, policyObstacle, validatingPolicy } from '../../../src/controls/admission/validating-policy';
import { ActsAt, Control } from '../../../src/controls/control';
import { ControlSet, Violation } from '../../../src/controls/control-set';
import { showPath } from '../../../src/controls/path';
import { PodTemplateLocation } from '../../../src/controls/subject';
import { ALL_TEMPLATES } from '../../../src/controls/template-kinds';
import { show } from '../../../src/core/errors';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { SERVICE_ACCOUNTS } from '../../support/generated-objects/options';
import { DryRun, PolicyServer } from '../policy-server';

/** So many policies about pods may warn of one object: the server cuts warnings in all at 4,096 characters, and these take some 110 each. */
const AT_A_TIME = 30;

export interface PoliciesOptions {
  /** Of the first namespaces of ours. */
  readonly labels: readonly Record<string, string>[];
  /** Namespaces where no policy acts. */
  readonly excluded: readonly string[];
}

/** A namespace in which some of the policies about pods act. */
interface Part {
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly controls: ReadonlySet<string>;
}

/** What the API server answers in one of the parts, with the object that was sent. */
export interface Answer {
  readonly sent: any;
  readonly dryRun: DryRun;
}

/** Sends an object that is in the right namespace. */
type Send = (object: any) => Promise<DryRun>;

/**
 * The policies of controls on a real API server, beside the check at synth. All of them warn. Those about pods act in one of a few namespaces of
 * ours each, so that no warning is cut, and in every namespace that isn't ours.
 */
export class Policies {
  /** Why a control can't be compared: it acts on one side only. */
  static obstacle(control: Control, version: KubernetesVersion): string | undefined {
    return policyObstacle(control, version) ?? (control.actsAt === ActsAt.ADMISSION ? `It acts in the API server only: ${control.actsAtReason}` : undefined);
  }

  static async install(server: PolicyServer, controls: readonly Control[], { labels, excluded }: PoliciesOptions): Promise<Policies> {
    const version = KubernetesVersion.of(`1.${server.minor}`);
    const ofTemplates = controls.filter(({ appliesTo }) => appliesTo.isPodTemplates).map(({ id }) => id);
    const count = Math.max(labels.length, Math.ceil(ofTemplates.length / AT_A_TIME));
    const parts = Array.from({ length: count }, (_, i): Part => ({
      namespace: `part-${i}`, labels: labels[i] ?? {}, controls: new Set(ofTemplates.filter((__, j) => j % count === i)),
    }));
    for (const { namespace, labels: own } of parts) {
      await inhabited(server, namespace, own);
    }
    const policies = controls.map((control) => validatingPolicy(terse(control), { version }));
    await server.apply(policies);
    await server.apply(controls.map((control) => {
      const others = parts.filter((part) => control.appliesTo.isPodTemplates && !part.controls.has(control.id));
      return policyBinding(control, { phase: PolicyPhase.WARN, suffix: 'x', excludedNamespaces: [...excluded, ...others.map(({ namespace }) => namespace)] });
    }));
    await server.settle();
    const byPolicy = new Map(controls.map((control) => [policyName(control), control.id]));
    return new Policies(server, parts, byPolicy, new ControlSet(controls, version, ALL_TEMPLATES));
  }

  private constructor(
    private readonly server: PolicyServer,
    private readonly parts: readonly Part[],
    private readonly byPolicy: ReadonlyMap<string, string>,
    private readonly set: ControlSet,
  ) {
  }

  /** The same policies beside other controls at synth. */
  against(controls: readonly Control[]): Policies {
    return new Policies(this.server, this.parts, this.byPolicy, new ControlSet(controls, this.set.version, ALL_TEMPLATES));
  }

  /** In every part where the kind of object makes a difference, what the server says to it, and the check at synth to what was sent. */
  async judge(object: any, send: Send = (each) => ask(this.server, each)): Promise<{ answers: Answer[]; judgements: Judgement[] }> {
    const location = this.set.controlsFor(object).location;
    const parts = location ? this.parts : this.parts.slice(0, 1);
    const answers = await Promise.all(parts.map(async ({ namespace }): Promise<Answer> => {
      const sent = object.metadata.namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
      return { sent, dryRun: await send(sent) };
    }));
    return { answers, judgements: answers.map((answer, i) => this.judgement(answer, location, location && parts[i])) };
  }

  /** As `judge`, in the object's own namespace, where all policies act. */
  async judgeInPlace(object: any): Promise<Judgement> {
    return this.judgement({ sent: object, dryRun: await ask(this.server, object) }, this.set.controlsFor(object).location);
  }

  private judgement({ sent, dryRun }: Answer, location: PodTemplateLocation | undefined, part?: Part): Judgement {
    // Policies come before the look whether the name is taken.
    if (dryRun.unjudged && dryRun.body.reason !== 'AlreadyExists') {
      return { object: sent, invalid: `${sent.kind}: ${dryRun.message}`, verdicts: [] };
    }
    const violations = new Map(this.set.violations(sent).map((each) => [each.control.id, each]));
    const messages = new Map(dryRun.policies.map(({ policy, message }) => [this.byPolicy.get(policy)!, message]));
    const { ofObject, ofTemplates } = this.set.controlsFor(sent);
    const here = location ? ofTemplates.filter(({ control }) => !part || part.controls.has(control.id)) : [];
    const ids = new Set([...[...ofObject, ...here].map(({ control }) => control.id), ...messages.keys()]);
    return { object: sent, verdicts: [...ids].map((id) => verdict(id, violations.get(id), messages.get(id))) };
  }
}

/** A namespace with the service accounts of generated Pods, without which the server takes none. */
export async function inhabited(server: PolicyServer, namespace: string, labels: Record<string, string> = {}): Promise<void> {
  await server.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    ...SERVICE_ACCOUNTS.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } })),
  ]);
}

/** With short messages, so that many fit into an answer. What it asks is the same. */
function terse(control: Control): Control {
  return new Control({ ...control, title: 'T', remediation: 'R' });
}

const MESSAGE = /^T(?:; not met by (?<names>.*))?\. R\.$/;
/** A message names up to three containers. */
const MANY = /^(.*), (.*) and (\d+) more$/;

/** Both sides agree if both find nothing, or both find something and name the same containers. An expression that fails is no verdict. */
function verdict(rule: string, violation: Violation | undefined, message: string | undefined): Verdict {
  const synth = violation?.faults.map(({ place, got }) => `${showPath(place)} is ${show(got)}`).join('; ') ?? '';
  const said = message === undefined ? undefined : MESSAGE.exec(message);
  const names: string | undefined = said?.groups!.names;
  const agrees = violation && said ? names === undefined || sameContainers(names, violation) : !violation && message === undefined;
  return { rule, synth, server: message ?? '', agrees };
}

/** Where the check at synth finds something outside containers, a policy may name what inherits it. */
function sameContainers(names: string, { faults }: Violation): boolean {
  const inContainers = new Set(faults.map(({ container }) => container).filter((each) => each !== undefined));
  const isOutside = faults.some(({ container }) => container === undefined);
  const [, first, second, more] = MANY.exec(names) ?? [];
  const named = first === undefined ? names.split(', ') : [first, second];
  const count = named.length + Number(more ?? 0);
  return isOutside
    ? count >= inContainers.size && (more !== undefined || [...inContainers].every((each) => named.includes(each)))
    : count === inContainers.size && named.every((name) => inContainers.has(name));
}
