import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { markAs } from '../../core/made-by';

const AT = 'TokenClaim';

/** Where a part of a user's identity comes from in a token of an OIDC issuer. */
export class TokenClaim {
  /**
   * A claim's value with a prefix before it.
   * @param claim name of the claim, for instance `sub`
   * @param prefix keeps the names of one issuer apart from all others, for instance `oidc:`. May be empty, where that is meant
   * @throws if the claim has no name, there is no prefix, it begins with `system:`, or it is a hyphen alone
   */
  public static prefixed(claim: string, prefix: string): TokenClaim {
    if (typeof claim !== 'string' || !/^[^\s\p{Cc}]+$/u.test(claim)) {
      throw invalid({ at: AT, property: 'claim', got: claim, allowed: 'the name of a claim, without blanks', fix: 'Name it as tokens do, for instance sub.' });
    }
    if (typeof prefix !== 'string' || /[\s\p{Cc}]/u.test(prefix)) {
      throw invalid({
        at: AT, property: 'prefix', got: prefix, allowed: 'text without blanks, possibly empty',
        fix: 'Give for instance oidc: as the prefix; without one, names of the issuer may be those of other users.',
      });
    }
    if (prefix.startsWith('system:')) {
      throw invalid({
        at: AT, property: 'prefix', got: prefix, allowed: 'a prefix that does not begin with system:, which is Kubernetes\' own',
        fix: 'Choose another: users whose names begin with system: are refused.',
      });
    }
    if (prefix === '-') {
      throw invalid({
        at: AT, property: 'prefix', got: prefix, allowed: 'a prefix other than -, which API servers before Kubernetes 1.30 take for none at all',
        fix: 'Give for instance oidc: as the prefix, or \'\' where none is meant.',
      });
    }
    return new TokenClaim(claim, prefix, undefined);
  }

  /**
   * A CEL expression over `claims`. Kubernetes 1.30 and newer.
   * @param expression for instance `'oidc:' + claims.sub`
   * @throws if it is empty
   */
  public static expression(expression: string): TokenClaim {
    if (typeof expression !== 'string' || expression.trim() === '') {
      throw invalid({ at: AT, property: 'expression', got: expression, allowed: 'a CEL expression over claims', fix: 'Write for instance "\'oidc:\' + claims.sub".' });
    }
    return new TokenClaim(undefined, undefined, expression);
  }

  /** Name of the claim; undefined for an expression. */
  public readonly claim?: string;
  /** What stands before the claim's value; undefined for an expression. */
  public readonly prefix?: string;
  /** The CEL expression; undefined for a claim. */
  public readonly cel?: string;

  private constructor(claim: string | undefined, prefix: string | undefined, cel: string | undefined) {
    this.claim = claim;
    this.prefix = prefix;
    this.cel = cel;
    lock(this);
    markAs('TokenClaim', this);
  }
}
