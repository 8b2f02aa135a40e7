import { ask } from './ask';
import { inhabited } from './policies';
import { Judgement, Verdict } from './verdicts';
import { ControlSet } from '../../../src/controls/control-set';
import { ControlPack } from '../../../src/controls/pack';
import { showPath } from '../../../src/controls/path';
import { effectiveControls } from '../../../src/controls/superseding';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { DryRun, PolicyServer } from '../policy-server';

const PACKS: Record<Level, () => ControlPack> = { baseline: () => ControlPack.pssBaseline(), restricted: () => ControlPack.pssRestricted() };

export type Level = 'baseline' | 'restricted';

/** A level of Pod Security as of one version, and our pack for it. */
export class PodSecurityLevel {
  private readonly set: ControlSet;

  /** @param pinned whether the version is the one that namespaces name, in place of `latest` */
  constructor(readonly level: Level, readonly minor: number, readonly pinned: boolean, controls = PACKS[level]().controls) {
    const version = KubernetesVersion.of(`1.${minor}`);
    this.set = new ControlSet(effectiveControls(controls, version), version);
  }

  /** As its verdicts are called. */
  get rule(): string {
    return `Pod Security, ${this.level} of ${this.pinned ? `v1.${this.minor}` : 'latest'}`;
  }

  /** Make the API server warn of what a namespace holds. */
  get labels(): Record<string, string> {
    const warn = 'pod-security.kubernetes.io/warn';
    return { [warn]: this.level, [`${warn}-version`]: this.pinned ? `v1.${this.minor}` : 'latest' };
  }

  /** What both say of an object that was sent to a namespace with these labels. */
  verdict(sent: unknown, { podSecurity }: DryRun): Verdict {
    const synth = this.set.violations(sent).map(({ control, faults }) => `${control.id} at ${showPath(faults[0].place)}`).join('; ');
    const server = podSecurity.map(({ message }) => message).join('; ');
    return { rule: this.rule, synth, server, agrees: (synth === '') === (server === '') };
  }
}

/** Namespaces that pin a level and a version each, on an API server that judges by them. */
export class PinnedPodSecurity {
  static async install(server: PolicyServer, minors: readonly number[]): Promise<PinnedPodSecurity> {
    const levels = minors.flatMap((minor) => (['baseline', 'restricted'] as const).map((level) => new PodSecurityLevel(level, minor, true)));
    const places = levels.map((level, i) => ({ level, namespace: `pinned-${i}` }));
    for (const { level, namespace } of places) {
      await inhabited(server, namespace, level.labels);
    }
    return new PinnedPodSecurity(server, places);
  }

  private constructor(private readonly server: PolicyServer, private readonly places: readonly { level: PodSecurityLevel; namespace: string }[]) {
  }

  get namespaces(): string[] {
    return this.places.map(({ namespace }) => namespace);
  }

  get levels(): PodSecurityLevel[] {
    return this.places.map(({ level }) => level);
  }

  /** What both sides say at one of the levels and versions, each in its turn. */
  async judge(object: any, turn: number): Promise<Judgement> {
    const { level, namespace } = this.places[turn % this.places.length];
    const sent = { ...object, metadata: { ...object.metadata, namespace } };
    const dryRun = await ask(this.server, sent);
    return dryRun.unjudged ? { object: sent, invalid: dryRun.message, verdicts: [] } : { object: sent, verdicts: [level.verdict(sent, dryRun)] };
  }
}
