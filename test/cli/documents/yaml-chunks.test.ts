import { yamlChunks } from '../../../src/cli/documents/yaml-chunks';

test('chunks cover the bytes between the separators, with the lines on which they start', () => {
  const bytes = Buffer.from('# é\r\na: 1\r\n---\r\nb: 2\r\n--- # c\r\nc: 3');
  const chunks = [...yamlChunks(bytes, 1)];
  expect(chunks.map(({ line, text }) => [line, text])).toEqual([[1, '# é\na: 1\n'], [4, 'b: 2\n'], [6, 'c: 3\n']]);
  expect(chunks.map(({ start, end }) => bytes.toString('utf8', start, end))).toEqual(['# é\r\na: 1\r\n', 'b: 2\r\n', 'c: 3']);
  expect(chunks.map(({ ascii }) => ascii)).toEqual([false, false, false]);
});

test.each(['---x\na: 1\n', '--- {a: 1}', 'b: 1\n---#c\na: 1\n', '----\n'])('%j has a separator that kubectl refuses', text => {
  const problems = [...yamlChunks(Buffer.from(text), 1)].flatMap(({ problem }) => problem ?? []);
  expect(problems).toEqual(['something follows --- on its line, which kubectl refuses: put it on the next line']);
});

test.each(['---\na: 1\n', '---   \na: 1\n', '--- # c\na: 1\n', '---\t# c\r\na: 1\n', 'a: ---\n', ' ---\n'])('%j has none', text => {
  expect([...yamlChunks(Buffer.from(text), 1)].flatMap(({ problem }) => problem ?? [])).toEqual([]);
});
