import { Yaml } from 'cdk8s';
import { Authentication } from './authentication';
import { TokenRule } from './oidc-issuer';
import { CheckedIssuer } from './oidc-issuer-check';
import { TokenClaim } from './token-claim';
import { invalid } from '../../core/errors';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { has } from '../availability';
import { ApiServerParts } from '../component/api-server-parts';
import { AUTHENTICATION } from '../paths';

type Issuer = CheckedIssuer & { readonly url: string };

const SET_BY = 'Authentication';
const HEALTH_PATHS = ['/livez', '/readyz', '/healthz'];
const CLUSTER_INFO = '/api/v1/namespaces/kube-public/configmaps/cluster-info';
const VERIFIED_EMAIL: TokenRule = {
  expression: 'has(claims.email_verified) && claims.email_verified == true',
  message: 'the email address is not verified',
};
const NO_SYSTEM_NAMES: TokenRule[] = [
  { expression: '!user.username.startsWith(\'system:\')', message: 'user names that begin with system: are Kubernetes\' own' },
  {
    expression: '!has(user.groups) || user.groups.all(group, !group.startsWith(\'system:\'))',
    message: 'group names that begin with system: are Kubernetes\' own',
  },
];

/**
 * Adds the flags and mounts, and returns the files. AuthenticationConfiguration is v1 from 1.34 on, v1beta1 from 1.30 on, and limits anonymous
 * requests from 1.32 on; before 1.30 there are the `--oidc-*` flags. The whole folder is mounted: the API server rereads the issuers when the
 * file is replaced, and a mounted file would stay the old one.
 */
export function addAuthentication(authentication: Authentication, parts: ApiServerParts): NodeFileProps[] {
  const version = parts.profile.kubernetesVersion;
  const issuers = authentication._issuers.map((issuer, i) => withUrl(issuer, i, parts));
  checkDistinct(issuers, parts);
  const limitsAnonymous = has(version, 'anonymous conditions');
  if (issuers.length === 0 && !limitsAnonymous) {
    return [];
  }
  if (!has(version, 'AuthenticationConfiguration v1beta1')) {
    return addOidcFlags(issuers, parts);
  }
  parts.flags.set('authentication-config', AUTHENTICATION.config, SET_BY);
  addMount(parts);
  const content = Yaml.stringify({
    apiVersion: `apiserver.config.k8s.io/${has(version, 'AuthenticationConfiguration v1') ? 'v1' : 'v1beta1'}`,
    kind: 'AuthenticationConfiguration',
    jwt: issuers.map(jwt),
    ...(limitsAnonymous ? { anonymous: { enabled: true, conditions: anonymousPaths(authentication).map((path) => ({ path })) } } : {}),
  });
  return [{ path: AUTHENTICATION.config, content, kind: NodeFileKind.RESTRICTED }];
}

function anonymousPaths({ tokenDiscovery }: Authentication): string[] {
  return tokenDiscovery ? [...HEALTH_PATHS, CLUSTER_INFO] : HEALTH_PATHS;
}

function jwt(issuer: Issuer): object {
  const { audiences, certificateAuthority, discoveryUrl, username, groups, uid, extra, requiredClaims, claimRules, userRules } = issuer;
  return {
    issuer: {
      url: issuer.url,
      ...(discoveryUrl === undefined ? {} : { discoveryURL: discoveryUrl }),
      ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
      audiences: [...audiences],
      ...(audiences.length > 1 ? { audienceMatchPolicy: 'MatchAny' } : {}),
    },
    claimValidationRules: [
      ...requiredClaims.map(([claim, requiredValue]) => ({ claim, requiredValue })),
      ...rules(usesEmail(username) ? [VERIFIED_EMAIL] : [], claimRules),
    ],
    claimMappings: {
      username: mapping(username),
      ...(groups === undefined ? {} : { groups: mapping(groups) }),
      ...(uid === undefined ? {} : { uid: uid.cel === undefined ? { claim: uid.claim } : { expression: uid.cel } }),
      ...(extra.length === 0 ? {} : { extra: extra.map((entry) => ({ ...entry })) }),
    },
    userValidationRules: rules(NO_SYSTEM_NAMES, userRules),
  };
}

/** Each once: the API server refuses to start with the same expression twice. */
function rules(own: TokenRule[], more: readonly TokenRule[]): TokenRule[] {
  const known = own.map(({ expression }) => expression);
  return [...own, ...more.filter(({ expression }) => !known.includes(expression))].map((rule) => ({ ...rule }));
}

function mapping({ claim, prefix, cel }: TokenClaim): object {
  return cel === undefined ? { claim, prefix } : { expression: cel };
}

/** The API server itself asks for a verified address only where an expression reads `claims.email`. */
function usesEmail({ claim, cel }: TokenClaim): boolean {
  return claim === 'email' || /\bemail\b/.test(cel ?? '');
}

