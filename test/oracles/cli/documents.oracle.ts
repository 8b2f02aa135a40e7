import { spawnSync } from 'child_process';
import { isDeepStrictEqual } from 'util';
import { LIMITS } from '../../../src/cli/documents/document';
import { mutated, numbersFrom, samples } from '../../cli/documents/mutations';
import { json, read } from '../../cli/documents/reading';
import { placesOf, scalarForms } from '../../cli/documents/scalar-table';
import { manifestText, FOREIGN_MANIFESTS } from '../../support/foreign-manifests';
import { describeWith } from '../programs';

interface Answer {
  readonly documents: unknown[];
  readonly error?: string;
}

/** Reasons for which we refuse what kubectl takes: it isn't an object, or other programs read it differently. */
const ON_PURPOSE = [
  'the document is ', 'a tag (!) stands without a value', 'the value of !!binary is no text', 'the value does not fit its tag !!timestamp',
  'a number is too large', 'a value has two tags', 'lines with "- "', 'a key goes over several lines',
];

describeWith(['documents'], 'manifests as kubectl reads them', ({ documents: program }) => {
  function kubectl(files: readonly string[]): Answer[] {
    const input = `${files.map(file => Buffer.from(file).toString('base64')).join('\n')}\n`;
    const { status, stdout, stderr } = spawnSync(program, { input, maxBuffer: 2 ** 30, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.trim().split('\n').map(line => JSON.parse(line));
  }

  /** Files that both read, but not alike. What kubectl reads before an error counts. */
  function differences(files: readonly string[]): { different: string[]; refused: string[]; equal: number } {
    const answers = kubectl(files);
    const different: string[] = [];
    const refused: string[] = [];
    let equal = 0;
    files.forEach((file, i) => {
      const { objects, errors } = read(file);
      const theirs = answers[i].documents.filter(document => typeof document === 'object' && !Array.isArray(document)).map(json);
      if (errors.length > 0) {
        if (answers[i].error === undefined && !ON_PURPOSE.some(reason => errors[0].includes(reason))) {
          refused.push(`${JSON.stringify(file)}: ${errors[0]}`);
        }
      } else if (isDeepStrictEqual(objects.map(json).slice(0, answers[i].error === undefined ? undefined : theirs.length), theirs)) {
        equal += answers[i].error === undefined ? 1 : 0;
      } else {
        different.push(file);
      }
    });
    return { different, refused, equal };
  }

  test('every form of a scalar at every place gives the same JSON, and nothing else is refused', () => {
    const files = scalarForms().flatMap(placesOf);
    const { different, refused, equal } = differences(files);
    expect(files.length).toBeGreaterThan(60_000);
    expect({ different, refused }).toEqual({ different: [], refused: [] });
    expect(equal).toBeGreaterThan(30_000);
  });

  test('manifests of many styles give the same JSON', () => {
    const files = Object.keys(FOREIGN_MANIFESTS).map(manifestText);
    expect(differences(files)).toEqual({ different: [], refused: [], equal: files.length });
  });

  test('manifests that were changed at random give the same JSON where both read them', () => {
    const numbers = numbersFrom(20260615);
    const all = samples();
    const { different, equal } = differences(Array.from({ length: 20_000 }, () => mutated(all, numbers)));
    expect(different).toEqual([]);
    expect(equal).toBeGreaterThan(4_000);
  });

  test('the comparison sees a difference: YAML 1.2 does not take yes for true', () => {
    expect(kubectl(['hostNetwork: yes\n', "hostNetwork: 'yes'\n"]).map(({ documents }) => documents)).toEqual([[{ hostNetwork: true }], [{ hostNetwork: 'yes' }]]);
  });

  test('kubectl refuses what explodes, too', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 9 }, () => `*l${i}`).join(', ')}]\n`);
    const bomb = `l0: &l0 [x, x, x, x, x, x, x, x, x]\n${levels.join('')}`;
    expect(kubectl([bomb])[0].error).toContain('document contains excessive aliasing');
    expect(read(bomb).errors[0]).toContain(`aliases (*) stand for more than ${LIMITS.aliasedValues} values in one document`);
  });
});
