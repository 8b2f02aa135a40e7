/**
 * Words for what a YAML parser stumbled over. The parser's own messages quote the file, which may hold secrets: they are not used.
 */
const MESSAGES: Record<string, string> = {
  ALIAS_PROPS: 'an alias (*) takes no anchor and no tag',
  BAD_ALIAS: 'the name of an anchor (&) or alias (*) is missing or wrong; quote the value if it is none',
  BAD_COLLECTION_TYPE: 'the tag does not fit a map or a list',
  BAD_DIRECTIVE: 'kubectl takes no directives (%): remove the line',
  BAD_DQ_ESCAPE: 'double quotes hold an escape that YAML does not know: write \\\\ for a backslash',
  BAD_INDENT: 'the indentation does not fit the lines above, or a bracket is not closed',
  BAD_PROP_ORDER: 'an anchor or a tag stands at the wrong place',
  BAD_SCALAR_START: 'a value begins with a character that YAML reserves: quote it',
  BLOCK_AS_IMPLICIT_KEY: 'a key and its value are expected: does a ":" in a value need quotes, or is a key indented wrongly?',
  BLOCK_IN_FLOW: 'lines with "- " or "key:" cannot stand inside [ ] or { }',
  DUPLICATE_KEY: 'a key stands twice in its map',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a bracket, a quote, a comma, a ":" or a space is missing here; text in quotes over several lines must be indented',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines: is the ":" missing, or a quote not closed?',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_DOCS: 'two documents without a line --- between them',
  MULTIPLE_TAGS: 'a value has two tags',
  TAB_AS_INDENT: 'tabs cannot indent YAML: use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!) cannot be understood',
  UNEXPECTED_TOKEN: 'this is no YAML at this place',
};

export function syntaxMessage(code: string): string {
  return MESSAGES[code] ?? 'this is no YAML at this place';
}
