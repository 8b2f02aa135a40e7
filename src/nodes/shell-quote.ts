/** One word of a POSIX shell, quoted only where it has to be. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, '\'\\\'\'')}'`;
}
