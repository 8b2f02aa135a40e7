/** Where the lines of a text begin: looked for once, so that many places can be asked for. */
export class TextLines {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.starts.push(at + 1);
    }
  }

  /** Line and column of an offset, from 1. */
  public position(offset: number): { readonly line: number; readonly column: number } {
    const line = this.line(offset);
    return { line: line + 1, column: Math.min(offset, this.text.length) - this.starts[line] + 1 };
  }

  /** Where the line of an offset begins. */
  public start(offset: number): number {
    return this.starts[this.line(offset)];
  }

  /** Where the line after the one of an offset begins, or the text ends. */
  public end(offset: number): number {
    return this.starts[this.line(offset) + 1] ?? this.text.length;
  }

  /** From 0. */
  private line(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
