import { editableValue, json, read } from './reading';
import { placesOf, scalarForms } from './scalar-table';
import { readCommon } from '../../../src/cli/documents/common-reader';
import { plainKey, plainValue } from '../../../src/cli/documents/plain-scalars';

test.each(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'ON', 'true', 'True', 'TRUE'])('hostNetwork: %s shares the host network', text => {
  expect(read(`spec:\n  hostNetwork: ${text}\n`).objects).toEqual([{ spec: { hostNetwork: true } }]);
});

test.each(['n', 'N', 'no', 'No', 'NO', 'off', 'OFF', 'false', 'False', 'FALSE'])('runAsNonRoot: %s does not keep root out', text => {
  expect(read(`spec:\n  runAsNonRoot: ${text}\n`).objects).toEqual([{ spec: { runAsNonRoot: false } }]);
});

test.each(['"yes"', "'yes'", 'yEs', 'yes1', '|-\n  yes', '!!str yes'])('%s is text', text => {
  expect(typeof (read(`a: ${text}\n`).objects[0] as { a: unknown }).a).toBe('string');
});

test.each([
  ['0', 0], ['00', 0], ['-0', 0], ['0777', 511], ['0o777', 511], ['0x1F', 31], ['0b101', 5], ['1_000', 1000], ['+5', 5], ['08', 8], ['1e3', 1000], ['.5', 0.5], ['1.', 1],
  ['~', null], ['null', null], ['', null], ['0o8', '0o8'], ['1:30', '1:30'], ['2001-01-01', '2001-01-01'], ['1e400', '1e400'], ['nan', 'nan'], ['1.2.3', '1.2.3'],
])('plain %s is %j', (text, value) => {
  expect(plainValue(text)).toBe(value);
});

test.each([
  ['yes', 'true'], ['off', 'false'], ['0x10', '16'], ['1_000', '1000'], ['9223372036854775807', '9223372036854775807'], ['1.50', '1.5'], ['1e6', '1e+06'],
  ['16777217.5', '1.6777218e+07'], ['.inf', '.inf'], ['1e300', '.inf'], ['0.00001', '1e-05'], ['-0.0', '-0'], ['2001-01-01', '2001-01-01'], ['name', 'name'],
])('the plain key %s is %s', (text, key) => {
  expect(plainKey(text)).toBe(key);
});

test.each(['~', 'null', '', '18446744073709551615'])('%j is no key', text => {
  expect(plainKey(text)).toBeUndefined();
});

test('the quick reader and the reader for editing give the same value for every scalar at every place', () => {
  let compared = 0;
  for (const text of scalarForms().filter((_, i) => i % 5 === 0).flatMap(placesOf)) {
    const whole = text.endsWith('\n') ? text : `${text}\n`;
    const common = readCommon(whole);
    const editable = editableValue(whole);
    if ('value' in common && 'value' in editable) {
      compared++;
      expect([text, json(common.value)]).toEqual([text, json(editable.value)]);
    }
  }
  expect(compared).toBeGreaterThan(3000);
});

test('the quick reader knows the forms of common manifests', () => {
  const text = [
    '# comment', 'apiVersion: v1', 'kind: ConfigMap # comment', 'metadata: { name: web, labels: {app: "web"} }', 'list:', '- a', '-   b: 1', '    c: [x, "y", 1]', '- - d', '  -', '    e:',
    'empty:', 'text: plain text', '  on two lines', 'quoted: "a \\"b\\" \\u00e9', '  c"', "single: 'it''s'", 'literal: |', '  a', '', '   b', 'folded: >-', '  a', '  b', '', '  c', '8080: port', '',
  ].join('\n');
  const value = {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', labels: { app: 'web' } }, list: ['a', { b: 1, c: ['x', 'y', 1] }, ['d', { e: null }]],
    empty: null, text: 'plain text on two lines', quoted: 'a "b" é c', single: "it's", literal: 'a\n\n b\n', folded: 'a b\nc', 8080: 'port',
  };
  expect(readCommon(text)).toEqual({ value });
  expect(editableValue(text)).toEqual({ value });
});

test.each(['a: &x 1\n', 'a: *x\n', 'a: !!str 1\n', '? a\n: b\n', '<<: {}\n', 'a: 1\na: 2\n', 'a: b: c\n', 'a:\n\t- b\n', 'a: [b\n', 'a: "b\n', '__proto__: 1\n', '  a: 1\n b: 2\n'])(
  'the quick reader leaves %j to the other one', text => {
    expect(readCommon(text)).toEqual({ rareAt: expect.any(Number) });
  },
);
