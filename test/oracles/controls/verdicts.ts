/** What both sides say of one rule about one object. */
export interface Verdict {
  /** The rule: a control's id, a level of Pod Security. */
  readonly rule: string;
  /** Where the check at synth says that it isn't met; empty: it is. */
  readonly synth: string;
  /** What the API server says to that. */
  readonly server: string;
  readonly agrees: boolean;
}

/** An object as it was sent to the API server, and what both sides say of it. */
export interface Judgement {
  readonly object: unknown;
  /** Why the API server finds it invalid. No rule is asked then. */
  readonly invalid?: string;
  readonly verdicts: readonly Verdict[];
}

export interface Count {
  readonly met: number;
  readonly violated: number;
}

/** How often both sides gave a verdict. */
export class Tally {
  private readonly counts = new Map<string, Count>();

  add(verdicts: readonly Verdict[]): void {
    for (const { rule, synth } of verdicts) {
      const { met, violated } = this.of(rule);
      this.counts.set(rule, synth === '' ? { met: met + 1, violated } : { met, violated: violated + 1 });
    }
  }

  of(rule: string): Count {
    return this.counts.get(rule) ?? { met: 0, violated: 0 };
  }

  total(rules: readonly string[]): Count {
    return rules.map((rule) => this.of(rule)).reduce((a, b) => ({ met: a.met + b.met, violated: a.violated + b.violated }), { met: 0, violated: 0 });
  }

  /** The rules that had only one of the verdicts. */
  oneSided(rules: readonly string[]): string[] {
    return rules.filter((rule) => this.of(rule).met === 0 || this.of(rule).violated === 0);
  }
}
