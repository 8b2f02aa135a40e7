import { PolicyGuard } from './policy-guard';
import { Control, isSameControl } from '../../controls/control';
import { ControlPack } from '../../controls/pack';
import { checkBoolean } from '../../core/boolean';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid, InvalidInput } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { checkMadeBy, markAs } from '../../core/made-by';

const AT = 'StaticPolicies';

/** Policies that lie in files on the control-plane nodes. */
export interface StaticPoliciesProps {
  /** Who may still create, change and delete the policies in the API: whoever applies the app's `AdmissionPolicies`. */
  readonly guard: PolicyGuard;
  /**
   * What is refused, in all namespaces but the system's. Choose what never has to give way in a hurry, such as `ControlPack.pssBaseline()`: a change,
   * and a waiver, takes effect once the files are on every control-plane node.
   * @default - what the app's AdmissionPolicies in PolicyPhase.DENY refuse, and in the same namespaces; at least one set of them has to be there
   */
  readonly packs?: ControlPack[];
  /**
   * Namespaces that `packs` leave out besides those of the system (`ClusterProfile.systemNamespaces`).
   * @default - none
   */
  readonly excludedNamespaces?: string[];
  /**
   * Whether Pods are also brought up to the controls as they are created, by MutatingAdmissionPolicies with their fixes.
   * @default false
   */
  readonly mutate?: boolean;
}

const PROPS: KnownProps<StaticPoliciesProps> = { guard: true, packs: true, excludedNamespaces: true, mutate: true };

/**
 * Controls as admission policies from files of the API server: they act from the first request on, nobody sees them in the API, and nobody can
 * change or remove them but on the control-plane nodes. Beside them a guard refuses changes to the policies that live in the API. From Kubernetes
 * 1.37 on.
 *
 * What is waived in the app is left out of the files too. Whoever may create pods in a namespace that is left out, such as kube-system, can become
 * root on a control-plane node, and remove the files.
 *
 * @throws if a property is unknown or wrong, or two packs have different controls with one id
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/manifest-admission-control/
 */
export class StaticPolicies {
  /** @internal */
  public readonly _guard: PolicyGuard;
  /** @internal */
  public readonly _packs?: readonly ControlPack[];
  /** @internal */
  public readonly _excludedNamespaces: readonly string[];
  /** @internal */
  public readonly _mutate: boolean;

  constructor(props: StaticPoliciesProps) {
    checkProps(props, PROPS, { at: AT });
    this._guard = checkMadeBy('PolicyGuard', props.guard, {
      at: AT, property: 'guard', fix: 'Make it by new PolicyGuard({ users: [ … ] }), with whoever applies the policies in the API.',
    });
    this._packs = props.packs && checkPacks(props.packs);
    this._excludedNamespaces = Object.freeze(checkList(props.excludedNamespaces ?? [], 'excludedNamespaces', 'names', AT)
      .map((name, i) => checkDnsLabel(name, `excludedNamespaces[${i}]`, AT)));
    if (this._excludedNamespaces.length > 0 && !this._packs) {
      throw invalid({
        at: AT, property: 'excludedNamespaces', got: this._excludedNamespaces, allowed: 'none where packs is left out: the namespaces are those of the app\'s AdmissionPolicies',
        fix: 'Name the packs, or leave the namespaces out there.',
      });
    }
    this._mutate = checkBoolean(props.mutate ?? false, 'mutate', false, AT);
    lock(this);
    markAs('StaticPolicies', this);
  }
}

function checkPacks(given: readonly ControlPack[]): readonly ControlPack[] {
  const packs = checkList(given, 'packs', 'ControlPacks', AT).map((pack, i) => checkMadeBy('ControlPack', pack, {
    at: AT, property: `packs[${i}]`, fix: 'Give, for instance, ControlPack.pssBaseline().',
  }));
  if (packs.length === 0) {
    throw invalid({ at: AT, property: 'packs', got: packs, allowed: 'one or more packs', fix: 'Leave it out for what the app\'s AdmissionPolicies deny.' });
  }
  distinctControls(packs.flatMap(({ controls }) => controls), AT);
  return Object.freeze(packs);
}

/** Each control once: a policy has the id of its control for a name. */
export function distinctControls(controls: readonly Control[], at: InvalidInput['at']): Control[] {
  const byId = new Map<string, Control>();
  for (const control of controls) {
    const known = byId.get(control.id);
    if (known && !isSameControl(known, control)) {
      throw invalid({ at, property: 'packs', got: control.id, allowed: 'one control of each id', fix: 'Take the same pack everywhere, or rename one of the two.' });
    }
    byId.set(control.id, known ?? control);
  }
  return [...byId.values()];
}
