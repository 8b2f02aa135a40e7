import { parse, parseAllDocuments } from 'yaml';
import { CERTIFICATE } from './certificate';
import { Authentication, AuthenticationProps } from '../../../src/control-plane/authentication/authentication';
import { OidcIssuer } from '../../../src/control-plane/authentication/oidc-issuer';
import { TokenClaim } from '../../../src/control-plane/authentication/token-claim';
import { ClusterProfileProps } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../cluster';

const CONFIG = '/etc/kubernetes/authentication/config.yaml';
const HEALTH = [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }];
const VERIFIED = 'has(claims.email_verified) && claims.email_verified == true';
const MINORS = Array.from({ length: 10 }, (_, i) => 28 + i);
const ISSUER: OidcIssuer = { url: 'https://login.example.com', audiences: ['kubernetes'] };

function nodesOf(props: AuthenticationProps, profile: Partial<ClusterProfileProps> = {}) {
  return cluster(profile, { authentication: new Authentication(props) }).nodes;
}

function fileOf(props: AuthenticationProps, profile: Partial<ClusterProfileProps> = {}): any {
  return parse(contentOf(nodesOf(props, profile), CONFIG));
}

/** The API server's part of kubeadm's configuration, with flags by name. */
function apiServerOf(props: AuthenticationProps, profile: Partial<ClusterProfileProps> = {}): { flags: Record<string, string>; mounts: string[] } {
  const [, { apiServer }] = parseAllDocuments(contentOf(nodesOf(props, profile), '/etc/kubernetes/kubeadm/init.yaml')).map((document) => document.toJS() as any);
  const { extraArgs } = apiServer;
  return {
    flags: Array.isArray(extraArgs) ? Object.fromEntries(extraArgs.map(({ name, value }) => [name, value])) : extraArgs,
    mounts: apiServer.extraVolumes.map((volume: any) => volume.name),
  };
}

const access = (flags: Record<string, string>) => Object.keys(flags).filter((name) => /^(authentication|anonymous|oidc|token|basic)/.test(name));

describe.each(MINORS)('Kubernetes 1.%i', (minor) => {
  const profile = { kubernetesVersion: KubernetesVersion.of(`1.${minor}`) };

  test('without issuers, anonymous requests are limited to the three health paths where the version can say so', () => {
    const { flags, mounts } = apiServerOf({}, profile);
    const paths = nodesOf({}, profile).files.map(({ path }) => path);

    if (minor >= 32) {
      expect(fileOf({}, profile)).toEqual({
        apiVersion: `apiserver.config.k8s.io/${minor >= 34 ? 'v1' : 'v1beta1'}`, kind: 'AuthenticationConfiguration', jwt: [], anonymous: { enabled: true, conditions: HEALTH },
      });
      expect(access(flags)).toEqual(['authentication-config']);
      expect(flags['authentication-config']).toBe(CONFIG);
    } else {
      expect(paths).not.toContain(CONFIG);
      expect(access(flags)).toEqual([]);
    }
    expect(mounts.includes('authentication')).toBe(minor >= 32);
  });

  test('an issuer stands in the file or in flags, never in both, and anonymous-auth is never set', () => {
    const { flags, mounts } = apiServerOf({ issuers: [ISSUER] }, profile);

    if (minor >= 30) {
      const file = fileOf({ issuers: [ISSUER] }, profile);
      expect(file.apiVersion).toBe(`apiserver.config.k8s.io/${minor >= 34 ? 'v1' : 'v1beta1'}`);
      expect(file.jwt).toHaveLength(1);
      expect('anonymous' in file).toBe(minor >= 32);
      expect(access(flags)).toEqual(['authentication-config']);
    } else {
      expect(access(flags)).toEqual(['oidc-client-id', 'oidc-issuer-url', 'oidc-username-claim', 'oidc-username-prefix']);
    }
    expect(mounts.includes('authentication')).toBe(minor >= 30);
  });
});

