import { AuthorizationWebhook } from './authorization-webhook';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { checkConnection, WebhookConnection } from '../component/webhook-kubeconfig';
import { checkWholeNumber } from '../whole-number';

const AT = 'Authorization';
const WEBHOOK: KnownProps<AuthorizationWebhook> = {
  name: true, server: true, certificateAuthority: true, clientCertificatePath: true, clientKeyPath: true, ownUsers: true, exemptGroups: true,
  exemptUsers: true, matchConditions: true, timeoutSeconds: true,
};
const CONTROLLERS = ['system:kube-controller-manager', 'system:kube-scheduler'];
const EVERYBODY = ['system:authenticated', 'system:unauthenticated', 'system:serviceaccounts'];
/** The API server takes 64; four are ours at most. */
const MOST_CONDITIONS = 60;

/** A webhook with its defaults, copied and checked. */
export interface CheckedWebhook extends WebhookConnection {
  readonly name: string;
  readonly exemptGroups: readonly string[];
  readonly exemptUsers: readonly string[];
  readonly matchConditions: readonly string[];
  readonly timeoutSeconds: number;
}

/** Refuses what the API server would refuse or stop at, and what would lock everybody out or the webhook up. */
export function checkWebhook(webhook: AuthorizationWebhook, property: string): CheckedWebhook {
  checkProps(webhook, WEBHOOK, { at: AT, property });
  if (webhook.ownUsers === undefined) {
    throw refused(`${property}.ownUsers`, undefined, 'the users that the webhook makes requests as', 'List them, for instance [\'system:serviceaccount:opa:opa\'], or [] if it makes no requests.');
  }
  const ownUsers = checkNames(webhook.ownUsers, `${property}.ownUsers`);
  const exemptUsers = checkNames(webhook.exemptUsers ?? CONTROLLERS, `${property}.exemptUsers`);
  return Object.freeze({
    name: checkName(webhook.name, `${property}.name`),
    ...checkConnection(webhook, property, { at: AT, unanswered: 'what the webhook does not answer is denied' }),
    exemptGroups: Object.freeze([...new Set(['system:nodes', ...checkGroups(webhook.exemptGroups ?? [], `${property}.exemptGroups`)])]),
    exemptUsers: Object.freeze([...new Set([...ownUsers, ...exemptUsers])]),
    matchConditions: checkConditions(webhook.matchConditions ?? [], `${property}.matchConditions`),
    timeoutSeconds: checkWholeNumber(webhook.timeoutSeconds ?? 3, 1, 30, {
      at: AT, property: `${property}.timeoutSeconds`, fix: 'Leave it out for 3: every request waits for the answer.',
    }),
  });
}

function checkName(name: string, property: string): string {
  if (['node', 'rbac'].includes(checkDnsLabel(name, property, AT))) {
    throw refused(property, name, 'a name other than node and rbac, which are those of the built-in authorizers', 'Rename it.');
  }
  return name;
}

function checkGroups(groups: string[], property: string): string[] {
  const everybody = checkNames(groups, property).find((group) => EVERYBODY.includes(group));
  if (everybody !== undefined) {
    throw refused(property, everybody, `groups other than ${EVERYBODY.join(', ')}`, 'Name smaller groups: the webhook would hardly be asked about anything.');
  }
  return groups;
}

function checkNames(names: string[], property: string): string[] {
  const list = checkList(names, property, 'names', AT);
  const wrong = list.find((name) => typeof name !== 'string' || !/^[^\s'"\\*]+$/.test(name));
  if (wrong !== undefined) {
    throw refused(property, wrong, 'whole names without blanks, quotes, backslashes and wildcards', 'Write for instance system:serviceaccount:opa:opa.');
  }
  return list;
}

function checkConditions(conditions: string[], property: string): readonly string[] {
  const list = checkList(conditions, property, 'CEL expressions', AT);
  const wrong = list.findIndex((condition, i) => typeof condition !== 'string' || condition.trim() === '' || list.indexOf(condition) !== i);
  if (wrong >= 0) {
    throw refused(`${property}[${wrong}]`, list[wrong], 'a CEL expression that appears once', 'Correct or remove it.');
  }
  if (list.length > MOST_CONDITIONS) {
    throw refused(property, list.length, `at most ${MOST_CONDITIONS} conditions`, 'Join some by &&.');
  }
  return Object.freeze(list);
}

function refused(property: string, got: unknown, allowed: string, fix: string): Error {
  return invalid({ at: AT, property, got, allowed, fix });
}
