import { editableValue, read } from './reading';
import { LIMITS } from '../../../src/cli/documents/document';
import { readEditable } from '../../../src/cli/documents/editable-document';

describe('keys that collide', () => {
  test('the last of equal keys counts, as for kubectl, with a warning', () => {
    expect(read('privileged: false\nprivileged: true\n')).toEqual({
      objects: [{ privileged: true }], errors: [],
      warnings: ['f.yaml, document 1, line 2, column 1: this key stands twice in its map: kubectl takes the last one, other programs refuse it or take the first'],
    });
  });

  test('a merge replaces keys that stand before it, as for kubectl, with a warning', () => {
    expect(read('base: &b {privileged: true}\nmain:\n  privileged: false\n  <<: *b\n')).toEqual({
      objects: [{ base: { privileged: true }, main: { privileged: true } }], errors: [],
      warnings: [expect.stringContaining('line 4, column 7: this merge replaces a key that stands before it for kubectl')],
    });
  });

  test('a key after a merge replaces what was merged, without a warning', () => {
    expect(read('base: &b {privileged: true, k: 1}\nmain:\n  <<: *b\n  privileged: false\n')).toEqual({
      objects: [{ base: { privileged: true, k: 1 }, main: { privileged: false, k: 1 } }], errors: [], warnings: [],
    });
  });

  test('of several merged maps the first counts', () => {
    expect(read('a: {<<: [{k: 1}, {k: 2, l: 3}]}\n').objects).toEqual([{ a: { k: 1, l: 3 } }]);
  });

  test('a quoted << is a key like any other', () => {
    expect(read('"<<": {k: 1}\n').objects).toEqual([{ '<<': { k: 1 } }]);
  });
});

test('aliases are copies, so that a change of one object changes no other', () => {
  const [{ a, b }] = read('a: &x {k: [1]}\nb: *x\n').objects as [{ a: object; b: object }];
  expect(b).toEqual(a);
  expect(b).not.toBe(a);
});

test('a key named __proto__ is a key, and changes no prototype', () => {
  const [object] = read('{"a": 1}\n---\n__proto__: {polluted: yes}\n').objects.slice(1) as [object];
  expect(Object.keys(object)).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  ['a: *x\n', 1, 4, 'an alias (*) names an anchor (&) that does not stand before it'],
  ['a: &x [*x]\n', 1, 8, 'an anchor (&) contains an alias (*) of itself'],
  ['a: &x.y 1\n', 1, 9, 'the name of an anchor (&) or alias (*) may have letters, digits, "-" and "_" only'],
  ['a: .inf\n', 1, 4, 'infinity and NaN have no place in a Kubernetes object'],
  ['~: a\n', 1, 1, 'null is no key of a Kubernetes object'],
  ['? [a]\n: b\n', 1, 3, 'a map or a list is no key of a Kubernetes object'],
  ['a: {b:, c: d}\n', 1, 6, 'a space is missing after the ":" of a key: kubectl takes it for a part of the key'],
  ['a: 1\n<<: 5\n', 2, 5, 'the merge key << takes a map or a list of maps'],
  ['a: !!int x\n', 1, 10, 'the value does not fit its tag !!int'],
  ['%YAML 1.1\na: 1\n', 1, 1, 'kubectl takes no directives (%): remove the line'],
  ['a: &a\n  - *a1\n', 2, 5, 'an alias (*) names an anchor (&) that does not stand before it'],
])('%j is refused at line %i, column %i', (text, line, column, message) => {
  expect(read(text)).toEqual({ objects: [], warnings: [], errors: [`f.yaml, document 1, line ${line}, column ${column}: ${message}`] });
});

