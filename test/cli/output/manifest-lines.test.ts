import { IndentedText } from '../../../src/cli/output/manifest-lines';

const TEXT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    "example.com/note": |
      spec:
        template: not this one
spec:
  # replicas: 9
  template:
    spec:
      containers:
      - name: app
        image: a
        args:
          - --x
          -
            deeper: true
      - image: b
        securityContext: {privileged: true}
  'replicas': 2
`.split('\n');

test.each([
  ['kind', ['kind'], 2],
  ['a key in quotes', ['metadata', 'annotations', 'example.com/note'], 6],
  ['a key below text that looks like it', ['spec', 'template'], 11],
  ['a key after a comment, in quotes', ['spec', 'replicas'], 22],
  ['a list as far left as its key', ['spec', 'template', 'spec', 'containers', 1], 20],
  ['a key on the line of its dash', ['spec', 'template', 'spec', 'containers', 1, 'image'], 20],
  ['an item that begins below its dash', ['spec', 'template', 'spec', 'containers', 0, 'args', 1, 'deeper'], 19],
  ['what is in brackets: the line of the brackets', ['spec', 'template', 'spec', 'containers', 1, 'securityContext', 'privileged'], 21],
  ['what is missing: the line of what would hold it', ['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits'], 14],
  ['nothing at all: the first line', ['status', 'phase'], 1],
  ['no such item: the line of the list', ['spec', 'template', 'spec', 'containers', 7], 13],
])('finds %s', (_what, place, line) => {
  expect(new IndentedText(TEXT).lineOf(place) + 1).toBe(line);
});

test.each([[['{"a":', '{"b": 1}}']], [[]], [['']], [['- a']], [['\ta: 1']]])('what isn\'t in blocks is on the first line: %j', (lines) => {
  expect(new IndentedText(lines).lineOf(['a', 'b'])).toBe(0);
});

test('a long list is looked through once, however many of its items are asked for', () => {
  const items = 2000;
  const lines = ['items:', ...Array.from({ length: items }, (_, i) => [`- name: ${i}`, '  spec:', '    port: 1']).flat()];
  let reads = 0;
  const counted = new Proxy(lines, {
    get: (target, key) => {
      reads += typeof key === 'string' && /^\d+$/.test(key) ? 1 : 0;
      return Reflect.get(target, key) as unknown;
    },
  });
  const text = new IndentedText(counted);
  for (let i = 0; i < items; i++) {
    expect(text.lineOf(['items', i, 'spec', 'port'])).toBe(3 * i + 3);
  }
  expect(reads).toBeLessThan(items * 40);
});

test('maps of many keys, long blanks and odd anchors hold nothing up', () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `  key-${i}: value`);
  const text = new IndentedText(['data:', ...keys, `odd: ${'&'.repeat(60)} x`, `  a${' '.repeat(100_000)}`]);
  keys.forEach((_, i) => expect(text.lineOf(['data', `key-${i}`]) === i + 1 || i).toBe(true));
  expect(text.lineOf(['odd', 'a'])).toBe(50_001);
});

test('keys are found however they are written', () => {
  const text = new IndentedText(['"a b": 1', '\'it\'\'s\': 2', 'c  : 3', 'd:e: 4', 'f:', '  g: 5', '"h:i": 6', 'j#k: 7', 'l']);
  expect([['a b'], ['c'], ['d:e'], ['f', 'g'], ['h:i'], ['j#k']].map((place) => text.lineOf(place))).toEqual([0, 2, 3, 5, 6, 7]);
  expect(text.lineOf(['l'])).toBe(0);
});
