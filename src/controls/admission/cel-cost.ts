import { partsOf, RequirementNode } from '../requirement-node';

/*
 * The API server gives up on an expression, and on a variable, that costs more than a million, and on a policy at ten. What costs is matching
 * regular expressions: a tenth of the text's length times a quarter of the pattern's.
 */

/** The most containers that a policy is written for. A pod with more of them may be refused because nobody can afford to look at it. */
const MOST_CONTAINERS = 100;

/** Elements that lists in a container are assumed to have. */
const ELEMENTS = 10;
/** Characters that texts are assumed to have. */
const CHARACTERS = 40;
/** What one variable may cost by `costOf`, which counts every part though most objects are decided by the first: about half a million really. */
const AFFORDABLE = 1_500_000;
const MOST_SHARES = 8;

/** Into how many variables a requirement on every container is split, each for a share of them. */
export function sharesFor(node: RequirementNode): number {
  return Math.min(MOST_SHARES, Math.ceil((MOST_CONTAINERS * costOf(node)) / AFFORDABLE));
}

/** What judging one item costs at most, about. */
function costOf(node: RequirementNode): number {
  const parts = partsOf(node).map(costOf).reduce((sum, each) => sum + each, 0);
  switch (node.op) {
    case 'matches':
      return 10 + Math.ceil((CHARACTERS + 1) / 10) * Math.ceil(node.pattern.length / 4);
    case 'each':
    case 'eachKey':
      return 10 + ELEMENTS * parts;
    default:
      return 10 + parts;
  }
}

/** A share of the containers. */
export interface Share {
  /** The list of them. The last share has all where there are more than anybody expects. */
  readonly list: string;
  /**
   * Whether there are any; the first share always has some. The variables of others are best not read: the API server compiles their patterns each
   * time.
   */
  readonly when?: string;
}

export function shareOf(list: string, share: number, shares: number): Share {
  const size = Math.ceil(MOST_CONTAINERS / shares);
  const positions = Array.from({ length: size }, (_, i) => share * size + i);
  const some = `[${positions.join(', ')}].map(i, i < size(${list}), ${list}[i])`;
  return {
    list: share < shares - 1 ? some : `(size(${list}) > ${shares * size} ? ${list} : ${some})`,
    ...(share > 0 && { when: `size(${list}) > ${share * size}` }),
  };
}