describe('the file', () => {
  test('names the profile\'s issuer unless another is given', () => {
    const profile = { oidcIssuer: 'https://sso.example.com/realms/prod' };

    expect(fileOf({ issuers: [{ audiences: ['kubernetes'] }] }, profile).jwt[0].issuer.url).toBe('https://sso.example.com/realms/prod');
    expect(fileOf({ issuers: [ISSUER] }, profile).jwt[0].issuer.url).toBe('https://login.example.com');
  });

  test('has no issuer that was not asked for: the profile alone names no audience', () => {
    expect(fileOf({}, { oidcIssuer: 'https://sso.example.com' }).jwt).toEqual([]);
  });

  test('maps the subject with a prefix and no groups, where nothing else is said', () => {
    expect(fileOf({ issuers: [ISSUER] }).jwt[0].claimMappings).toEqual({ username: { claim: 'sub', prefix: 'oidc:' } });
  });

  test('lets one of several audiences be enough, which the API server wants to be told', () => {
    expect(fileOf({ issuers: [ISSUER] }).jwt[0].issuer).toEqual({ url: 'https://login.example.com', audiences: ['kubernetes'] });
    expect(fileOf({ issuers: [{ ...ISSUER, audiences: ['a', 'b'] }] }).jwt[0].issuer).toMatchObject({ audiences: ['a', 'b'], audienceMatchPolicy: 'MatchAny' });
  });

  test('lets no token make a user or group whose name begins with system:, whatever further rules there are', () => {
    const own = ['!user.username.startsWith(\'system:\')', '!has(user.groups) || user.groups.all(group, !group.startsWith(\'system:\'))'];
    const expressions = (issuer: OidcIssuer) => fileOf({ issuers: [issuer] }).jwt[0].userValidationRules.map((rule: any) => rule.expression);

    expect(expressions(ISSUER)).toEqual(own);
    expect(expressions({ ...ISSUER, userRules: [{ expression: 'user.username != "x"' }] })).toEqual([...own, 'user.username != "x"']);
    expect(expressions({ ...ISSUER, userRules: [{ expression: own[0] }] })).toEqual(own);
  });

  test.each([
    ['the claim', TokenClaim.prefixed('email', '')], ['an expression', TokenClaim.expression('claims.email')], ['an index', TokenClaim.expression('claims["email"]')],
    ['a lax expression', TokenClaim.expression('claims.?email_verified.orValue(true) ? claims.email : claims.sub')],
  ])('wants a verified address where the user\'s name is the email address by %s', (_, username) => {
    expect(fileOf({ issuers: [{ ...ISSUER, username }] }).jwt[0].claimValidationRules.map((rule: any) => rule.expression)).toEqual([VERIFIED]);
  });

  test('wants none where the name is another claim, and names the rule once where it was given', () => {
    expect(fileOf({ issuers: [{ ...ISSUER, username: TokenClaim.expression('claims.sub') }] }).jwt[0].claimValidationRules).toEqual([]);
    expect(fileOf({ issuers: [{ ...ISSUER, username: TokenClaim.prefixed('email', ''), claimRules: [{ expression: VERIFIED }] }] }).jwt[0].claimValidationRules).toHaveLength(1);
  });

  test('holds everything else as it was said', () => {
    const [jwt] = fileOf({
      issuers: [{
        ...ISSUER,
        certificateAuthority: CERTIFICATE,
        discoveryUrl: 'https://oidc.internal/.well-known/openid-configuration',
        groups: TokenClaim.prefixed('groups', 'oidc:'),
        uid: TokenClaim.prefixed('sub', ''),
        extra: [{ key: 'example.com/tenant', valueExpression: 'claims.tenant' }],
        requiredClaims: { tenant: 'acme', hd: 'example.com' },
        claimRules: [{ expression: 'claims.exp - claims.iat <= 3600', message: 'too long' }],
      }],
    }).jwt;

    expect(jwt).toMatchObject({
      issuer: { certificateAuthority: CERTIFICATE, discoveryURL: 'https://oidc.internal/.well-known/openid-configuration' },
      claimMappings: {
        groups: { claim: 'groups', prefix: 'oidc:' }, uid: { claim: 'sub' }, extra: [{ key: 'example.com/tenant', valueExpression: 'claims.tenant' }],
      },
      claimValidationRules: [
        { claim: 'hd', requiredValue: 'example.com' }, { claim: 'tenant', requiredValue: 'acme' },
        { expression: 'claims.exp - claims.iat <= 3600', message: 'too long' },
      ],
    });
  });

  test('opens cluster-info to anonymous requests only where nodes join by token', () => {
    expect(fileOf({ tokenDiscovery: true }).anonymous.conditions).toEqual([...HEALTH, { path: '/api/v1/namespaces/kube-public/configmaps/cluster-info' }]);
  });

  test('what was given can be changed afterwards without effect', () => {
    const audiences = ['kubernetes'];
    const issuers = [{ ...ISSUER, audiences }];
    const authentication = new Authentication({ issuers });
    audiences.push('grafana');
    issuers.pop();

    expect(parse(contentOf(cluster({}, { authentication }).nodes, CONFIG)).jwt[0].issuer.audiences).toEqual(['kubernetes']);
  });
});

