import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Chart, Include } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { EXPECTED, NOT_COVERED, SECRETS } from './manifests/expected';
import { run, scratchFolder } from './run';
import { HardenedApp } from '../../src/app/hardened-app';
import { ControlPack } from '../../src/controls/pack';
import { canonical } from '../../src/controls/results/canonical';

const FOLDER = join(__dirname, 'manifests');
const FILES = readdirSync(FOLDER).filter((file) => /\.(yaml|json)$/.test(file));

const folder = scratchFolder();

interface FoundJson {
  readonly control: string;
  readonly resource: string;
  readonly container?: string;
  readonly path?: string;
  readonly severity: string;
  readonly fingerprint: string;
  readonly got?: string;
  readonly expected?: string;
  readonly source: { readonly file: string; readonly line: number };
}

async function findings(...argv: string[]): Promise<FoundJson[]> {
  const { stdout, stderr } = await run(['check', ...argv, '--output', 'json'], { cwd: FOLDER });
  expect(stderr.replace(/^Pods of .*\n$/, '')).toBe('');
  return JSON.parse(stdout).findings;
}

function byObject(found: readonly FoundJson[]): Record<string, string[]> {
  const objects: Record<string, string[]> = {};
  for (const { resource, control, container } of found) {
    (objects[resource] ??= []).push(container === undefined ? control : `${control}@${container}`);
  }
  return Object.fromEntries(Object.entries(objects).map(([resource, controls]) => [resource, [...new Set(controls)].sort()]));
}

const sorted = (expected: Readonly<Record<string, readonly string[]>>) => (
  Object.fromEntries(Object.entries(expected).map(([resource, controls]) => [resource, [...controls].sort()]))
);

test('there are manifests of more than ten kinds, each with what is expected', () => {
  expect(FILES.length).toBeGreaterThan(10);
  expect(Object.keys(EXPECTED).sort()).toEqual([...FILES].sort());
});

test.each(FILES)('%s: every finding is true, and none is missing', async (file) => {
  expect(byObject(await findings(file))).toEqual(sorted(EXPECTED[file]));
});

test.each(FILES)('%s: what nobody can judge is named once', async (file) => {
  const { stdout } = await run(['check', file], { cwd: FOLDER });
  const said = stdout.replace(/\s+/g, ' ').match(/Pods of (?:1 object|\d+ objects) can't be judged before they exist: (.*?)\.(?: |$)/g) ?? [];
  expect(said).toEqual(NOT_COVERED[file]?.map((name) => expect.stringContaining(name)) ?? []);
  const { stderr } = await run(['check', file, '-o', 'json'], { cwd: FOLDER });
  expect(stderr).toBe(NOT_COVERED[file]?.map((name) => `Pods of 1 object can't be judged before they exist: ${name}.\n`).join('') ?? '');
});

test.each(['table', 'json', 'sarif', 'junit'])('as %s, no secret of the manifests is shown', async (output) => {
  const { stdout, stderr, code } = await run(['check', '.', '--all', '--output', output], { cwd: FOLDER });
  expect(code).toBe(1);
  expect(SECRETS.filter((secret) => `${stdout}${stderr}`.includes(secret))).toEqual([]);
  expect(SECRETS.filter((secret) => FILES.some((file) => readFileSync(join(FOLDER, file), 'utf8').includes(secret)))).toEqual(SECRETS);
});

/** Deepest line that the path leads to, by a parser that knows the places of all values. */
function lineByParser(file: string, resource: string, path: string): number {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const steps = [...path.matchAll(/\.?([A-Za-z_$][\w$-]*)|\["([^"]+)"\]|\[(\d+)\]/g)].map(([, plain, quoted, index]) => (index === undefined ? plain ?? quoted : Number(index)));
  const name = resource.split('/').pop();
  const document = parseAllDocuments(text).find((each) => {
    const json = each.toJS();
    return json && (json.kind === 'List' || (json.metadata.name === name && json.kind === resource.split(/[./]/)[0]));
  })!;
  let offset = (document.contents as any).range[0];
  let node: any = document.contents;
  for (const step of steps) {
    const pair: any = typeof step === 'number' ? undefined : node?.items?.find((each: any) => each.key?.value === step);
    const next = typeof step === 'number' ? node?.items?.[step] : pair;
    if (!next) {
      break;
    }
    offset = (pair ? pair.key : next).range[0];
    node = pair ? pair.value : next;
    if (node?.flow || node?.source !== undefined) {
      break;
    }
  }
  return text.slice(0, offset).split('\n').length;
}

test.each(FILES.filter((file) => file.endsWith('.yaml') && file !== 'edge.yaml'))('%s: findings name the line of the field, or of the nearest above', async (file) => {
  const found = await findings(file);
  expect(found.map(({ source }) => source.line)).toEqual(found.map(({ resource, path = '' }) => lineByParser(file, resource, path)));
});

test('what check finds is what an app finds that includes the same files', async () => {
  const names = FILES.filter((file) => file.endsWith('.yaml'));
  const app = new HardenedApp({
    outdir: join(folder, 'dist'), nodesOutdir: join(folder, 'nodes.out'), terraformOutdir: join(folder, 'cdktf.out'), evidenceOutdir: join(folder, 'evidence.out'),
    quiet: true,
  });
  for (const name of names) {
    new Include(new Chart(app, name.replace(/\W/g, '-')), 'objects', { url: join(FOLDER, name) });
  }
  app.synth();
  const included: FoundJson[] = JSON.parse(readFileSync(join(folder, 'evidence.out/findings.json'), 'utf8')).findings;
  // cdk8s writes keys in alphabetical order.
  const key = ({ control, resource, container, path, severity, fingerprint, got = '', expected }: FoundJson) => JSON.stringify({
    control, resource, container, path, severity, fingerprint, got: got.startsWith('{') ? canonical(JSON.parse(got)) : got, expected,
  });
  const checked = await findings(...names);
  expect(checked.length).toBeGreaterThan(90);
  // A fact about the cluster as a whole isn't about the files.
  expect(checked.map(key).sort()).toEqual(included.filter(({ resource }) => resource !== undefined).map(key).sort());
});

test('all packs are known by the names that they have in programs', async () => {
  const { recommended, pssRestricted, pssBaseline, nsa, cisWorkloads } = ControlPack;
  for (const pack of [recommended, pssRestricted, pssBaseline, nsa, cisWorkloads].map((make) => make())) {
    expect((await run(['check', 'cronjob.yaml', '--pack', pack.name], { cwd: FOLDER })).stderr).toBe('');
  }
});
