import { Requirement } from '../../src/controls/requirement';
import { expectedOf } from '../../src/controls/words';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

const R = Requirement;

describe('what would comply, in words', () => {
  test.each<[string, Requirement, string]>([
    ['present', R.present('a.b'), 'a value'],
    ['absent', R.absent('a.b'), 'absent'],
    ['one value', R.oneOf('a.b', true), 'true'],
    ['several values', R.oneOf('a.b', 'x', 'y'), 'one of "x", "y"'],
    ['a value or none', R.absentOrOneOf('a.b', false), 'absent or false'],
    ['none of some values', R.noneOf('a.b', 0), 'not 0'],
    ['an element', R.contains('a.b', 'ALL'), 'a list with "ALL"'],
    ['no other elements', R.subsetOf('a.b', 'x', 'y'), 'nothing but "x", "y"'],
    ['a pattern', R.matches('a.b', '^x'), 'text that matches ^x'],
    ['a pattern or none', R.matches('a.b', '^x', { orAbsent: true }), 'absent or text that matches ^x'],
    ['a negation', R.negation(R.matches('a.b', '^x')), 'not text that matches ^x'],
    ['an exemption', R.exemptWhen(R.present('c'), R.absent('a.b')), 'absent'],
    ['a repaired one', R.absent('a.b').notFixable('no'), 'absent'],
    ['a described one', R.absent('a.b').describedAs('nothing there'), 'nothing there'],
    ['a version', R.byVersion(KubernetesVersion.V1_30, R.absent('a.b')), 'absent'],
    ['who may change it', R.changedOnlyBy('a.b', { groups: ['platform'], users: ['root'] }), 'changed only by platform, root'],
  ])('%s', (_what, requirement, words) => {
    expect(expectedOf(requirement._node, ['a', 'b'])).toBe(words);
  });

  test('names the fields that are elsewhere', () => {
    const both = R.allOf(R.absent('a.b'), R.oneOf('a.c', 1));
    expect(expectedOf(both._node, ['a'])).toBe('b: absent; c: 1');
    expect(expectedOf(both._node, [])).toBe('a.b: absent; a.c: 1');
  });

  test('lists the fields of which one is asked', () => {
    expect(expectedOf(R.anyOf(R.present('x'), R.present('y'))._node, [])).toBe('one of x, y');
    expect(expectedOf(R.anyOf(R.present('x'), R.absent('y'))._node, [])).toBe('x: a value or y: absent');
  });

  test('says what is asked of each part', () => {
    expect(expectedOf(R.each('a', R.absent('b'))._node, [])).toBe('a: in each: b: absent');
    expect(expectedOf(R.eachKey('a', 'p/', R.oneOf('', 'x'))._node, ['a'])).toBe('for each key p/*: "x"');
    expect(expectedOf(R.eachContainer(R.present('image'))._node, [])).toBe('in each container: image: a value');
    expect(expectedOf(R.eachSecurityContext(R.noneOf('runAsUser', 0))._node, [])).toBe('in each security context: runAsUser: not 0');
    expect(expectedOf(R.inherited(R.oneOf('securityContext.runAsNonRoot', true))._node, []))
      .toBe('for each container, its own or the pod\'s: securityContext.runAsNonRoot: true');
  });
});
