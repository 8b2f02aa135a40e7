/** Where the lines of a text begin: looked for once, and only as far as somebody asks, so that many places can be asked for. */
export class TextLines {
  /** Goes on to the first line that begins after all places that were asked for. */
  private readonly starts: number[] = [0];
  private isWhole = false;

  constructor(private readonly text: string) {}

  /** How many lines there are: with or without a line end after the last. */
  public get count(): number {
    this.findBeyond(this.text.length);
    return this.starts.length - (this.starts[this.starts.length - 1] === this.text.length ? 1 : 0);
  }

  /** Line and column of an offset, from 1. Offsets outside of the text are those of its beginning and its end. */
  public position(offset: number): { readonly line: number; readonly column: number } {
    const within = Math.max(0, Math.min(offset, this.text.length));
    const index = this.index(within);
    return { line: index + 1, column: within - this.starts[index] + 1 };
  }

  /** Where the line of an offset begins. */
  public start(offset: number): number {
    return this.starts[this.index(offset)];
  }

  /** Where the line after the one of an offset begins, or the text ends. */
  public end(offset: number): number {
    return this.starts[this.index(offset) + 1] ?? this.text.length;
  }

  /** The line of an offset, from 0. */
  public index(offset: number): number {
    this.findBeyond(offset);
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

  /** Where a line begins, from 0; the text's end for the one after the last. */
  public startOf(index: number): number {
    while (index >= this.starts.length && !this.isWhole) {
      this.findNext();
    }
    return this.starts[index] ?? this.text.length;
  }

  private findBeyond(offset: number): void {
    while (!this.isWhole && this.starts[this.starts.length - 1] <= offset) {
      this.findNext();
    }
  }

  private findNext(): void {
    const at = this.text.indexOf('\n', this.starts[this.starts.length - 1]);
    if (at === -1) {
      this.isWhole = true;
    } else {
      this.starts.push(at + 1);
    }
  }
}
