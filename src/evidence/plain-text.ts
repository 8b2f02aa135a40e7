/** Controls, what reorders or hides text, line and paragraph separators, halves of surrogate pairs and what Unicode calls no character. */
const UNSEEN = new RegExp([
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff]',
  '[\\ud800-\\udbff](?![\\udc00-\\udfff])', '(?<![\\ud800-\\udbff])[\\udc00-\\udfff]',
].join('|'), 'g');

/** One line that a terminal and a reader see as it is: anything else is shown as an escape, so that a value can't move the cursor or hide. */
export function printable(text: string): string {
  return text.replace(/[ \t\r\n]+/g, ' ').trim().replace(UNSEEN, escaped);
}

/** The same for texts of several lines. */
export function printableLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\t/g, ' ').replace(UNSEEN, (char) => (char === '\n' ? char : escaped(char)));
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The text, or its beginning and a mark where it is longer. Never half a character. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** Lines of whole words. A word that is longer than a line stays whole, so that paths can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && [...last].length + 1 + [...word].length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
