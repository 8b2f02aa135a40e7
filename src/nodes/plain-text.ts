/** A line that YAML 1.1 may take for a merge key, a value key, a number or a date, some of which the YAML writer leaves unquoted. */
const AMBIGUOUS = /^(<<|=|[-+.0-9][-+.:_0-9a-fA-FxX]*|[0-9]{4}-[0-9].*)$/;

/**
 * Whether text passes cloud-init's YAML 1.1 parser (PyYAML) unchanged. It refuses a document that holds a DEL, a C1 control, a byte order
 * mark, a noncharacter, half a surrogate pair or a tab in an unquoted line, and takes U+0085, U+2028 and U+2029 for line breaks; the YAML
 * writer neither escapes nor quotes for any of them.
 */
export function survivesYaml(text: string): boolean {
  const isLine = !text.includes('\n');
  return !(isLine && (text.includes('\t') || AMBIGUOUS.test(text))) && codePoints(text).every((code) =>
    !(code >= 0x7f && code < 0xa0) && code !== 0x2028 && code !== 0x2029 && !(code >= 0xd800 && code < 0xe000) && code !== 0xfeff
    && code !== 0xfffe && code !== 0xffff);
}

/** Whether text is one line without control characters, which every form of a role carries unchanged. */
export function isPlainLine(text: string): boolean {
  return survivesYaml(text) && codePoints(text).every((code) => code >= 0x20);
}

function codePoints(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0)!);
}