describe('what explodes', () => {
  const bomb = (first: string, next: (i: number) => string) => [first, ...Array.from({ length: 12 }, (_, i) => next(i))].join('');
  const many = (text: string) => Array.from({ length: 10 }, () => text).join(', ');

  test.each([
    ['lists of aliases', bomb('l0: &l0 [x]\n', i => `l${i + 1}: &l${i + 1} [${many(`*l${i}`)}]\n`)],
    ['maps of aliases', bomb('l0: &l0 {x: y}\n', i => `l${i + 1}: &l${i + 1} {${['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(k => `${k}: *l${i}`).join(', ')}}\n`)],
    ['merges of merges', bomb('l0: &l0 {x: y}\n', i => `l${i + 1}: &l${i + 1} {<<: [${many(`*l${i}`)}]}\n`)],
  ])('%s are refused by count', (_, text) => {
    expect(read(text).errors).toEqual([expect.stringContaining(`aliases (*) stand for more than ${LIMITS.aliasedValues} values in one document: write the values out`)]);
  });

  test('many documents that stay below the limit share another one', () => {
    const one = bomb('l0: &l0 [x]\n', i => i > 3 ? '' : `l${i + 1}: &l${i + 1} [${many(`*l${i}`)}]\n`);
    const { objects, errors } = read(Array.from({ length: 300 }, () => one).join('---\n'));
    expect(objects.length).toBeGreaterThan(50);
    expect(errors[0]).toContain(`aliases (*) stand for more than ${LIMITS.aliasedValuesTotal} values in one run`);
  });

  test.each([
    ['brackets', `a: ${'['.repeat(50_000)}`], ['braces', `a: ${'{a: '.repeat(50_000)}`], ['dashes', '- '.repeat(50_000)], ['questions', '? '.repeat(50_000)],
    ['indentation', Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')], ['JSON', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ])('%s deep in each other are refused, not followed', (_, text) => {
    expect(read(text).errors).toEqual([expect.stringMatching(/nested (?:too deeply|deeper than 200 levels)/)]);
  });
});

test('a rare form in a huge document is refused with its line', () => {
  const text = `${'k:\n- some text\n'.repeat(1)}l:\n${'- some text\n'.repeat(300_000)}m: &x 1\n`;
  expect(read(text).errors).toEqual([
    'f.yaml, document 1, line 300004, column 4: this is malformed or, like anchors and tags, taken in documents of up to 3 MiB only: divide the document',
  ]);
});

test('a message never quotes what the file says', () => {
  const secret = 'hunter2-S3CRET';
  const texts = ['"%s', '%s: : %s', 'a: [%s', 'a: "\\%s"', 'a: !<%s', 'a: *%s', 'a: @%s', 'a: %%s', '{"a": "%s}', '- %s\nb: %s', 'a: !!int %s', '%s\nb: c', '? {%s: 1}\n: 1'];
  for (const text of texts) {
    const { errors } = read(`password: ${secret}\n---\n${text.replaceAll('%s', secret)}\n`);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.join('\n')).not.toContain('hunter2');
  }
});

test('the reader for editing keeps comments and says where each value stands', () => {
  const text = '# head\na: 1 # one\nb: {c: yes}\n';
  const result = readEditable(text);
  if ('problem' in result) {
    throw new Error(result.problem.message);
  }
  const [start, end] = (result.tree.getIn(['b', 'c'], true) as { range: [number, number] }).range;
  expect(text.slice(start, end)).toBe('yes');
  expect(String(result.tree)).toContain('# one');
  expect(result.value).toEqual({ a: 1, b: { c: true } });
  expect(editableValue('a: [')).toEqual({ message: 'the indentation does not fit the lines above, or a bracket is not closed' });
});

test('a directive is found below as many blank lines and comments as there may be', () => {
  const above = '# c\n\n \t\n'.repeat(1_000_000);
  expect(readEditable(`${above}%YAML 1.1\na: 1\n`)).toEqual({ problem: { level: 'error', offset: above.length, message: 'kubectl takes no directives (%): remove the line' } });
});

test('as many may follow the end of a document', () => {
  const below = '# c\n\n \t\n'.repeat(1_000_000);
  expect(read(`a: 1\n...\n${below}`)).toEqual({ objects: [{ a: 1 }], errors: [], warnings: [] });
});
