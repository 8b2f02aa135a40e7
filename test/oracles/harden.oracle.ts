import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Include, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { ControlPack } from '../../src/controls/pack';
import { Hardening } from '../../src/workloads/hardening';
import { chartFor, FOREIGN_MANIFESTS, hardenManifest, manifestPath } from '../support/foreign-manifests';

type Any = any;

const NAMES = Object.keys(FOREIGN_MANIFESTS);
const RESTRICTED = ControlPack.pssRestricted().controls.map(({ id }) => id);
const LABELS = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.37' };
/** No server has them any more. */
const GONE = 'extensions/v1beta1';

function opened(objects: readonly Any[]): Any[] {
  return objects.flatMap((object) => (object.kind === 'List' ? opened(object.items as Any[]) : [object]));
}

/** The pod that an object makes, with stand-ins for the volumes that a StatefulSet would claim. */
function podOf(object: Any): Any {
  if (object.kind === 'Pod') {
    return object;
  }
  const template = object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec?.template;
  if (!template?.spec?.containers) {
    return undefined;
  }
  const claims = (object.spec.volumeClaimTemplates ?? []).map(({ metadata }: Any) => ({ name: metadata.name, emptyDir: {} }));
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: object.metadata.name, namespace: object.metadata.namespace },
    spec: { ...template.spec, ...claims.length > 0 && { volumes: [...template.spec.volumes ?? [], ...claims] } },
  };
}

function podsOf(objects: readonly Any[]): { resource: string; pod: Any }[] {
  return opened(objects).flatMap((object) => {
    const pod = podOf(object);
    return pod ? [{ resource: `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`, pod }] : [];
  });
}

function unhardened(name: string): Any[] {
  const chart = chartFor();
  new Include(chart, name, { url: manifestPath(name) });
  return chart.toJson();
}

describeWith(policyServerPrograms('1.37'), 'objects that others made, hardened', () => {
  let server: PolicyServer;

  beforeAll(async () => {
    server = await PolicyServer.start();
    const all = NAMES.flatMap((name) => opened([...unhardened(name), ...hardenManifest(name).objects]));
    for (const namespace of new Set<string>(all.map(({ metadata }) => metadata.namespace).filter(Boolean))) {
      await server.namespace(namespace, LABELS);
    }
    // Accounts that manifests use and leave to somebody else.
    const used = podsOf(all).map(({ pod }) => ({ name: pod.spec.serviceAccountName ?? pod.spec.serviceAccount ?? 'default', namespace: pod.metadata.namespace }));
    const accounts = new Map(used.map((metadata) => [`${metadata.namespace}/${metadata.name}`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }]));
    await server.apply([...accounts.values()]);
  });

  afterAll(async () => server?.stop());

  /** What a manifest leaves in the cluster: pods are only tried, namespaces keep their level, and custom resources need their definition first. */
  const lasting = (objects: readonly Any[]) => opened(objects).filter(({ apiVersion, kind }) => !['Cache', 'Namespace', 'Pod'].includes(kind) && apiVersion !== GONE);

  test.each(NAMES)('of %s, strictly valid, and another apply changes nothing', async (name) => {
    const objects = lasting(hardenManifest(name).objects);
    const versions = async () => (await server.apply(objects)).map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.generation} ${metadata.resourceVersion}`);
    const generations = (texts: string[]) => texts.map((each) => each.replace(/ \d+$/, ''));
    const first = await versions();
    // The server rewrites claims, jobs and definitions once by itself, with the same content.
    const second = await versions();
    expect(generations(second)).toEqual(generations(first));
    expect(await versions()).toEqual(second);
    expect(opened(hardenManifest(name).objects).length).toBeGreaterThan(0);
  });

  test.each(NAMES)('of %s, every pod is admitted to a restricted namespace that is reported as fixed, and no other', async (name) => {
    const { objects, hardening } = hardenManifest(name);
    const left = hardening.left.filter(({ control }) => control !== undefined && RESTRICTED.includes(control)).map(({ resource }) => resource);
    const pods = podsOf(objects);
    const verdicts = await Promise.all(pods.map(async ({ resource, pod }) => ({ resource, ...await server.dryRun(pod) })));
    expect(verdicts.filter(({ resource, allowed }) => allowed === left.includes(resource)).map(({ resource, message }) => `${resource}: ${message}`)).toEqual([]);
    // Whoever is refused is refused by Pod Security, and for nothing else.
    expect(verdicts.filter(({ unjudged }) => unjudged).map(({ message }) => message)).toEqual([]);
  });

  test('every one of their pods is refused as it came', async () => {
    const pods = NAMES.flatMap((name) => podsOf(unhardened(name)));
    const verdicts = await Promise.all(pods.map(async ({ resource, pod }) => ({ resource, ...await server.dryRun(pod) })));
    expect(verdicts.length).toBeGreaterThan(15);
    expect(verdicts.filter(({ podSecurity }) => podSecurity.length === 0).map(({ resource }) => resource)).toEqual([]);
  });

  test('policies, quota and bounds of their namespaces are valid, and a second apply changes nothing', async () => {
    const { objects } = hardenManifest('kustomize-overlay', { defaultDeny: true, quota: { cpu: Cpu.units(8), memory: Size.gibibytes(16) } });
    const added = lasting(objects).filter(({ kind }) => ['LimitRange', 'NetworkPolicy', 'ResourceQuota'].includes(kind));
    expect(added.map(({ kind }) => kind).sort()).toEqual(['LimitRange', 'NetworkPolicy', 'NetworkPolicy', 'ResourceQuota']);
    const versions = async () => (await server.apply(added)).map(({ metadata }) => metadata.generation);
    const first = await versions();
    expect(await versions()).toEqual(first);
    await server.remove(added);
  });

  test.each(NAMES)('%s, written as YAML, read and hardened again, has the same bytes', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'harden-'));
    const written = (url: string) => {
      const chart = chartFor();
      const include = new Include(chart, name, { url });
      const hardening = Hardening.of(include, FOREIGN_MANIFESTS[name]);
      return { text: (chart.node.root as App).synthYaml(), changes: hardening.changes };
    };
    try {
      const { text } = written(manifestPath(name));
      writeFileSync(join(folder, 'again.yaml'), text);
      expect(written(join(folder, 'again.yaml'))).toEqual({ text, changes: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
