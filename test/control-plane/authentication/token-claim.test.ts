import { TokenClaim } from '../../../src/control-plane/authentication/token-claim';

test('a claim has its prefix, which may be empty, an expression has neither', () => {
  expect(TokenClaim.prefixed('sub', 'oidc:')).toMatchObject({ claim: 'sub', prefix: 'oidc:', cel: undefined });
  expect(TokenClaim.prefixed('sub', '').prefix).toBe('');
  expect(TokenClaim.expression('claims.sub')).toMatchObject({ claim: undefined, prefix: undefined, cel: 'claims.sub' });
});

test.each([
  [() => TokenClaim.prefixed('', 'a'), '[TokenClaim] claim: got ""; allowed: the name of a claim, without blanks. Name it as tokens do, for instance sub.'],
  [() => TokenClaim.prefixed('sub', undefined as never),
    '[TokenClaim] prefix: got undefined; allowed: text without blanks, possibly empty. Give for instance oidc: as the prefix; without one, names of the issuer may be those of other users.'],
  [() => TokenClaim.prefixed('sub', 'system:'),
    '[TokenClaim] prefix: got "system:"; allowed: a prefix that does not begin with system:, which is Kubernetes\' own. Choose another: users whose names begin with system: are refused.'],
  // --oidc-username-prefix takes it for no prefix: the issuer could then name users whose names begin with system:.
  [() => TokenClaim.prefixed('sub', '-'),
    '[TokenClaim] prefix: got "-"; allowed: a prefix other than -, which API servers before Kubernetes 1.30 take for none at all. Give for instance oidc: as the prefix, or \'\' where none is meant.'],
  [() => TokenClaim.prefixed('s\u0000b', 'a'), '[TokenClaim] claim: got "s\\u0000b"; allowed: the name of a claim, without blanks. Name it as tokens do, for instance sub.'],
  [() => TokenClaim.prefixed('sub', 'a\u0000'),
    '[TokenClaim] prefix: got "a\\u0000"; allowed: text without blanks, possibly empty. Give for instance oidc: as the prefix; without one, names of the issuer may be those of other users.'],
  [() => TokenClaim.expression(' '), '[TokenClaim] expression: got " "; allowed: a CEL expression over claims. Write for instance "\'oidc:\' + claims.sub".'],
])('a claim that is none (%#)', (make, message) => {
  expect(make).toThrow(new Error(message));
});