describe('the flags before 1.30', () => {
  const profile = { kubernetesVersion: KubernetesVersion.V1_29 };

  test('say the issuer, its CA as a file, its claims and the one that is required', () => {
    const props = { issuers: [{ ...ISSUER, certificateAuthority: CERTIFICATE, groups: TokenClaim.prefixed('groups', 'sso:'), requiredClaims: { hd: 'example.com' } }] };
    const { flags, mounts } = apiServerOf(props, profile);

    expect(flags).toMatchObject({
      'oidc-issuer-url': 'https://login.example.com',
      'oidc-client-id': 'kubernetes',
      'oidc-username-claim': 'sub',
      'oidc-username-prefix': 'oidc:',
      'oidc-groups-claim': 'groups',
      'oidc-groups-prefix': 'sso:',
      'oidc-required-claim': 'hd=example.com',
      'oidc-ca-file': '/etc/kubernetes/authentication/oidc-ca.crt',
    });
    expect(contentOf(nodesOf(props, profile), '/etc/kubernetes/authentication/oidc-ca.crt')).toBe(CERTIFICATE);
    expect(mounts).toContain('authentication');
  });

  test.each<[string, Partial<OidcIssuer>, string]>([
    ['audiences', { audiences: ['a', 'b'] }, 'second audience'],
    ['discoveryUrl', { discoveryUrl: 'https://oidc.internal/x' }, 'discovery URL'],
    ['username', { username: TokenClaim.expression('claims.sub') }, 'expressions'],
    ['username', { username: TokenClaim.prefixed('email', 'oidc:') }, 'rule that wants email_verified'],
    ['groups', { groups: TokenClaim.expression('claims.groups') }, 'expressions'],
    ['uid', { uid: TokenClaim.prefixed('sub', '') }, 'uid'],
    ['extra', { extra: [{ key: 'example.com/a', valueExpression: 'claims.a' }] }, 'further facts about users'],
    ['requiredClaims', { requiredClaims: { a: 'b', c: 'd' } }, 'second required claim'],
    ['claimRules', { claimRules: [{ expression: 'true' }] }, 'rules over claims'],
    ['userRules', { userRules: [{ expression: 'true' }] }, 'rules over users'],
  ])('can\'t say %s as in %j, which is refused and not left out', (property, issuer, what) => {
    expect(() => nodesOf({ issuers: [{ ...ISSUER, ...issuer }] }, profile)).toThrow(new Error(
      `[kubernetes] authentication.issuers[0].${property}: allowed: no ${what} before Kubernetes 1.30; the profile has 1.29. `
      + 'Upgrade the cluster, or leave it out: this API server is configured by flags, which can\'t say it.'));
    expect(() => nodesOf({ issuers: [{ ...ISSUER, ...issuer }] }, { kubernetesVersion: KubernetesVersion.V1_30 })).not.toThrow();
  });

  test('can\'t say a second issuer', () => {
    const second = { ...ISSUER, url: 'https://other.example.com', username: TokenClaim.prefixed('sub', 'other:') };

    expect(() => nodesOf({ issuers: [ISSUER, second] }, profile)).toThrow('[kubernetes] authentication.issuers: allowed: no second issuer before Kubernetes 1.30; the profile has 1.29.');
    expect(fileOf({ issuers: [ISSUER, second] }).jwt).toHaveLength(2);
  });

  test.each(['', 's', 'system'])('can\'t keep tokens from names of Kubernetes\' own with the prefix "%s"', (prefix) => {
    for (const kind of ['username', 'groups']) {
      expect(() => nodesOf({ issuers: [{ ...ISSUER, [kind]: TokenClaim.prefixed('sub', prefix) }] }, profile)).toThrow(new Error(
        `[kubernetes] authentication.issuers[0].${kind}: got "${prefix}"; allowed: before Kubernetes 1.30 a prefix that system: does not begin with; the profile has 1.29. `
        + 'Give for instance oidc: as the prefix: this API server has no rules that keep tokens from names of Kubernetes\' own.'));
    }
  });
});

