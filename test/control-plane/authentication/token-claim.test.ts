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
  [() => TokenClaim.expression(' '), '[TokenClaim] expression: got " "; allowed: a CEL expression over claims. Write for instance "\'oidc:\' + claims.sub".'],
])('a claim that is none: %s', (make, message) => {
  expect(make).toThrow(new Error(message));
});
