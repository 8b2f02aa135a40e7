import { Yaml } from 'cdk8s';
import { Random } from './random';
import { describeDocument, randomDocument } from './random-document';
import { YamlEmitter } from '../../../src/app/synthesis/yaml-emitter';

/** How many random documents are compared; `FUZZ_DOCUMENTS=250000 npx jest yaml-emitter` compares more. */
const DOCUMENTS = Number(process.env.FUZZ_DOCUMENTS ?? 20_000);
const PER_EMITTER = 500;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('random documents', () => {
  test('are written byte for byte as Yaml.stringify of cdk8s writes them', () => {
    const random = new Random(20);
    for (let done = 0; done < DOCUMENTS; done += PER_EMITTER) {
      const documents = Array.from({ length: PER_EMITTER }, () => randomDocument(random));
      const actual = new YamlEmitter().stringifyFiles(documents.map((document) => [document]));
      documents.forEach((document, i) => {
        const expected = Yaml.stringify(document);
        if (actual[i] !== expected) {
          throw new Error(`document ${done + i} differs: ${describeDocument(document)}\nexpected:\n${expected}\nactual:\n${actual[i]}`);
        }
      });
    }
    expect(DOCUMENTS).toBeGreaterThan(0);
  }, 60_000 + DOCUMENTS * 10);

  test('are mostly laid out here: few need cdk8s for the whole document', () => {
    const random = new Random(21);
    const documents = Array.from({ length: 1000 }, () => randomDocument(random));
    const emitter = new YamlEmitter();
    const stringify = jest.spyOn(Yaml, 'stringify');
    emitter.stringify(documents);
    const whole = stringify.mock.calls.filter(([document]) => documents.includes(document)).length;
    expect(whole).toBeGreaterThan(20);
    expect(whole).toBeLessThan(400);
  });
});

describe('YamlEmitter', () => {
  const emit = (...documents: unknown[]) => new YamlEmitter().stringify(documents);

  test('writes no documents as an empty file, as cdk8s does', () => {
    expect(emit()).toBe('');
  });

  test('separates documents, and leaves out nothing for an undefined one', () => {
    expect(emit({ a: 1 }, undefined, { b: 2 })).toBe('a: 1\n---\n\n---\nb: 2\n');
    expect(Yaml.stringify({ a: 1 }, undefined, { b: 2 })).toBe('a: 1\n---\n\n---\nb: 2\n');
  });

  test.each([
    ['an object that occurs twice becomes an anchor and an alias', () => { const shared = { a: 1 }; return { x: shared, y: shared }; }, 'x: &a1\n  a: 1\n"y": *a1\n'],
    ['an empty list that occurs twice does too', () => { const shared: never[] = []; return { x: shared, z: [shared] }; }, 'x: &a1 []\nz:\n  - *a1\n'],
    ['a date is a timestamp', () => ({ at: new Date(0) }), 'at: 1970-01-01\n'],
    ['a toJSON method is asked', () => ({ at: { toJSON: () => 5 } }), 'at: 5\n'],
    ['text in several lines is indented as deep as it stands', () => ({ a: { b: [{ c: '\none\n two\n' }] } }), 'a:\n  b:\n    - c: |\n        \n        one\n         two\n'],
    ['a key like a document marker needs quotes at the top only', () => ({ '---': { '---': 1 } }), '"---":\n  ---: 1\n'],
    ['what looks like a boolean, number or date to YAML 1.1 is quoted', () => ({ a: 'yes', b: '0777', c: '1:30', d: '2001-12-14' }),
      'a: "yes"\nb: "0777"\nc: "1:30"\nd: "2001-12-14"\n'],
  ])('%s', (_, make, expected) => {
    const document = make();
    expect(Yaml.stringify(document)).toBe(expected);
    expect(emit(document)).toBe(expected);
  });

  test('a key too long for one line is left to cdk8s', () => {
    const document = { ['k'.repeat(1100)]: { [`${'a b '.repeat(400)}c`]: 1 } };
    expect(emit(document)).toBe(Yaml.stringify(document));
  });

  test('a circle is left to cdk8s', () => {
    const document: Record<string, unknown> = { a: 1 };
    document.self = { document };
    expect(emit(document)).toBe(Yaml.stringify(document));
  });

  test('one emitter may write many files, each as if it were alone', () => {
    const emitter = new YamlEmitter();
    expect(emitter.stringifyFiles([[{ a: 'x' }], [], [{ a: 'x' }, { b: 'y' }]])).toEqual(['a: x\n', '', 'a: x\n---\nb: "y"\n']);
    expect(emitter.stringify([{ c: 'x' }])).toBe('c: x\n');
  });

  test('asks cdk8s once for a string that occurs a thousand times', () => {
    const emitter = new YamlEmitter();
    const stringify = jest.spyOn(Yaml, 'stringify');
    emitter.stringify(Array.from({ length: 1000 }, () => ({ name: 'the same' })));
    expect(stringify.mock.calls.length).toBeLessThan(5);
  });

  describe('trusts nothing when the YAML library lays out in another way:', () => {
    function withLibrary(change: (yaml: string) => string): void {
      const real = Yaml.stringify.bind(Yaml);
      jest.spyOn(Yaml, 'stringify').mockImplementation((...documents) => change(real(...documents)));
    }

    test.each([
      ['lists without an indent', (yaml: string) => yaml.replace(/^ {2}- /gm, '- ')],
      ['four spaces', (yaml: string) => yaml.replace(/^( +)/gm, '$1$1')],
      ['a comment at the end', (yaml: string) => `${yaml}# end\n`],
    ])('%s', (_, change) => {
      withLibrary(change);
      const document = { a: { b: ['c', { d: 'e' }] }, f: 'g' };
      expect(emit(document)).toBe(Yaml.stringify(document));
    });
  });
});
