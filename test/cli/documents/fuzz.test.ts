import * as fc from 'fast-check';
import { mutated, numbersFrom, samples } from './mutations';
import { editableValue, json } from './reading';
import { readCommon } from '../../../src/cli/documents/common-reader';
import { readBytes } from '../../../src/cli/documents/read-documents';

const SAMPLES = samples();

/** Each has a document, or a problem with a line; nothing is thrown. */
function expectOutcome(bytes: Buffer): void {
  for (const reading of readBytes('f.yaml', bytes)) {
    if ('document' in reading) {
      expect(JSON.parse(JSON.stringify(reading.document.object))).toBeInstanceOf(Object);
      expect(reading.document.line).toBeGreaterThanOrEqual(1);
    } else {
      expect(reading.problem.message).not.toBe('');
      expect(reading.problem.line ?? 1).toBeGreaterThanOrEqual(1);
    }
  }
}

test('manifests that are changed at random give documents or problems', () => {
  fc.assert(fc.property(fc.nat(), seed => expectOutcome(Buffer.from(mutated(SAMPLES, numbersFrom(seed))))), { numRuns: 1000 });
});

test('bytes at random give documents or problems', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => expectOutcome(Buffer.from(bytes))), { numRuns: 500 });
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), text => expectOutcome(Buffer.from(text))), { numRuns: 500 });
});

test('JSON text is read as JSON', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), object => {
    const [reading] = [...readBytes('f.json', Buffer.from(JSON.stringify(object)))];
    expect('document' in reading && json(reading.document.object)).toEqual(json(object));
  }), { numRuns: 300 });
});

test('what both readers of YAML take, they read alike', () => {
  let alike = 0;
  fc.assert(fc.property(fc.nat(), seed => {
    const text = `${mutated(SAMPLES, numbersFrom(seed)).replaceAll('\r', '')}\n`;
    const common = /^(?:---|\.\.\.)/m.test(text) || /[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029]/.test(text) ? {} : readCommon(text);
    const editable = 'value' in common ? editableValue(text) : {};
    if ('value' in common && 'value' in editable) {
      alike++;
      expect(json(common.value)).toEqual(json(editable.value));
    }
  }), { numRuns: 1000 });
  expect(alike).toBeGreaterThan(100);
});
