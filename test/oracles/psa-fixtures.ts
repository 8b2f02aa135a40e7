import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { programPath } from './programs';

/** A pod from the test data of Pod Security admission itself, with the verdict that defines its level. */
export interface PsaFixture {
  readonly level: 'baseline' | 'restricted';
  /** 37 for Kubernetes 1.37. */
  readonly minor: number;
  readonly verdict: 'pass' | 'fail';
  /** Unique among all: `restricted/v1.37/fail/hostports0`. */
  readonly name: string;
  /** With a name that the API server accepts. */
  readonly pod: any;
}

/** The oldest Kubernetes that this library supports. */
const OLDEST_MINOR = 28;

/**
 * All fixtures for 1.28 and later, in a fixed order. Call it in tests and hooks, not while tests are collected: `describeWith(['psa-fixtures'], …)`
 * collects the tests that it skips.
 */
export function psaFixtures(): PsaFixture[] {
  const root = programPath('psa-fixtures');
  return (['baseline', 'restricted'] as const).flatMap(level =>
    readdirSync(join(root, level)).map(version => Number(version.replace('v1.', ''))).filter(minor => minor >= OLDEST_MINOR).sort((a, b) => a - b)
      .flatMap(minor => (['pass', 'fail'] as const).flatMap(verdict =>
        readdirSync(join(root, level, `v1.${minor}`, verdict)).sort().map(file => {
          const pod = parse(readFileSync(join(root, level, `v1.${minor}`, verdict, file), 'utf8'));
          pod.metadata.name = pod.metadata.name.replaceAll('_', '-');
          return { level, minor, verdict, name: `${level}/v1.${minor}/${verdict}/${file.replace('.yaml', '')}`, pod };
        }))));
}
