import { control, errorOf } from './results/sample-app';
import { Requirement } from '../../src/controls/requirement';
import { effectiveControls } from '../../src/controls/superseding';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

const { V1_30, V1_36 } = KubernetesVersion;
const of = (id: string, ...supersedes: string[]) => control(id, Requirement.present('spec.nodeName'), { supersedes });
const ids = (controls: Parameters<typeof effectiveControls>[0], version = V1_36, strength?: Parameters<typeof effectiveControls>[2]) => (
  effectiveControls(controls, version, strength).map(({ id }) => id)
);

test('of two, the one that asks for more speaks, in whatever order they come', () => {
  expect(ids([of('weak'), of('strong', 'weak')])).toEqual(['strong']);
  expect(ids([of('strong', 'weak'), of('weak')])).toEqual(['strong']);
});

test('what is superseded by what is superseded stays silent', () => {
  expect(ids([of('a', 'b'), of('b', 'c'), of('c')])).toEqual(['a']);
});

test('one that asks nothing at a version silences nobody there', () => {
  const later = control('strong', Requirement.present('spec.nodeName'), { supersedes: ['weak'], since: V1_36 });
  expect(ids([of('weak'), later], V1_30)).toEqual(['weak']);
  expect(ids([of('weak'), later], V1_36)).toEqual(['strong']);
});

test('a weaker one never silences a stronger one', () => {
  const strength = (a: number, b: number) => ({ id }: { id: string }) => (id === 'strong' ? a : b);
  expect(ids([of('weak'), of('strong', 'weak')], V1_36, strength(0, 1))).toEqual(['weak', 'strong']);
  expect(ids([of('weak'), of('strong', 'weak')], V1_36, strength(1, 0))).toEqual(['strong']);
});

test.each<[string, string, ReturnType<typeof of>[]]>([
  ['itself', 'a → a', [of('a', 'a')]],
  ['each other', 'a → b → a', [of('a', 'b'), of('b', 'a')]],
  ['each other in a wider circle', 'b → c → d → b', [of('a', 'b'), of('b', 'c'), of('c', 'd'), of('d', 'b')]],
])('controls that supersede %s are refused: none would be left', (_what, circle, controls) => {
  expect(errorOf(() => ids(controls))).toBe(
    `[Control ${circle.slice(-1)}] supersedes: got "${circle}"; allowed: ids of controls that ask for less. Let only the one that asks for more name the other.`);
});

test('one that is superseded in two ways is no circle', () => {
  expect(ids([of('a', 'b', 'c'), of('b', 'd'), of('c', 'd'), of('d')])).toEqual(['a']);
});
