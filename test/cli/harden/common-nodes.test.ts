import * as fc from 'fast-check';
import { readEditable } from '../../../src/cli/documents/editable-document';
import { commonNodes } from '../../../src/cli/harden/common-nodes';
import { TextNode } from '../../../src/cli/harden/text-node';
import { yamlText } from '../../../src/cli/harden/yaml-text';
import { FOREIGN_MANIFESTS, manifestText } from '../../support/foreign-manifests';
import { mutated, numbersFrom, samples } from '../documents/mutations';

/** What the parser of all YAML says; undefined where it refuses. */
function nodesOf(text: string): TextNode | undefined {
  const read = readEditable(text);
  return 'problem' in read ? undefined : yamlText(read.tree, text);
}

test.each([
  ['maps and lists in blocks', 'a: 1 # one\nb:\n- c: x\n  d:\n\n  # about e\n  e: y\n-\n  - - f\n    -   g: h\ni:\n    j: ~\n'],
  ['brackets', 'a: {b: 1, "c": \'d\', e: [f, {}, [ ]]} # why\nl: [\n  a b, # of a\n  "c",\n]\n'],
  ['text over several lines', 'a: one\n  two # of a\nb: "three\n\n  four"\nc: |\n  x\n\n   y\n\n# end\nd: >+\n  z\n\ne: |-\n  \'q\'\n'],
  ['keys in quotes', '"a": 1\n\'b\': 2\nc d : 3\n'],
  ['nothing', '# nothing\n'],
  ['JSON', '{"a": {"b": [1, true]}}\n'],
])('%s stand where the parser of all YAML finds them', (_, text) => {
  const common = commonNodes(text);
  expect(common).toBeDefined();
  expect(common).toEqual(nodesOf(text));
});

test('whatever it takes, it finds every value and key where the parser of all YAML does', () => {
  const all = [...samples(), ...Object.keys(FOREIGN_MANIFESTS).flatMap((name) => manifestText(name).split(/^---.*\n/m))];
  let alike = 0;
  fc.assert(fc.property(fc.nat(), (seed) => {
    const text = `${mutated(all, numbersFrom(seed)).replaceAll('\r', '')}\n`;
    fc.pre(!/^(?:---|\.\.\.)/m.test(text) && !/[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029]/.test(text));
    const common = commonNodes(text);
    const whole = common && nodesOf(text);
    if (whole) {
      alike++;
      expect(common).toEqual(whole);
    }
  }), { numRuns: 500 });
  expect(alike).toBeGreaterThan(100);
});

test('what is rare is left to the parser of all YAML', () => {
  expect(['a: &x 1\nb: *x\n', 'a: !!str 1\n', '? a\n: b\n', 'a: 1\na: 2\n', 'a: [\n'].map(commonNodes)).toEqual(Array(5).fill(undefined));
});
