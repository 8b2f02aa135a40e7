/** A table, or the word `None.` where there are no rows. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return rows.length === 0 ? 'None.\n' : [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
