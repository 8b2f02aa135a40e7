import { spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { resourceName } from '../../../src/controls/results/finding-maker';
import { read } from '../../cli/documents/reading';
import { run } from '../../cli/run';
import { workloadArbitrary } from '../../support/generated-objects/workloads';
import { PolicyServer, policyServerPrograms } from '../policy-server';
import { describeWith } from '../programs';

type Any = any;

const TESTS = join(__dirname, '../..');
const FOLDERS = ['cli/manifests', 'cli/harden/manifests', 'support/foreign-manifests'];
const FILES = FOLDERS.flatMap((folder) => readdirSync(join(TESTS, folder)).filter((name) => /\.(?:yaml|json)$/.test(name)).map((name) => `${folder}/${name}`));
const LABELS = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.37' };
const VERSION = ['--kubernetes-version', '1.37'];

function opened(objects: readonly Any[]): Any[] {
  return objects.flatMap((object) => (Array.isArray(object.items) ? opened(object.items as Any[]) : [object]));
}

/** The pod that an object makes, with stand-ins for the volumes that a StatefulSet would claim. */
function podOf({ kind, metadata, spec }: Any): Any {
  const template = kind === 'Pod' ? { metadata, spec } : kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
  if (!template?.spec?.containers) {
    return undefined;
  }
  const claims = (spec.volumeClaimTemplates ?? []).map((claim: Any) => ({ name: claim.metadata.name, emptyDir: {} }));
  const own = { ...template.metadata, name: metadata.name ?? 'generated', namespace: metadata.namespace };
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: own,
    spec: { ...template.spec, ...claims.length > 0 && { volumes: [...template.spec.volumes ?? [], ...claims] } },
  };
}

interface Made {
  readonly resource: string;
  readonly pod: Any;
}

/** Custom resources that embed templates are judged by their pods; those that aren't served can't be tried themselves. */
function podsOf(text: string): Made[] {
  return opened(read(text).objects).flatMap((object) => {
    const pod = podOf(object);
    return pod ? [{ resource: resourceName(object), pod }] : [];
  });
}

/** The objects that are named below "Left to you". */
function leftIn(stderr: string): string[] {
  return [...stderr.matchAll(/^ {2}\S+:\d+ (\S+)$/gm)].map(([, resource]) => resource);
}

async function hardened(text: string) {
  const { code, stdout, stderr } = await run(['harden', '-', ...VERSION], { stdin: text });
  return { code, stdout, left: leftIn(stderr), stderr };
}

