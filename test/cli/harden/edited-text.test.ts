import * as fc from 'fast-check';
import { changed, changedJson, text } from './editing';
import { editedYaml } from '../../../src/cli/harden/edited-text';
import { edited } from '../../../src/cli/harden/text-edits';

describe('a scalar gets another value', () => {
  test('in its own quotes, and its comment stays', () => {
    expect(changed('a: "x" # why\nb: y\n', (value) => { value.a = 'z'; })).toBe('a: "z" # why\nb: y\n');
    expect(changed("a: 'x'\n", (value) => { value.a = "it's"; })).toBe("a: 'it''s'\n");
    expect(changed('a: x\n', (value) => { value.a = 'RuntimeDefault'; })).toBe('a: RuntimeDefault\n');
    expect(changed('a: yes\n', (value) => { value.a = false; })).toBe('a: false\n');
  });

  test('in quotes where it would not be text otherwise', () => {
    expect(changed('a: x\n', (value) => { value.a = 'yes'; })).toBe('a: "yes"\n');
    expect(changed('a: x\n', (value) => { value.a = 'a: b'; })).toBe('a: "a: b"\n');
    expect(changed('a: x\n', (value) => { value.a = ''; })).toBe('a: ""\n');
  });

  test('also where it goes over several lines', () => {
    expect(changed('a: |\n  x\n  y\n\nb: 1\n', (value) => { value.a = 'z'; })).toBe('a: z\n\nb: 1\n');
    expect(changed('a: one\n  two\nb: 1\n', (value) => { value.a = 'z'; })).toBe('a: z\nb: 1\n');
  });

  test('in place of nothing', () => {
    expect(changed('a: # why\nb: 1\n', (value) => { value.a = 'z'; })).toBe('a: z # why\nb: 1\n');
    expect(changed('a: ~\n', (value) => { value.a = 2; })).toBe('a: 2\n');
    expect(changed('- a\n-\n', (value) => { value[1] = 'b'; })).toBe('- a\n- b\n');
  });
});

