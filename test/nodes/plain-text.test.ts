import { isPlainLine, survivesYaml } from '../../src/nodes/plain-text';

test.each(['', '<<\n', '7z x a', './run', '10.0.0.1 host', 'a\r\nb', '\0\u001b', 'ä€💩', '\ttab\there\n', '\ud7ff\ue000\ufffd\u{10ffff}'])('%j passes a YAML 1.1 parser unchanged', (text) => {
  expect(survivesYaml(text)).toBe(true);
});

test.each(['tab\there', '<<', '=', '2026-01-01', '12:30:45', '-1', '\u007f', '\u0080', '\u0085', '\u009f', '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff', 'x\ud800', '\udc00x'])('%j does not', (text) => {
  expect(survivesYaml(text)).toBe(false);
});

test.each([['echo "ü"', true], ['a\tb', false], ['a\nb', false], ['a\0', false], ['a\ufeff', false]])('%j is one plain line: %s', (text, expected) => {
  expect(isPlainLine(text)).toBe(expected);
});