function addOidcFlags([issuer, second]: Issuer[], parts: ApiServerParts): NodeFileProps[] {
  const { flags } = parts;
  if (second) {
    throw lacking(parts, 'issuers', 'a second issuer');
  }
  checkExpressible(issuer, parts);
  flags
    .set('oidc-issuer-url', issuer.url, SET_BY)
    .set('oidc-client-id', issuer.audiences[0], SET_BY)
    .set('oidc-username-claim', issuer.username.claim!, SET_BY)
    .set('oidc-username-prefix', issuer.username.prefix!, SET_BY);
  if (issuer.groups) {
    flags.set('oidc-groups-claim', issuer.groups.claim!, SET_BY).set('oidc-groups-prefix', issuer.groups.prefix!, SET_BY);
  }
  for (const [claim, value] of issuer.requiredClaims) {
    flags.set('oidc-required-claim', `${claim}=${value}`, SET_BY);
  }
  if (issuer.certificateAuthority === undefined) {
    return [];
  }
  flags.set('oidc-ca-file', AUTHENTICATION.certificateAuthority, SET_BY);
  addMount(parts);
  return [{ path: AUTHENTICATION.certificateAuthority, content: issuer.certificateAuthority, kind: NodeFileKind.RESTRICTED }];
}

/** What the flags can't say is refused, not left out: tokens would be accepted that nobody meant. */
function checkExpressible(issuer: Issuer, parts: ApiServerParts): void {
  const { audiences, discoveryUrl, username, groups, uid, extra, requiredClaims, claimRules, userRules } = issuer;
  const missing: [string, boolean, string][] = [
    ['audiences', audiences.length > 1, 'a second audience'],
    ['discoveryUrl', discoveryUrl !== undefined, 'a discovery URL'],
    ['username', username.cel !== undefined, 'expressions'],
    ['username', username.claim === 'email', 'a rule that wants email_verified'],
    ['groups', groups?.cel !== undefined, 'expressions'],
    ['uid', uid !== undefined, 'a uid'],
    ['extra', extra.length > 0, 'further facts about users'],
    ['requiredClaims', requiredClaims.length > 1, 'a second required claim'],
    ['claimRules', claimRules.length > 0, 'rules over claims'],
    ['userRules', userRules.length > 0, 'rules over users'],
  ];
  const found = missing.find(([, present]) => present);
  if (found) {
    throw lacking(parts, `issuers[0].${found[0]}`, found[2]);
  }
  for (const [kind, claim] of [['username', username], ['groups', groups]] as const) {
    if (claim && 'system:'.startsWith(claim.prefix!)) {
      throw invalid({
        at: parts.at, property: `authentication.issuers[0].${kind}`, got: claim.prefix,
        allowed: `before Kubernetes 1.30 a prefix that system: does not begin with; the profile has ${parts.profile.kubernetesVersion}`,
        fix: 'Give for instance oidc: as the prefix: this API server has no rules that keep tokens from names of Kubernetes\' own.',
      });
    }
  }
}

function addMount({ mounts }: ApiServerParts): void {
  mounts.add({ name: 'authentication', path: AUTHENTICATION.folder, readOnly: true, pathType: 'Directory' });
}

function withUrl(issuer: CheckedIssuer, index: number, { at, profile }: ApiServerParts): Issuer {
  const url = issuer.url ?? profile.oidcIssuer;
  const property = `authentication.issuers[${index}].url`;
  if (url === undefined) {
    throw invalid({ at, property, got: url, allowed: 'the URL of the issuer, here or as the profile\'s oidcIssuer', fix: 'Give it exactly as tokens name it in iss.' });
  }
  // kubeadm's --service-account-issuer.
  if (url.replace(/\/$/, '') === `https://kubernetes.default.svc.${profile.dnsDomain}`) {
    throw invalid({
      at, property, got: url, allowed: 'an issuer other than the cluster\'s own of service-account tokens', fix: 'Leave it out: those tokens are understood anyway.',
    });
  }
  return { ...issuer, url };
}

function checkDistinct(issuers: Issuer[], { at }: ApiServerParts): void {
  const trimmed = (url: string) => url.replace(/\/+$/, '');
  for (const [property, urls] of [['url', issuers.map(({ url }) => url)], ['discoveryUrl', issuers.map(({ discoveryUrl }) => discoveryUrl)]] as const) {
    const index = urls.findIndex((url, i) => url !== undefined && urls.indexOf(url) !== i);
    if (index >= 0) {
      throw invalid({
        at, property: `authentication.issuers[${index}].${property}`, got: urls[index], allowed: 'an address that no other issuer has', fix: 'Merge the two, with all audiences.',
      });
    }
  }
  const same = issuers.findIndex(({ url, discoveryUrl }) => discoveryUrl !== undefined && trimmed(discoveryUrl) === trimmed(url));
  if (same >= 0) {
    throw invalid({
      at, property: `authentication.issuers[${same}].discoveryUrl`, got: issuers[same].discoveryUrl, allowed: 'another address than the issuer\'s url', fix: 'Leave it out.',
    });
  }
}

function lacking({ at, profile }: ApiServerParts, property: string, what: string): Error {
  return invalid({
    at, property: `authentication.${property}`, allowed: `no ${what.replace(/^an? /, '')} before Kubernetes 1.30; the profile has ${profile.kubernetesVersion}`,
    fix: 'Upgrade the cluster, or leave it out: this API server is configured by flags, which can\'t say it.',
  });
}