describe('a key is added', () => {
  test('after its siblings, as deep as they are, below what is nested in the last', () => {
    expect(changed(text`
      a:
          b:
              c: 1 # of c

          # about d
      d: 2
    `, (value) => { value.a.e = { f: { g: true } }; })).toBe(text`
      a:
          b:
              c: 1 # of c
          e:
              f:
                  g: true

          # about d
      d: 2
    `);
  });

  test('to maps in lists, beside and below the dash', () => {
    expect(changed('l:\n- a: 1\n- b: 2\n', (value) => { value.l[0].x = 1; value.l[1].x = 2; })).toBe('l:\n- a: 1\n  x: 1\n- b: 2\n  x: 2\n');
    expect(changed('l:\n  -\n    a: 1\n', (value) => { value.l[0].x = 1; })).toBe('l:\n  -\n    a: 1\n    x: 1\n');
    expect(changed('- - a: 1\n', (value) => { value[0][0].x = 1; })).toBe('- - a: 1\n    x: 1\n');
  });

  test('with lists that are indented as the others are', () => {
    const add = (value: any) => { value.drop = ['ALL']; };
    expect(changed('l:\n- a\n', add)).toBe('l:\n- a\ndrop:\n- ALL\n');
    expect(changed('l:\n  - a\n', add)).toBe('l:\n  - a\ndrop:\n  - ALL\n');
  });

  test('after block text, whose blank lines stay where they are kept', () => {
    expect(changed('a: |\n  x\n\n\nb: 1\n', (value) => { value.c = 1; })).toBe('a: |\n  x\n\n\nb: 1\nc: 1\n');
    expect(changed('m:\n  a: |+\n    x\n\n', (value) => { value.m.b = 1; })).toBe('m:\n  a: |+\n    x\n\n  b: 1\n');
    expect(changed('m:\n  a: |\n    x\n\nn: 1\n', (value) => { value.m.b = 1; })).toBe('m:\n  a: |\n    x\n  b: 1\n\nn: 1\n');
  });

  test('to brackets in the style of the brackets', () => {
    expect(changed('a: {b: 1}\n', (value) => { value.a.c = { d: [1, 'x'] }; })).toBe('a: {b: 1, c: {d: [1, x]}}\n');
    expect(changed('a: { b: 1 } # why\n', (value) => { value.a.c = { d: 1 }; })).toBe('a: { b: 1, c: { d: 1 } } # why\n');
    expect(changed('a: {"b": 1}\n', (value) => { value.a.c = 'x'; })).toBe('a: {"b": 1, "c": "x"}\n');
    expect(changed('a: {b: 1,}\n', (value) => { value.a.c = 1; })).toBe('a: {b: 1, c: 1}\n');
    expect(changed('a: {\n  b: 1, # of b\n  c: 2\n}\n', (value) => { value.a.d = 3; })).toBe('a: {\n  b: 1, # of b\n  c: 2,\n  d: 3\n}\n');
  });

  test('after the comments of what it comes after', () => {
    expect(changed('a:\n  b: 1\n  # of a\n    # and more\n\n  # far\nc: 2\n', (value) => { value.a.d = 3; })).toBe('a:\n  b: 1\n  # of a\n    # and more\n  d: 3\n\n  # far\nc: 2\n');
    expect(changed('l:\n- a: 1\n  # b: 2\n# about c\n- c: 3\n', (value) => { value.l[0].d = 4; })).toBe('l:\n- a: 1\n  # b: 2\n  d: 4\n# about c\n- c: 3\n');
    expect(changed('l:\n  - a\n  # - b\nm: 1\n', (value) => { value.l.push('c'); })).toBe('l:\n  - a\n  # - b\n  - c\nm: 1\n');
    expect(changed('a: {\n  b: 1 # of b\n}\n', (value) => { value.a.c = 2; })).toBe('a: {\n  b: 1, # of b\n  c: 2\n}\n');
    expect(changed('a: {\n  b: 1, # of b\n}\n', (value) => { value.a.c = 2; })).toBe('a: {\n  b: 1, # of b\n  c: 2\n}\n');
  });

  test('to a document in brackets with quotes only where it has them', () => {
    expect(changed('{a: {b: c}}\n', (value) => { value.a.d = { e: 'f' }; })).toBe('{a: {b: c, d: {e: f}}}\n');
    expect(changed('{"a": {"b": 1}}\n', (value) => { value.a.d = 'f'; })).toBe('{"a": {"b": 1, "d": "f"}}\n');
  });

  test('in place of nothing and of empty brackets: below the key, where its comment stays', () => {
    const add = (value: any) => { value.s = { a: true }; };
    expect(changed('s:\nt: 1\n', add)).toBe('s:\n  a: true\nt: 1\n');
    expect(changed('s: {} # why\nt: 1\n', add)).toBe('s: # why\n  a: true\nt: 1\n');
    expect(changed('s: null\n', add)).toBe('s:\n  a: true\n');
    expect(changed('l:\n  - s: {}\n    t: 1\n', (value) => { value.l[0].s = { a: true }; })).toBe('l:\n  - s:\n      a: true\n    t: 1\n');
    expect(changed('x: {s: {}}\n', (value) => { value.x.s = { a: true }; })).toBe('x: {s: {a: true}}\n');
    expect(changed('d: []\n', (value) => { value.d = ['ALL']; })).toBe('d: [ALL]\n');
    expect(changed('d: []\n', (value) => { value.d = [{ a: 1 }]; })).toBe('d:\n- a: 1\n');
    expect(changed('d:\n', (value) => { value.d = ['ALL']; })).toBe('d:\n- ALL\n');
  });

  test('where every key that was there goes', () => {
    expect(changed('s:\n  # about a\n  a: 1\nt: 1\n', (value) => { value.s = { b: 2 }; })).toBe('s:\n  b: 2\nt: 1\n');
    expect(changed('l:\n- a: 1\n', (value) => { value.l[0] = { b: 2 }; })).toBe('l:\n- {b: 2}\n');
  });
});

