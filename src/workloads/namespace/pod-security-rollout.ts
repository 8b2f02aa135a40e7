import { Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Json } from '../../controls/path';
import { checkOnValidation } from '../../controls/results/plain-app';
import { lowerLevel, PodSecurityLevel } from '../../controls/waivers/pod-security-level';
import { acceptFindings, CatalogFinding, catalogFindings, checkException, ReviewedException } from '../../controls/waivers/reviewed-exception';
import { waiverEffects } from '../../controls/waivers/waiver-effects';
import { checkChoice } from '../../core/choice';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkMadeBy, markAs } from '../../core/made-by';

/** What a namespace enforces until its pods meet "restricted". */
export enum InterimPodSecurity {
  /** Everything is let in. */
  PRIVILEGED = 'privileged',
  /** What is known to take a node is refused: privileged containers, the node's namespaces and files. */
  BASELINE = 'baseline',
}

/** Labels of a namespace that Pod Security admission reads. */
export const POD_SECURITY = 'pod-security.kubernetes.io/';
const MODES = ['enforce', 'audit', 'warn'] as const;

/**
 * How far a namespace with live workloads has come on the way to Pod Security Standards "restricted": first look at the audit log, then tell whoever
 * applies pods, then refuse. Pods that run already stay in any phase; those that take their place are judged anew.
 */
export class PodSecurityRollout {
  /**
   * Pods that "restricted" refuses are noted in the audit log. Nobody else sees it. Begin here.
   * @param enforced what is refused meanwhile
   * @param exception why less than "restricted" is enforced
   */
  public static audit(enforced: InterimPodSecurity, exception: ReviewedException): PodSecurityRollout {
    return new PodSecurityRollout('audit', enforced, exception);
  }

  /**
   * Whoever applies pods that "restricted" refuses is warned, and it is noted in the audit log.
   * @param enforced what is refused meanwhile
   * @param exception why less than "restricted" is enforced. None is needed where baseline is: no control asks for more than that and the warning
   */
  public static warn(enforced: InterimPodSecurity, exception?: ReviewedException): PodSecurityRollout {
    return new PodSecurityRollout('warn', enforced, exception);
  }

  /** Pods that "restricted" refuses are refused. */
  public static enforce(): PodSecurityRollout {
    return new PodSecurityRollout('enforce', 'restricted');
  }

  private readonly levels: Record<typeof MODES[number], PodSecurityLevel>;

  private constructor(phase: typeof MODES[number], enforced: PodSecurityLevel, private readonly exception?: ReviewedException) {
    if (phase !== 'enforce') {
      checkChoice(enforced as InterimPodSecurity, InterimPodSecurity, 'InterimPodSecurity', 'enforced', `PodSecurityRollout.${phase}`);
    }
    this.levels = { enforce: enforced, audit: 'restricted', warn: phase === 'audit' ? enforced : 'restricted' };
    markAs('PodSecurityRollout', this);
  }

  /**
   * The labels of a namespace, pinned to a version: an upgrade of the API server alone changes nothing, an upgrade of the profile does.
   * @internal
   */
  public _labels({ effective }: KubernetesVersion): Record<string, string> {
    return Object.fromEntries(MODES.flatMap((mode) => [[`${POD_SECURITY}${mode}`, this.levels[mode]], [`${POD_SECURITY}${mode}-version`, `v${effective}`]]));
  }

  /**
   * The labels of a namespace in which something may be waived: Pod Security admission knows no exemption for one object, so that what is waived lowers
   * the level that is enforced, and policies keep the rest.
   * @internal
   */
  public _labelsOf(namespace: IConstruct, name: string, version: KubernetesVersion): Record<string, string> {
    const enforced: unknown = Lazy.any({ produce: () => lowerLevel(this.levels.enforce, waiverEffects(namespace).levels.get(name) ?? 'restricted') });
    return { ...this._labels(version), [`${POD_SECURITY}enforce`]: enforced as string };
  }

  /**
   * @throws if an exception is missing, not needed, not whole, over or too long
   * @internal
   */
  public _check(version: KubernetesVersion, at: IConstruct): void {
    checkException(this.exception, this.findings({ name: 'any' }, version), 'podSecurity.exception', at);
  }

  /**
   * Accepts what is found of the Namespace for the phase that it is in, also where no controls are attached: policies let it through then.
   * @internal
   */
  public _accept(namespace: IConstruct, name: string, version: KubernetesVersion): void {
    const { exception } = this;
    if (exception) {
      checkOnValidation(namespace.node.root);
      const accepted = this.findings({ name }, version).map((finding) => ({ finding, exception }));
      acceptFindings(namespace, namespaceWith({ name }), accepted, namespace.node.path);
    }
  }

  private findings(metadata: Json, version: KubernetesVersion): CatalogFinding[] {
    const found = (rollout: PodSecurityRollout) => catalogFindings(namespaceWith({ ...metadata, labels: rollout._labels(version) }), version);
    const always = found(PodSecurityRollout.enforce()).map(keyOf);
    return found(this).filter((each) => !always.includes(keyOf(each)));
  }
}

/** Checks the phase of a namespace. */
export function podSecurityOf(given: PodSecurityRollout | undefined, version: KubernetesVersion, at: IConstruct): PodSecurityRollout {
  const rollout = given ?? PodSecurityRollout.enforce();
  const fix = 'Take, for instance, PodSecurityRollout.warn(InterimPodSecurity.BASELINE).';
  checkMadeBy('PodSecurityRollout', rollout, { at, property: 'podSecurity', fix })._check(version, at);
  return rollout;
}

function namespaceWith(metadata: Json): Json {
  return { apiVersion: 'v1', kind: 'Namespace', metadata };
}

function keyOf({ control, path, value }: CatalogFinding): string {
  return JSON.stringify([control.id, path, value]);
}
