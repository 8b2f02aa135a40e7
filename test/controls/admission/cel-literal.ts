const SHORT_ESCAPES: Record<string, string> = { 'n': '\n', 'r': '\r', 't': '\t', '\\': '\\', '\'': '\'', '"': '"' };

/** What CEL reads from a text literal, as its specification says: quotes of either kind, `r` for raw, no line ends within. */
export function readCelString(literal: string): string {
  const [, raw, quote, body] = /^(r?)(['"])(.*)\2$/su.exec(literal) ?? [];
  if (body === undefined || /[\n\r]/.test(body)) {
    throw new Error(`${literal} is no text literal of one line`);
  }
  const tokens = raw ? [...body] : body.match(/\\u[0-9a-f]{4}|\\[^u]|[^\\]/gsu) ?? [];
  if (tokens.join('') !== body || tokens.includes(quote)) {
    throw new Error(`${literal} ends before its end`);
  }
  return tokens.map((token) => {
    if (!token.startsWith('\\') || raw) {
      return token;
    }
    const known = token.startsWith('\\u') ? String.fromCharCode(parseInt(token.slice(2), 16)) : SHORT_ESCAPES[token.slice(1)];
    if (known === undefined) {
      throw new Error(`${literal} has an escape that CEL doesn't know`);
    }
    return known;
  }).join('');
}