describe('bad input', () => {
  const one = (issuer: object) => () => new Authentication({ issuers: [{ ...ISSUER, ...issuer } as OidcIssuer] });

  test.each([
    [{ tokenAuthFile: '/x' }, '[Authentication] tokenAuthFile: allowed: issuers, tokenDiscovery. Correct or remove it: nobody reads it.'],
    [{ anonymous: true }, '[Authentication] anonymous: allowed: issuers, tokenDiscovery. Correct or remove it: nobody reads it.'],
    [{ tokenDiscovery: 'yes' }, '[Authentication] tokenDiscovery: got "yes"; allowed: true or false. Leave it out for false.'],
    [{ issuers: ISSUER }, /^\[Authentication\] issuers: got .*; allowed: a list of issuers\. Put it in a list: issuers: \[ … \]\.$/],
  ])('%j: static files and other ways for anonymous requests can\'t be expressed', (props, message) => {
    expect(() => new Authentication(props as AuthenticationProps)).toThrow(message);
  });

  test.each([
    ['an address without TLS', { url: 'http://login.example.com' },
      'issuers[0].url: got "http://login.example.com"; allowed: an https:// address without credentials, query and fragment. Write https://login.example.com.'],
    ['credentials in the address', { url: 'https://a:b@login.example.com' },
      'issuers[0].url: got "(not shown: it may hold credentials)"; allowed: an https:// address without credentials, query and fragment. Correct the address.'],
    ['no audience', { audiences: [] },
      'issuers[0].audiences: got []; allowed: at least one audience. Name the client id of this cluster: without it tokens made out to other programs would be accepted.'],
    ['an audience twice', { audiences: ['a', 'a'] }, 'issuers[0].audiences[1]: got "a"; allowed: audiences without blanks and control characters, each once. Correct or remove it.'],
    ['an audience with a NUL', { audiences: ['a\u0000b'] },
      'issuers[0].audiences[0]: got "a\\u0000b"; allowed: audiences without blanks and control characters, each once. Correct or remove it.'],
    ['a required claim of two lines', { requiredClaims: { hd: 'a\nb' } },
      'issuers[0].requiredClaims.hd: got "a\\nb"; allowed: a text that is not empty and has no control characters, for a claim without blanks and =. Say what the claim must be; compare other types in claimRules.'],
    ['no certificate', { certificateAuthority: 'ca.crt' },
      'issuers[0].certificateAuthority: allowed: certificates in PEM and nothing else. '
      + 'That is a path, and no file is read: give the file\'s text, for instance readFileSync(path, \'utf8\') of node:fs.'],
    ['a plain claim', { username: { claim: 'sub' } },
      'issuers[0].username: got {"claim":"sub"}; allowed: a TokenClaim. Make it by TokenClaim.prefixed(\'sub\', \'oidc:\'), with a prefix, or TokenClaim.expression(…).'],
    ['a uid with a prefix', { uid: TokenClaim.prefixed('sub', 'oidc:') },
      'issuers[0].uid: got "oidc:"; allowed: a claim with an empty prefix, or an expression. Write TokenClaim.prefixed(\'sub\', \'\'): the API server knows no prefix of a uid.'],
    ['a fact of Kubernetes\' own', { extra: [{ key: 'authentication.kubernetes.io/pod', valueExpression: 'claims.a' }] },
      'issuers[0].extra[0].key: got "authentication.kubernetes.io/pod"; allowed: a domain of your own (not k8s.io or kubernetes.io), a slash and a path, in lower case. Write for instance example.com/tenant.'],
    ['a required claim without a value', { requiredClaims: { hd: '' } },
      'issuers[0].requiredClaims.hd: got ""; allowed: a text that is not empty and has no control characters, for a claim without blanks and =. Say what the claim must be; compare other types in claimRules.'],
    ['an empty rule', { claimRules: [{ expression: ' ' }] }, 'issuers[0].claimRules[0].expression: got " "; allowed: a CEL expression. Write one, or leave the entry out.'],
    ['a rule twice', { userRules: [{ expression: 'a' }, { expression: 'a' }] }, 'issuers[0].userRules[1]: got "a"; allowed: expressions that appear once. Remove the second.'],
    ['a misspelt property', { audience: 'a' },
      'issuers[0].audience: allowed: url, audiences, certificateAuthority, discoveryUrl, username, groups, uid, extra, requiredClaims, claimRules, userRules. Correct or remove it: nobody reads it. Did you mean "audiences"?'],
  ])('%s', (_, issuer, message) => {
    expect(one(issuer)).toThrow(new Error(`[Authentication] ${message}`));
  });

  test('a key beside the certificate, which the error does not show', () => {
    const key = ['-----BEGIN', 'PRIVATE KEY-----\nMIGHAgEA\n-----END', 'PRIVATE KEY-----'].join(' ');

    expect(one({ certificateAuthority: `${CERTIFICATE}${key}` })).toThrow('[Authentication] issuers[0].certificateAuthority: allowed: certificates in PEM and nothing else.');
    expect(one({ certificateAuthority: CERTIFICATE })).not.toThrow();
  });

  test('two issuers that could make the same names', () => {
    const other = { ...ISSUER, url: 'https://other.example.com' };

    expect(() => new Authentication({ issuers: [ISSUER, other] })).toThrow(new Error(
      '[Authentication] issuers[1].username: got "oidc:"; allowed: a prefix that no other issuer has. '
      + 'Give each issuer its own prefix: otherwise one can make the names of the other.'));
  });

  test('more issuers than the API server takes', () => {
    const issuers = Array.from({ length: 65 }, (_, i) => ({ ...ISSUER, url: `https://i${i}.example.com`, username: TokenClaim.prefixed('sub', `i${i}:`) }));

    expect(() => new Authentication({ issuers })).toThrow(new Error('[Authentication] issuers: got 65; allowed: at most 64 issuers. Federate them behind one issuer.'));
    expect(() => new Authentication({ issuers: issuers.slice(1) })).not.toThrow();
  });

  test('an issuer that nobody names', () => {
    expect(() => nodesOf({ issuers: [{ audiences: ['a'] }] })).toThrow(new Error(
      '[kubernetes] authentication.issuers[0].url: got undefined; allowed: the URL of the issuer, here or as the profile\'s oidcIssuer. Give it exactly as tokens name it in iss.'));
  });

  test('the cluster\'s own issuer of service-account tokens', () => {
    expect(() => nodesOf({ issuers: [{ ...ISSUER, url: 'https://kubernetes.default.svc.cluster.local' }] })).toThrow(new Error(
      '[kubernetes] authentication.issuers[0].url: got "https://kubernetes.default.svc.cluster.local"; '
      + 'allowed: an issuer other than the cluster\'s own of service-account tokens. Leave it out: those tokens are understood anyway.'));
  });

  test('one issuer twice, once by the profile', () => {
    const issuers = [ISSUER, { audiences: ['b'], username: TokenClaim.prefixed('sub', 'b:') }];

    expect(() => nodesOf({ issuers }, { oidcIssuer: ISSUER.url })).toThrow(new Error(
      '[kubernetes] authentication.issuers[1].url: got "https://login.example.com"; allowed: an address that no other issuer has. Merge the two, with all audiences.'));
  });

  test('a discovery URL that is the issuer\'s own, or another\'s', () => {
    const discovery = { ...ISSUER, discoveryUrl: 'https://oidc.internal/x' };
    const other = { ...discovery, url: 'https://other.example.com', username: TokenClaim.prefixed('sub', 'b:') };

    expect(() => nodesOf({ issuers: [{ ...ISSUER, discoveryUrl: 'https://login.example.com/' }] })).toThrow(new Error(
      '[kubernetes] authentication.issuers[0].discoveryUrl: got "https://login.example.com/"; allowed: another address than the issuer\'s url. Leave it out.'));
    expect(() => nodesOf({ issuers: [discovery, other] })).toThrow('[kubernetes] authentication.issuers[1].discoveryUrl: got "https://oidc.internal/x"; allowed: an address that no other issuer has.');
  });

  test('something else in place of an Authentication', () => {
    expect(() => cluster({}, { authentication: {} as Authentication })).toThrow(new Error(
      '[kubernetes] authentication: got {}; allowed: an Authentication. Make it by new Authentication({ … }).'));
  });
});
