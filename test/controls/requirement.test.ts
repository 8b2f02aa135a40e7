import { Requirement } from '../../src/controls/requirement';
import { atVersion, RequirementNode } from '../../src/controls/requirement-node';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { messageOf } from '../core/message-of';

const bad = (value: unknown): never => value as never;

describe('a requirement', () => {
  test('can\'t be changed once it is made, however deep', () => {
    const { _node: node } = Requirement.allOf(Requirement.oneOf('spec.hostNetwork', false));
    expect(() => { (node as { op: string }).op = 'anyOf'; }).toThrow(TypeError);
    expect(() => { ((node as Extract<RequirementNode, { op: 'allOf' }>).of[0] as { op: string }).op = 'present'; }).toThrow(TypeError);
  });

  test('that joins nothing is refused: all of nothing would hold of everything, and one of nothing of nothing', () => {
    expect(messageOf(() => Requirement.allOf())).toBe('requirements: got []; allowed: one or more Requirements. Name what allOf joins.');
    expect(messageOf(() => Requirement.anyOf())).toBe('requirements: got []; allowed: one or more Requirements. Name what anyOf joins.');
  });

  test.each([undefined, null, {}, { _node: undefined }, { _node: { op: 'absent', path: [] } }, 'absent'])('is made of requirements, which %p is not', (wrong) => {
    for (const make of [() => Requirement.allOf(bad(wrong)), () => Requirement.eachContainer(bad(wrong)), () => Requirement.inherited(bad(wrong))]) {
      expect(messageOf(make)).toMatch(/^requirement: got .*; allowed: a Requirement\. Make it with Requirement\.oneOf and the like\.$/);
    }
  });

  test('from a version on needs a version: text would be older than every one', () => {
    expect(messageOf(() => Requirement.byVersion(bad('1.36'), Requirement.absent('spec.hostNetwork'))))
      .toBe('version: got "1.36"; allowed: a KubernetesVersion. Give for instance KubernetesVersion.V1_36, or KubernetesVersion.of("1.36").');
  });

  test('keeps a copy of what it sets, not what it was given', () => {
    const value = { cpu: '1' };
    const { _node: node } = Requirement.present('resources.limits').fixedBySetting('resources.limits', value);
    value.cpu = '1000';
    expect(node).toMatchObject({ repair: { value: { cpu: '1' } } });
  });

  test.each([
    ['oneOf', () => Requirement.oneOf('spec.x'), '[]'],
    ['oneOf with a list', () => Requirement.oneOf('spec.x', bad(['a', 'b'])), '["a","b"]'],
    ['noneOf with null', () => Requirement.noneOf('spec.x', bad(null)), 'null'],
    ['oneOf with what is no number', () => Requirement.oneOf('spec.x', Number.NaN), 'NaN'],
    ['contains with an object', () => Requirement.contains('spec.x', bad({})), '{}'],
    ['subsetOf with undefined', () => Requirement.subsetOf('spec.x', bad(undefined)), 'undefined'],
  ])('%s needs values that a field can be compared with', (_name, make, got) => {
    expect(messageOf(make)).toBe(`values: got ${got}; allowed: one or more texts, numbers or booleans. Give the values one by one, for instance oneOf(path, true).`);
  });

  test.each(['(?=lookahead)', '(?<name>x)', '(a)\\1', '(?>atomic)', '(unclosed', '[z-a]', 5, undefined])('refuses the pattern %p, which RE2 or JavaScript doesn\'t take', (pattern) => {
    expect(messageOf(() => Requirement.matches('spec.x', bad(pattern)))).toContain('allowed: a regular expression in the common subset of RE2 and JavaScript');
  });

  test('takes a pattern with a plain group', () => {
    expect(Requirement.matches('spec.x', '^(?:a|b)$')._node).toMatchObject({ op: 'matches', pattern: '^(?:a|b)$', ignoreCase: false, orAbsent: false });
  });

  test.each([
    ['each', () => Requirement.each('spec.volumes', bad({ op: 'absent' }))],
    ['allOf', () => Requirement.allOf(bad(undefined))],
    ['negation', () => Requirement.negation(bad(null))],
    ['exemptWhen', () => Requirement.exemptWhen(bad('spec.x'), Requirement.absent('spec.x'))],
  ])('%s takes requirements only', (_name, make) => {
    expect(messageOf(make)).toContain('allowed: a Requirement. Make it with Requirement.oneOf and the like.');
  });

  test('is inherited only if it is about one field', () => {
    expect(messageOf(() => Requirement.inherited(Requirement.allOf(Requirement.present('securityContext.runAsUser')))))
      .toBe('requirement: got "allOf"; allowed: a requirement on one field, such as oneOf. Join several inherited requirements by allOf.');
  });
});

describe('a requirement at a version', () => {
  const since30 = Requirement.byVersion(KubernetesVersion.V1_30, Requirement.absent('spec.new'));
  const plain = Requirement.absent('spec.old');
  const at = (requirement: Requirement, minor: number) => atVersion(requirement._node, minor);

  test('is the one of that version', () => {
    const either = Requirement.byVersion(KubernetesVersion.V1_30, Requirement.absent('spec.new'), plain);
    expect(at(either, 29)).toEqual(plain._node);
    expect(at(either, 30)).toEqual(Requirement.absent('spec.new')._node);
  });

  test('asks nothing before the first one that it is for', () => {
    expect(at(since30, 29)).toBeUndefined();
    expect(at(Requirement.eachContainer(since30), 29)).toBeUndefined();
    expect(at(since30.notFixable('no'), 29)).toBeUndefined();
  });

  test('keeps what is left of allOf, and nothing of anyOf, which is then met', () => {
    expect(at(Requirement.allOf(since30, plain), 29)).toEqual({ op: 'allOf', of: [plain._node] });
    expect(at(Requirement.allOf(since30), 29)).toBeUndefined();
    expect(at(Requirement.anyOf(since30, plain), 29)).toBeUndefined();
  });

  test('is never met where what it negates asks nothing', () => {
    expect(at(Requirement.negation(since30), 29)).toEqual({ op: 'anyOf', of: [] });
  });

  test('exempts everything where the condition asks nothing', () => {
    expect(at(Requirement.exemptWhen(since30, plain), 29)).toBeUndefined();
    expect(at(Requirement.exemptWhen(plain, since30), 29)).toBeUndefined();
    expect(at(Requirement.exemptWhen(plain, plain), 29)).toEqual(Requirement.exemptWhen(plain, plain)._node);
  });
});