describeWith(policyServerPrograms('1.37'), 'what harden makes of manifests', () => {
  let server: PolicyServer;
  const namespaces = new Set<string>();

  async function verdicts(made: readonly Made[]) {
    for (const { pod } of made) {
      const { namespace = 'default' } = pod.metadata;
      const { serviceAccountName = pod.spec.serviceAccount ?? 'default' } = pod.spec;
      if (!namespaces.has(namespace)) {
        namespaces.add(namespace);
        await server.namespace(namespace, LABELS);
      }
      if (!namespaces.has(`${namespace}/${serviceAccountName}`)) {
        namespaces.add(`${namespace}/${serviceAccountName}`);
        await server.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccountName, namespace } }]);
      }
    }
    return Promise.all(made.map(async ({ resource, pod }) => ({ resource, ...await server.dryRun(pod) })));
  }

  beforeAll(async () => {
    server = await PolicyServer.start();
  });

  afterAll(async () => server?.stop());

  test.each(FILES)('%s: PSA restricted admits every pod of which nothing is left, and refuses the others; each was refused before, or is as it was', async (file) => {
    const text = readFileSync(join(TESTS, file), 'utf8');
    const { stdout, left, code } = await hardened(text);
    const after = await verdicts(podsOf(stdout));
    const before = await verdicts(podsOf(text));
    expect(code).toBe(left.length > 0 ? 1 : 0);
    expect(after.filter(({ allowed, resource }) => allowed === left.includes(resource)).map(({ resource, message }) => `${resource}: ${message}`)).toEqual([]);
    // Strict about unknown fields, and about everything else.
    expect(after.filter(({ unjudged }) => unjudged).map(({ message }) => message)).toEqual([]);
    const changed = before.filter((_, i) => JSON.stringify(podsOf(text)[i]) !== JSON.stringify(podsOf(stdout)[i]));
    expect(changed.filter(({ podSecurity }) => podSecurity.length === 0).map(({ resource }) => resource)).toEqual([]);
  });

  test('of workloads of any kind that the server takes, it admits those of which nothing is left, and no other', async () => {
    const objects = fc.sample(workloadArbitrary({ minor: 37 }), { numRuns: 300, seed: 20_261_121 });
    const wrong: string[] = [];
    let [admitted, refused] = [0, 0];
    for (const object of objects) {
      const { stdout, left } = await hardened(stringify(object, { aliasDuplicateObjects: false, version: '1.1' }));
      for (const { allowed, unjudged, message } of await verdicts(podsOf(stdout))) {
        [admitted, refused] = [admitted + Number(allowed), refused + Number(!allowed)];
        if (allowed === left.length > 0 || unjudged) {
          wrong.push(`${JSON.stringify(object)}: ${message}, left: ${left.join()}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect({ admitted: admitted > 50, refused: refused > 50 }).toEqual({ admitted: true, refused: true });
  });

  test('kubectl takes the whole stream: hardened files one after the other, strictly', async () => {
    const files = ['cli/harden/manifests', 'support/foreign-manifests/kustomize-overlay.yaml', 'support/foreign-manifests/redis.yaml', 'cli/manifests/cronjob.yaml'].map((file) => join(TESTS, file));
    const { stdout } = await run(['harden', ...files, ...VERSION]);
    for (const { metadata } of opened(read(stdout).objects)) {
      if (metadata.namespace !== undefined && !namespaces.has(metadata.namespace)) {
        namespaces.add(metadata.namespace);
        await server.namespace(metadata.namespace, LABELS);
      }
    }
    const { code, stdout: answer, stderr } = await server.kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], { input: stdout, allowFailure: true });
    const pods = opened(read(stdout).objects).filter(({ kind }) => kind === 'Pod').length;
    expect({ code, errors: stderr.split('\n').filter((line) => /error|unknown|violates/i.test(line)) }).toEqual({ code: 0, errors: [] });
    expect([...answer.matchAll(/ created \(server dry run\)$| configured \(server dry run\)$/gm)].length).toBeGreaterThan(10);
    expect(pods).toBeGreaterThan(0);
  });
});

describe('git', () => {
  const folder = mkdtempSync(join(tmpdir(), 'harden-patch-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('applies what --diff shows, and the files are those that --write writes', async () => {
    const names = ['shared-context.yaml', 'compact.yaml', 'scalars.json'];
    for (const copy of ['patched', 'written']) {
      mkdirSync(join(folder, copy));
      names.forEach((name) => cpSync(join(TESTS, 'cli/harden/manifests', name), join(folder, copy, name)));
    }
    const { stdout, stderr } = await run(['harden', '.', '--diff', ...VERSION], { cwd: join(folder, 'patched') });
    expect(stderr).not.toContain('not shown');
    const { status, stderr: complaint } = spawnSync('git', ['apply', '-'], { cwd: join(folder, 'patched'), input: stdout, encoding: 'utf8' });
    expect({ status, complaint }).toEqual({ status: 0, complaint: '' });
    await run(['harden', '.', '--write', ...VERSION], { cwd: join(folder, 'written') });
    for (const name of names) {
      expect(readFileSync(join(folder, 'patched', name), 'utf8')).toBe(readFileSync(join(folder, 'written', name), 'utf8'));
      expect(readFileSync(join(folder, 'written', name), 'utf8')).not.toBe(readFileSync(join(TESTS, 'cli/harden/manifests', name), 'utf8'));
    }
  });
});
