import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Change } from '../../../src/cli/diff/change';
import { compareOutputs } from '../../../src/cli/diff/compare-outputs';
import { catalogControls } from '../../../src/controls/catalog';
import { ActsAt, Control } from '../../../src/controls/control';
import { Json } from '../../../src/controls/path';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

export const CONTROLS: readonly Control[] = catalogControls().filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION);

/** What changed between two sets of objects. */
export function compared(
  before: readonly unknown[], after: readonly unknown[], version: KubernetesVersion = KubernetesVersion.V1_37,
): readonly Change[] {
  return compareOutputs(side(before), side(after), { controls: CONTROLS, version });
}

function side(documents: readonly unknown[]) {
  return { documents: documents as Json[], nodes: [], stacks: new Map(), problems: [] };
}

/** `weaker privileged`, without what is neutral. */
export function directions(changes: readonly Change[]): string[] {
  return changes.filter(({ verdict }) => verdict !== 'neutral').map(({ verdict, rule }) => `${verdict} ${rule}`);
}

/** `weaker network-policy: allows …`, for every change. */
export function told(changes: readonly Change[]): string[] {
  return changes.map(({ verdict, kind, rule, message }) => `${verdict === 'neutral' ? kind : verdict} ${rule}: ${message}`);
}

/** Folders with files, removed after the tests of a file. */
export class Folders {
  private readonly root = mkdtempSync(join(tmpdir(), 'diff-'));

  public constructor() {
    afterAll(() => rmSync(this.root, { recursive: true, force: true }));
  }

  public make(name: string, files: Readonly<Record<string, string>>): string {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.root, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    mkdirSync(join(this.root, name), { recursive: true });
    return join(this.root, name);
  }
}