describe('a key goes', () => {
  test('with its value, its comments and nothing else', () => {
    expect(changed(text`
      # about all
      a: 1

      # about b
      # and more
      b: # of b
        c: 1
        d: |
          # text

      # about e
      e: 2
    `, (value) => { delete value.b; })).toBe(text`
      # about all
      a: 1


      # about e
      e: 2
    `);
  });

  test('beside a dash, where the next one takes its place', () => {
    expect(changed('l:\n- a: 1 # of a\n  b: 2\n', (value) => { delete value.l[0].a; })).toBe('l:\n- b: 2\n');
    expect(changed('l:\n- a: 1\n  # about b\n  b: 2\n  c: 3\n', (value) => { delete value.l[0].a; })).toBe('l:\n- # about b\n  b: 2\n  c: 3\n');
    expect(changed('l:\n- a: 1\n  b: 2\n  c: 3\n', (value) => { delete value.l[0].a; delete value.l[0].b; value.l[0].d = 4; })).toBe('l:\n- c: 3\n  d: 4\n');
  });

  test('from brackets', () => {
    expect(changed('a: {b: 1, c: 2, d: 3}\n', (value) => { delete value.a.b; })).toBe('a: {c: 2, d: 3}\n');
    expect(changed('a: {b: 1, c: 2, d: 3}\n', (value) => { delete value.a.c; })).toBe('a: {b: 1, d: 3}\n');
    expect(changed('a: { b: 1, c: 2 }\n', (value) => { delete value.a.c; })).toBe('a: { b: 1 }\n');
    expect(changed('a: {b: 1}\n', (value) => { delete value.a.b; })).toBe('a: {}\n');
  });

  test('from brackets over several lines, with its own comments and nobody else\'s', () => {
    const flow = 'a: {\n  b: 1, # of b\n  # about c\n  c: 2, # of c\n  # about d\n  d: 3 # of d\n}\n';
    expect(changed(flow, (value) => { delete value.a.b; })).toBe('a: {\n  # about c\n  c: 2, # of c\n  # about d\n  d: 3 # of d\n}\n');
    expect(changed(flow, (value) => { delete value.a.c; })).toBe('a: {\n  b: 1, # of b\n  # about d\n  d: 3 # of d\n}\n');
    expect(changed(flow, (value) => { delete value.a.d; })).toBe('a: {\n  b: 1, # of b\n  # about c\n  c: 2 # of c\n}\n');
    expect(changed(flow.replace('3 #', '3, #'), (value) => { delete value.a.d; })).toBe('a: {\n  b: 1, # of b\n  # about c\n  c: 2, # of c\n}\n');
    expect(changed(flow, (value) => { delete value.a.c; delete value.a.d; })).toBe('a: {\n  b: 1 # of b\n}\n');
    expect(changed(flow, (value) => { delete value.a.b; delete value.a.d; value.a.e = 4; })).toBe('a: {\n  # about c\n  c: 2, # of c\n  # about d\n  e: 4 # of d\n}\n');
    expect(changed('a: { b: 1, # of b\n  # about c\n  c: [2] }\n', (value) => { delete value.a.b; })).toBe('a: {\n  # about c\n  c: [2] }\n');
    expect(changed('a: {b: 1, c: 2, # of both\n  # about d\n  d: 3}\n', (value) => { delete value.a.b; })).toBe('a: {c: 2, # of both\n  # about d\n  d: 3}\n');
    expect(changed('a: [\n  b, # of b\n  # about c\n  c\n]\n', (value) => { value.a.shift(); })).toBe('a: [\n  # about c\n  c\n]\n');
  });

  test('from brackets in whatever lines they are: every comment of what stays stays, in its order', () => {
    const member = fc.record({ above: fc.nat(2), beside: fc.boolean(), ownLine: fc.boolean(), stays: fc.boolean() });
    const lists = fc.array(member, { minLength: 1, maxLength: 6 });
    const styles = fc.record({ isList: fc.boolean(), isEnded: fc.boolean(), isAdded: fc.boolean() });
    fc.assert(fc.property(lists, styles, (members, { isList, isEnded, isAdded }) => {
      fc.pre(members.some(({ stays }) => stays) && members.some(({ stays }) => !stays));
      const name = (i: number) => `k${i}`;
      const source = members.map(({ above, beside, ownLine }, i) => {
        const isLast = i === members.length - 1;
        const isNew = ownLine || (i > 0 && members[i - 1].beside);
        const head = isNew ? `\n${Array.from({ length: above }, () => `  # above ${name(i)}\n`).join('')}  ` : ' ';
        return `${head}${name(i)}${isList ? '' : ': 1'}${isLast && !isEnded ? '' : ','}${beside ? ` # beside ${name(i)}` : ''}`;
      }).join('');
      const [open, close] = isList ? '[]' : '{}';
      const before = `a: ${open}${source}\n${close}\n`;
      const result = changed(before, (value) => {
        value.a = isList
          ? [...value.a.filter((_: unknown, i: number) => members[i].stays), ...isAdded ? ['added'] : []]
          : { ...Object.fromEntries(Object.entries(value.a).filter((_, i) => members[i].stays)), ...isAdded && { added: 1 } };
      });
      const comments = (said: string) => said.match(/# \w+ k\d/g) ?? [];
      const isKept = (comment: string) => members[Number(comment.at(-1))].stays;
      expect(result).toContain(`a: ${open}`);
      expect(comments(result).filter(isKept)).toEqual(comments(before).filter(isKept));
      if (members.every(({ ownLine }) => ownLine) && !isAdded) {
        expect(comments(result).every(isKept)).toBe(true);
      }
    }), { numRuns: 500 });
  });

  test('and leaves empty brackets where it was the only one', () => {
    expect(changed('a: # why\n  b: 1\nc: 2\n', (value) => { delete value.a.b; })).toBe('a: {} # why\nc: 2\n');
    expect(changed('l:\n- a: 1\n', (value) => { delete value.l[0].a; })).toBe('l:\n- {}\n');
  });
});

describe('a list', () => {
  test('gets elements at its end', () => {
    expect(changed('l:\n  - a # of a\n  # about b\n  - b\n', (value) => { value.l.push('c', { d: 1, e: [2] }); })).toBe('l:\n  - a # of a\n  # about b\n  - b\n  - c\n  - d: 1\n    e:\n      - 2\n');
    expect(changed('l: [a, b]\n', (value) => { value.l.push('c'); })).toBe('l: [a, b, c]\n');
    expect(changed('l: ["a"]\n', (value) => { value.l.push('c'); })).toBe('l: ["a", "c"]\n');
  });

  test('loses elements with their comments, wherever they are', () => {
    const list = 'l:\n  - name: a\n  # about b\n  - name: b # of b\n    x: 1\n  - name: c\n';
    expect(changed(list, (value) => { value.l.splice(1, 1); })).toBe('l:\n  - name: a\n  - name: c\n');
    expect(changed(list, (value) => { value.l.splice(0, 1); })).toBe('l:\n  # about b\n  - name: b # of b\n    x: 1\n  - name: c\n');
    expect(changed(list, (value) => { value.l.splice(0, 2); value.l[0].z = 1; })).toBe('l:\n  - name: c\n    z: 1\n');
    expect(changed('l: [a, b, c]\n', (value) => { value.l.splice(1, 1); })).toBe('l: [a, c]\n');
    expect(changed('l: [a, b, c]\n', (value) => { value.l = []; })).toBe('l: []\n');
    expect(changed('l:\n- a\n- b\nm: 1\n', (value) => { value.l = []; })).toBe('l: []\nm: 1\n');
  });
});

describe('anchors and aliases', () => {
  const SHARED = text`
    one: &c
      a: 1
    two: *c
  `;

  test('what changes alike wherever it is used changes once', () => {
    expect(changed(SHARED, (value) => { value.one.b = 2; value.two.b = 2; })).toBe('one: &c\n  a: 1\n  b: 2\ntwo: *c\n');
  });

  test('what would change in other places, too, is refused with its line', () => {
    const message = 'left as it is: what has to change here has an anchor (&) or is an alias (*), and would change in several places: write the value out there';
    expect(changed(SHARED, (value) => { value.two.b = 2; })).toBe(`line 3: ${message}`);
    expect(changed(SHARED, (value) => { value.one.b = 2; })).toBe(`line 2: ${message}`);
    expect(changed(SHARED, (value) => { value.one.b = 2; value.two.b = 3; })).toBe(`line 2: ${message}`);
    expect(changed('a: &u 0\nb: *u\n', (value) => { value.a = 1; })).toBe(`line 1: ${message}`);
  });

  test('an alias gives way to a value of its own', () => {
    expect(changed('a: &u 0\nb: *u # why\n', (value) => { value.b = 1; })).toBe('a: &u 0\nb: 1 # why\n');
    expect(changed('a: &u 0\nb: *u\nc: 1\n', (value) => { delete value.b; })).toBe('a: &u 0\nc: 1\n');
  });

  test('the only use of an anchor is a value like any other', () => {
    expect(changed('a: &u\n  b: 1\n', (value) => { value.a.c = 1; })).toBe('a: &u\n  b: 1\n  c: 1\n');
  });

  test('what comes by a merge is overridden below it, and cannot be taken away', () => {
    const merged = 'x: &x\n  a: 1\n  b: {c: 1}\nz:\n  <<: *x\n';
    expect(changed(merged, (value) => { value.z.a = 2; value.z.b.d = 2; })).toBe(`${merged}  a: 2\n  b:\n    c: 1\n    d: 2\n`);
    expect(changed(merged, (value) => { delete value.z.a; })).toBe('line 5: left as it is: what has to go here comes by a merge key (<<): write the keys out there');
  });

  test('the value of an anchor stays where it is while it is used', () => {
    expect(changed('a: &u 0\nb: *u\n', (value) => { delete value.a; })).toContain('left as it is: ');
  });
});

describe('what nobody could be sure of is refused', () => {
  test.each([
    ['a key that stands twice', 'a: 1\na: 2\n', (value: any) => { delete value.a; }],
    ['a key with a question mark', '? a\n: b: 1\nc: 1\n', (value: any) => { delete value.a; }],
    ['elements that come in between', 'l:\n- a\n- b\n', (value: any) => { value.l = ['a', 'x', 'b']; }],
  ])('%s', (_, source, change) => {
    expect(changed(source, change)).toContain('left as it is: ');
  });
});

describe('JSON', () => {
  test('keeps its indentation, also tabs, and its order', () => {
    const source = '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"c": [],\n\t"d": {}\n}';
    expect(changedJson(source, (value) => { value.a.e = { f: ['g'] }; value.d = { h: true }; value.a.b = 2; }))
      .toBe('{\n\t"a": {\n\t\t"b": 2,\n\t\t"e": {\n\t\t\t"f": [\n\t\t\t\t"g"\n\t\t\t]\n\t\t}\n\t},\n\t"c": [],\n\t"d": {\n\t\t"h": true\n\t}\n}');
  });

  test('on one line stays on one line', () => {
    expect(changedJson('{"a":{"b":1},"c":[1]}', (value) => { value.a.d = { e: 'x' }; value.c.push(2); })).toBe('{"a":{"b":1,"d":{"e":"x"}},"c":[1,2]}');
    expect(changedJson('{"a": {"b": 1, "c": 2}}', (value) => { delete value.a.b; value.d = 1; })).toBe('{"a": {"c": 2}, "d": 1}');
  });

  test('with escapes and numbers that stay as they are written', () => {
    expect(changedJson('{"\\u0061":1.50,"b\\"":1e3,"c":"\\n"}', (value) => { value.a = 2; })).toBe('{"\\u0061":2,"b\\"":1e3,"c":"\\n"}');
  });
});

test.each([
  ['a tag', '!!str securityContext: {privileged: true}'], ['an anchor', '&key securityContext: {privileged: true}'], ['a question mark', '? securityContext\n  : {privileged: true}'],
])('a key with %s is not written a second time', (_what, context) => {
  const yaml = `containers:\n- name: web\n  ${context}\n`;
  const before = { containers: [{ name: 'web', securityContext: { privileged: true } }] };
  const after = { containers: [{ name: 'web', securityContext: { allowPrivilegeEscalation: false } }] };
  expect(editedYaml(yaml, before, after, { left: 1000 })).toMatchObject({ problem: { level: 'error', message: expect.stringContaining('left as it is') } });
});

test('what comes by a merge key is overridden after it, once', () => {
  const yaml = 'base: &base {a: 1}\nweb:\n  <<: *base\n  b: 2\n';
  const result = editedYaml(yaml, { base: { a: 1 }, web: { a: 1, b: 2 } }, { base: { a: 1 }, web: { a: 3, b: 2 } }, { left: 1000 });
  expect('problem' in result ? result.problem : edited(yaml, result.edits)).toBe('base: &base {a: 1}\nweb:\n  <<: *base\n  b: 2\n  a: 3\n');
});
