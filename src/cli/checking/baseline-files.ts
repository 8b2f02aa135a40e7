import { StaleEntry } from '../../controls/results/baseline';
import { statedPath } from '../../controls/results/stated-path';

const UPDATE = 'CDK8S_HARDENED_UPDATE_BASELINE';

/** Whether the environment asks for new baseline files, as a synth reads it. */
export function updatesBaseline(env: NodeJS.ProcessEnv): boolean {
  return env[UPDATE] === '1';
}

/** Runs what reads baseline files, which ask the environment of the process whether they are written anew. */
export function withBaselines<T>(updates: boolean, run: () => T): T {
  const before = process.env[UPDATE];
  process.env[UPDATE] = updates ? '1' : '0';
  try {
    return run();
  } catch (error) {
    if (error instanceof Error) {
      error.message = error.message.replace(`${UPDATE}=1 in the environment of the synth`, '--update-baseline');
    }
    throw error;
  } finally {
    if (before === undefined) {
      delete process.env[UPDATE];
    } else {
      process.env[UPDATE] = before;
    }
  }
}

/** What is wrong with an entry that nothing is found for any more. */
export function staleMessage({ file, control, resource, path }: StaleEntry): string {
  const what = [control, resource, path].filter((part) => part !== undefined).join(' ');
  return `${statedPath(file)}: ${what} is fixed or waived, or its file was not given. Remove it from the baseline, so that it can't come back (--update-baseline writes it anew).`;
}
