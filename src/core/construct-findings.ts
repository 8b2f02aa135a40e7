import { Construct, IConstruct } from 'constructs';
import { Finding } from './finding';

const FINDINGS = Symbol.for('cdk8s-hardened.construct-findings');

/**
 * Lets a construct say what is questionable about itself; `HardenedApp` reports it as findings about the construct.
 * @param findings asked when the tree is whole
 */
export function addFindings(construct: Construct, findings: () => readonly Finding[]): void {
  Object.defineProperty(construct, FINDINGS, { value: [...sources(construct), findings], enumerable: false, configurable: true });
}

/** What the constructs of a tree say about themselves, in the tree's order. */
export function constructFindings(root: IConstruct): Finding[] {
  return root.node.findAll().flatMap((construct) => sources(construct).flatMap((source) => source())
    .map((finding) => ({ ...finding, constructPath: construct.node.path })));
}

function sources(construct: IConstruct): readonly (() => readonly Finding[])[] {
  return (construct as IConstruct & { [FINDINGS]?: readonly (() => readonly Finding[])[] })[FINDINGS] ?? [];
}
