import { Output } from '../command';

const QUIET_FOR = 1000;
const EVERY = 200;

/** Says on a terminal how far a long run is; says nothing elsewhere, nor in the first second. */
export class Progress {
  private next: number;
  private count = 0;
  private shown = false;

  /** @param now the time in milliseconds */
  constructor(private readonly output: Output, private readonly noun: string, private readonly now: () => number = Date.now) {
    this.next = output.isTTY === true ? now() + QUIET_FOR : Infinity;
  }

  public step(): void {
    this.count++;
    if (this.next === Infinity || this.count % 64 !== 0) {
      return;
    }
    const time = this.now();
    if (time >= this.next) {
      this.next = time + EVERY;
      this.shown = true;
      this.output.write(`\r${this.count.toLocaleString('en')} ${this.noun} …\x1b[K`);
    }
  }

  /** Takes the line away, before anything else is written. */
  public clear(): void {
    if (this.shown) {
      this.shown = false;
      this.output.write('\r\x1b[K');
    }
  }
}
