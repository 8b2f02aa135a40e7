import { OidcIssuer, TokenExtra, TokenRule } from './oidc-issuer';
import { TokenClaim } from './token-claim';
import { invalid } from '../../core/errors';
import { checkHttpsAddress } from '../../core/https-address';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { checkMadeBy } from '../../core/made-by';
import { checkCertificates } from '../pki/pem-certificates';

const AT = 'Authentication';
const ISSUER: KnownProps<OidcIssuer> = {
  url: true, audiences: true, certificateAuthority: true, discoveryUrl: true, username: true, groups: true, uid: true, extra: true,
  requiredClaims: true, claimRules: true, userRules: true,
};
const RULE: KnownProps<TokenRule> = { expression: true, message: true };
const EXTRA: KnownProps<TokenExtra> = { key: true, valueExpression: true };

/** An issuer with its defaults, copied and checked, but for its URL, which may be the profile's. */
export interface CheckedIssuer {
  readonly url?: string;
  readonly audiences: readonly string[];
  readonly certificateAuthority?: string;
  readonly discoveryUrl?: string;
  readonly username: TokenClaim;
  readonly groups?: TokenClaim;
  readonly uid?: TokenClaim;
  readonly extra: readonly TokenExtra[];
  readonly requiredClaims: readonly (readonly [claim: string, value: string])[];
  readonly claimRules: readonly TokenRule[];
  readonly userRules: readonly TokenRule[];
}

/** Refuses what the API server would refuse, or would load and accept tokens by that nobody meant. */
export function checkIssuer(issuer: OidcIssuer, property: string): CheckedIssuer {
  checkProps(issuer, ISSUER, { at: AT, property });
  for (const name of ['url', 'discoveryUrl'] as const) {
    if (issuer[name] !== undefined) {
      checkHttpsAddress(issuer[name], `${property}.${name}`, { pathAllowed: true }, AT);
    }
  }
  const claim = (name: 'username' | 'groups' | 'uid') => issuer[name] === undefined ? undefined : checkMadeBy('TokenClaim', issuer[name], {
    at: AT, property: `${property}.${name}`, fix: 'Make it by TokenClaim.prefixed(\'sub\', \'oidc:\'), with a prefix, or TokenClaim.expression(…).',
  });
  return Object.freeze({
    url: issuer.url,
    audiences: checkAudiences(issuer.audiences, `${property}.audiences`),
    certificateAuthority: issuer.certificateAuthority === undefined
      ? undefined : checkCertificates(issuer.certificateAuthority, `${property}.certificateAuthority`, AT),
    discoveryUrl: issuer.discoveryUrl,
    username: claim('username') ?? TokenClaim.prefixed('sub', 'oidc:'),
    groups: claim('groups'),
    uid: checkUid(claim('uid'), `${property}.uid`),
    extra: checkExtra(issuer.extra ?? [], `${property}.extra`),
    requiredClaims: checkRequired(issuer.requiredClaims ?? {}, `${property}.requiredClaims`),
    claimRules: checkRules(issuer.claimRules ?? [], `${property}.claimRules`),
    userRules: checkRules(issuer.userRules ?? [], `${property}.userRules`),
  });
}

function checkAudiences(audiences: string[], property: string): readonly string[] {
  const list = checkList(audiences, property, 'audiences', AT);
  if (list.length === 0) {
    throw refused(property, list, 'at least one audience', 'Name the client id of this cluster: without it tokens made out to other programs would be accepted.');
  }
  checkTexts(list, property, 'audiences without blanks and control characters, each once', 'Correct or remove it.');
  return Object.freeze(list);
}

function checkUid(uid: TokenClaim | undefined, property: string): TokenClaim | undefined {
  if (uid?.prefix) {
    throw refused(property, uid.prefix, 'a claim with an empty prefix, or an expression', 'Write TokenClaim.prefixed(\'sub\', \'\'): the API server knows no prefix of a uid.');
  }
  return uid;
}

function checkExtra(extra: TokenExtra[], property: string): readonly TokenExtra[] {
  const list = checkList(extra, property, 'facts', AT);
  const keys = list.map((entry, i) => {
    checkProps(entry, EXTRA, { at: AT, property: `${property}[${i}]` });
    const { key, valueExpression } = entry;
    const domain = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)\/[a-z0-9._-]+(\/[a-z0-9._-]+)*$/.exec(key)?.[1];
    if (domain === undefined || /(^|\.)(k8s|kubernetes)\.io$/.test(domain)) {
      throw refused(`${property}[${i}].key`, key, 'a domain of your own (not k8s.io or kubernetes.io), a slash and a path, in lower case', 'Write for instance example.com/tenant.');
    }
    checkExpression(valueExpression, `${property}[${i}].valueExpression`);
    return key;
  });
  checkTexts(keys, property, 'keys that appear once', 'Merge the two.');
  return Object.freeze(list.map((entry) => Object.freeze({ ...entry })));
}

function checkRequired(claims: { [claim: string]: string }, property: string): readonly (readonly [string, string])[] {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw refused(property, claims, 'texts by the name of their claim', 'Write for instance { hd: \'example.com\' }.');
  }
  const entries = Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1));
  const wrong = entries.find(([claim, value]) => !/^[^\s\p{Cc}=]+$/u.test(claim) || typeof value !== 'string' || !/^\P{Cc}+$/u.test(value));
  if (wrong) {
    throw refused(`${property}.${wrong[0]}`, wrong[1], 'a text that is not empty and has no control characters, for a claim without blanks and =',
      'Say what the claim must be; compare other types in claimRules.');
  }
  return Object.freeze(entries);
}

function checkRules(rules: TokenRule[], property: string): readonly TokenRule[] {
  const list = checkList(rules, property, 'rules', AT);
  list.forEach((rule, i) => {
    checkProps(rule, RULE, { at: AT, property: `${property}[${i}]` });
    checkExpression(rule.expression, `${property}[${i}].expression`);
  });
  checkTexts(list.map(({ expression }) => expression), property, 'expressions that appear once', 'Remove the second.', /^[^]*$/);
  return Object.freeze(list.map((rule) => Object.freeze({ ...rule })));
}

function checkExpression(expression: string, property: string): void {
  if (typeof expression !== 'string' || expression.trim() === '') {
    throw refused(property, expression, 'a CEL expression', 'Write one, or leave the entry out.');
  }
}

function checkTexts(list: readonly string[], property: string, allowed: string, fix: string, form: RegExp = /^[^\s\p{Cc}]+$/u): void {
  const wrong = list.findIndex((text, i) => typeof text !== 'string' || !form.test(text) || list.indexOf(text) !== i);
  if (wrong >= 0) {
    throw refused(`${property}[${wrong}]`, list[wrong], allowed, fix);
  }
}

function refused(property: string, got: unknown, allowed: string, fix: string): Error {
  return invalid({ at: AT, property, got, allowed, fix });
}
