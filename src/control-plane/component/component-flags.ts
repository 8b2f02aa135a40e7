import { invalid } from '../../core/errors';

/** A command-line flag of a program, without its dashes. */
export interface Flag {
  readonly name: string;
  readonly value: string;
}

/**
 * The flags of one program, gathered from whoever needs one. Two that want different values of the same flag are told so, instead of the
 * later one winning.
 */
export class ComponentFlags {
  private readonly byName = new Map<string, { value: string; setBy: string }>();

  /** @param program for errors, for instance `kube-apiserver` */
  constructor(private readonly program: string, private readonly at: string) {}

  /**
   * Sets a flag. Setting it again to the same value changes nothing.
   * @param setBy who wants it, for errors
   */
  public set(name: string, value: string, setBy: string): this {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
      throw invalid({ at: this.at, property: this.program, got: name, allowed: 'the name of a flag without its dashes', fix: 'Correct the name.' });
    }
    const present = this.byName.get(name);
    if (present && present.value !== value) {
      throw invalid({
        at: this.at,
        property: `${this.program} --${name}`,
        got: value,
        allowed: `${present.value}, as ${present.setBy} sets it`,
        fix: `Let ${present.setBy} and ${setBy} agree: a program takes one value of a flag.`,
      });
    }
    this.byName.set(name, present ?? { value, setBy });
    return this;
  }

  /** The flags by name. */
  public get all(): Flag[] {
    return [...this.byName].map(([name, { value }]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
