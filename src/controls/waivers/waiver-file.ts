import { readFileSync } from 'fs';
import { createRequire } from 'module';
import { checkWaiver, DeclaredWaiver, Waiver } from './waiver';
import { invalid } from '../../core/errors';
import { statedPath } from '../results/stated-path';

/**
 * Reads waivers from a file that is reviewed like code: YAML or JSON, a list below `waivers:`.
 * @throws if it can't be read, doesn't parse, or an entry isn't whole
 */
export function readWaiverFile(path: string): DeclaredWaiver[] {
  const document = parse(path, read(path));
  const waivers = isRecord(document) ? document.waivers : undefined;
  if (!Array.isArray(waivers) || Object.keys(document as object).length !== 1) {
    throw invalid({ at: path, property: 'waivers', got: isRecord(document) ? Object.keys(document) : typeof document, allowed: 'one document with the list "waivers" and nothing else', fix: 'Begin the file with "waivers:" and list them below it.' });
  }
  return waivers.map((waiver: unknown, i) => {
    const declaredAt = `${statedPath(path)}, entry ${i + 1}`;
    return { waiver: checkWaiver(waiver as Waiver, declaredAt), declaredAt };
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid({ at: path, property: 'file', allowed: `a file that can be read (${(error as NodeJS.ErrnoException).code})`, fix: 'Correct the path; it is resolved from the working directory.' });
  }
}

/** As far as this module needs it. */
interface YamlDocument {
  readonly errors: readonly Error[];
  readonly warnings: readonly Error[];
  toJS(): unknown;
}

function parse(path: string, text: string): unknown {
  // The parser that cdk8s brings along: its own Yaml.load skips what doesn't parse, takes the last of two equal keys and turns days into times.
  const { parseAllDocuments } = createRequire(require.resolve('cdk8s'))('yaml') as { parseAllDocuments(source: string, options: object): YamlDocument[] };
  const documents = [...parseAllDocuments(text, { version: '1.2', stringKeys: true })];
  const problem = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])[0];
  if (problem) {
    throw notParsed(path, problem);
  }
  try {
    const values = documents.map((each) => each.toJS());
    return values.length === 1 ? values[0] : values;
  } catch (error) {
    throw notParsed(path, error);
  }
}

function notParsed(path: string, error: unknown): Error {
  return invalid({ at: path, property: 'file', allowed: `YAML or JSON (${(error as Error).message.split('\n')[0].replace(/:$/, '')})`, fix: 'Correct the file.' });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
