import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { run, RunOptions, scratchFolder } from './run';
import { NODE_PORT } from './sample-manifests';

const folder = scratchFolder();
const check = (argv: readonly string[], options: RunOptions = {}) => run(['check', ...argv], { cwd: folder, ...options });

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

/** Critical, while a Service on every node's port is medium. */
const OWNER = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: owner}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}]
`;

beforeAll(() => file('both.yaml', `${NODE_PORT}${OWNER}`));

describe('--severity', () => {
  test('leaves out what is less, counts it, and fails for the rest alone', async () => {
    const { code, stdout } = await check(['both.yaml', '--severity', 'high']);
    expect(code).toBe(1);
    expect(stdout).toContain('binding-cluster-admin');
    expect(stdout).not.toContain('service-node-port');
    expect(stdout).toContain('1 finding in 1 object: 1 critical.');
    expect(stdout).toContain('1 finding below high is left out.');
    expect((await check([file('port.yaml', NODE_PORT), '-s', 'high'])).code).toBe(0);
  });

  test('holds for programs, too, who are told on standard error', async () => {
    const { stdout, stderr } = await check(['both.yaml', '-s', 'critical', '-o', 'json']);
    expect(JSON.parse(stdout).findings.map(({ control }: { control: string }) => control)).toEqual(['binding-cluster-admin']);
    expect(stderr).toBe('1 finding below critical is left out.\n');
  });

  test('passes no control of which findings are left out, and counts them', async () => {
    const { stdout } = await check(['both.yaml', '-s', 'critical', '-o', 'junit']);
    expect(stdout).toContain('name="binding-cluster-admin"');
    expect(stdout).not.toContain('service-node-port');
    const { summary, controls } = JSON.parse((await check(['both.yaml', '-s', 'critical', '-o', 'json'])).stdout);
    expect(summary).toMatchObject({ findings: 1, findingsLeftOut: 1 });
    expect(new Set(controls.map(({ severity }: { severity: string }) => severity))).toEqual(new Set(['critical']));
  });

  test('never leaves out an object that can\'t be judged', async () => {
    const { code, stdout } = await check([file('malformed.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: []\n'), '-s', 'critical']);
    expect(code).toBe(1);
    expect(stdout).toContain('malformed-object');
  });

  test('a baseline that is written with it holds what it shows', async () => {
    await check(['both.yaml', '-s', 'high', '-b', 'high.json', '--update-baseline']);
    expect(JSON.parse(readFileSync(join(folder, 'high.json'), 'utf8')).findings.map(({ control }: { control: string }) => control)).toEqual(['binding-cluster-admin']);
    expect((await check(['both.yaml', '-s', 'high', '-b', 'high.json'])).code).toBe(0);
  });

  test('can\'t be more than what fails', async () => {
    expect(await check(['both.yaml', '-s', 'high', '-f', 'low'])).toEqual({
      code: 2, stdout: '',
      stderr: 'cdk8s-hardened: --fail-on: got "low"; allowed: high, critical. --severity high leaves out what is less: leave one of the two out.\n',
    });
    expect((await check(['both.yaml', '-s', 'medium', '-f', 'critical'])).code).toBe(1);
  });
});

describe('--control', () => {
  test('holds objects to these alone', async () => {
    const { code, stdout } = await check(['both.yaml', '-c', 'service-node-port,privileged']);
    expect(code).toBe(1);
    expect(stdout).not.toContain('binding-cluster-admin');
    expect(stdout).toContain('1 finding in 1 object: 1 medium. 2 objects held to 2 controls for Kubernetes');
    expect((await check(['both.yaml', '-c', 'privileged', '-c', 'host-pid,privileged'])).code).toBe(0);
  });

  test.each([
    [['-c', 'privilegd'], 'cdk8s-hardened: --control: got "privilegd"; allowed: ids of controls. Say privileged.\n'],
    [['-c', 'frobnicate'], 'cdk8s-hardened: --control: got "frobnicate"; allowed: ids of controls. Look them up: cdk8s-hardened explain\n'],
    [['-c', 'privileged', '-p', 'nsa'], 'cdk8s-hardened: --control: got ["privileged"]; allowed: without --pack. Leave one of the two out.\n'],
    [['-c', ''], 'cdk8s-hardened: --control: got ""; allowed: names, with commas between them. Leave out what is empty, or --control itself.\n'],
  ])('%j is refused', async (argv, stderr) => {
    expect(await check(['both.yaml', ...argv])).toEqual({ code: 2, stdout: '', stderr });
  });
});

describe('--exclude-namespaces', () => {
  const inNamespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n---\n${NODE_PORT.replace('namespace: shop', `namespace: ${name}`)}`;
  const items = (names: string[]) => names.map((name) => `  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: ${name}}, spec: {type: NodePort, ports: [{port: 80}]}}`).join('\n');

  test('leaves out namespaces with what is in them, and says how much', async () => {
    file('two.yaml', `${inNamespace('kube-system')}---\n${inNamespace('shop')}`);
    const { stdout } = await check(['two.yaml', '-x', 'kube-system']);
    expect(stdout).not.toMatch(/Namespace\/kube-system|Service\/kube-system/);
    expect(stdout).toContain('Service/shop/shop');
    expect(stdout).toContain('2 objects held to');
    expect(stdout).toContain('2 objects of kube-system are left out.');
    const { stdout: json } = await check(['two.yaml', '-x', 'kube-system', '-o', 'json']);
    expect(JSON.parse(json).summary).toMatchObject({ objectsChecked: 2, objectsLeftOut: 2 });
    expect(await check(['two.yaml', '-x', 'kube-system', '-x', 'shop'])).toEqual({
      code: 2, stdout: '',
      stderr: 'cdk8s-hardened: --exclude-namespaces: got ["kube-system","shop"]; allowed: namespaces besides which there are objects. '
        + 'There was nothing left to check: correct them, or the path.\n',
    });
  });

  test('nothing that belongs to the whole cluster, whatever namespace it states', async () => {
    const stated = OWNER.replace('{name: owner}', '{name: owner, namespace: kube-system}');
    const { code, stdout } = await check([file('stated.yaml', stated), '-x', 'kube-system']);
    expect(code).toBe(1);
    expect(stdout).toContain('binding-cluster-admin');
  });

  test('of Lists, too, with waivers as without', async () => {
    file('list.yaml', `apiVersion: v1\nkind: List\nitems:\n${items(['kube-system', 'shop', 'legacy'])}\n`);
    file('waivers.yaml', `waivers:
  - {control: service-node-port, resource: Service/legacy/web, path: 'items[2].spec.type', value: NodePort, reason: Until the proxy is there, owner: web, expires: '2027-01-31'}
`);
    for (const [argv, left] of [[[], ['Service/shop/web', 'Service/legacy/web']], [['-w', 'waivers.yaml'], ['Service/shop/web']]] as const) {
      const { stdout } = await check(['list.yaml', '-x', 'kube-system', '-o', 'json', ...argv]);
      const found = JSON.parse(stdout).findings as { resource: string; status: string }[];
      expect(found.filter(({ status }) => status === 'enforced').map(({ resource }) => resource).sort()).toEqual([...left].sort());
      expect(JSON.parse(stdout).summary.objectsChecked).toBe(2);
    }
  });
});

test('a waiver that Pod Security admission would not honour fails', async () => {
  file('host.yaml', `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {hostNetwork: true, containers: [{name: app, image: app:1}]}
`);
  file('host-waivers.yaml', `waivers:
  - {control: host-network, resource: Pod/shop/agent, path: spec.hostNetwork, value: true, reason: It measures the network, owner: infra, expires: '2027-01-31'}
`);
  const { code, stdout, stderr } = await check(['host.yaml', '-c', 'host-network', '-w', 'host-waivers.yaml']);
  expect({ code, stdout }).toEqual({
    code: 1, stdout: 'No findings. 2 objects held to 1 control for Kubernetes 1.35.\nAccepted: 1 finding waived.\nWhat else fails is on standard error.\n',
  });
  expect(stderr).toContain('Namespace shop enforces "restricted", which refuses what is waived there');
});

describe('a baseline', () => {
  /** The baseline standard asks for less than the restricted one, and is more severe: what fails a run decides which of them speaks. */
  const unconfined = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec: {securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: app, image: app:1}]}
`;
  const controls = ['-c', 'seccomp-profile-baseline,seccomp-profile-restricted'];

  test('serves runs that fail on less, and on more', async () => {
    file('unconfined.yaml', unconfined);
    const spoken = async (...argv: string[]) => JSON.parse((await check(['unconfined.yaml', ...controls, ...argv, '-o', 'json'])).stdout).findings
      .map(({ control, status }: { control: string; status: string }) => `${control} ${status}`);
    expect(await spoken()).toEqual(['seccomp-profile-restricted enforced']);
    expect(await spoken('-f', 'high')).toEqual(['seccomp-profile-baseline enforced', 'seccomp-profile-restricted warned']);
    await check(['unconfined.yaml', ...controls, '-b', 'all.json', '--update-baseline']);
    expect(await spoken('-b', 'all.json', '-f', 'high')).toEqual(['seccomp-profile-baseline baselined', 'seccomp-profile-restricted baselined']);
    expect((await check(['unconfined.yaml', ...controls, '-b', 'all.json', '-f', 'high'])).stderr).toBe('');
    await check(['unconfined.yaml', ...controls, '-f', 'high', '-b', 'high.json', '--update-baseline']);
    expect(await spoken('-b', 'high.json')).toEqual(['seccomp-profile-restricted enforced']);
    expect((await check(['unconfined.yaml', ...controls, '-b', 'high.json'])).stderr).toBe('');
  });
});

describe('what a run does not look at', () => {
  const baseline = () => JSON.parse(readFileSync(join(folder, 'parts.json'), 'utf8')).findings.map(({ control }: { control: string }) => control);

  beforeEach(async () => {
    await check(['both.yaml', '-b', 'parts.json', '--update-baseline']);
    expect(baseline()).toEqual(['binding-cluster-admin', 'service-node-port']);
  });

  test.each([[['-c', 'service-node-port']], [['-c', 'host-pid']], [['-x', 'shop']], [['-p', 'pss-restricted']]])('is not held to be fixed: %j', async (argv) => {
    expect(await check(['both.yaml', '-b', 'parts.json', ...argv])).toMatchObject({ code: 0, stderr: '' });
  });

  test('stays in a baseline that is written anew', async () => {
    file('changed.yaml', `${NODE_PORT.replace('type: NodePort', 'type: ClusterIP')}${OWNER}`);
    await check(['changed.yaml', '-c', 'host-pid', '-b', 'parts.json', '--update-baseline']);
    await check(['changed.yaml', '-x', 'shop', '-b', 'parts.json', '--update-baseline']);
    expect(baseline()).toEqual(['binding-cluster-admin', 'service-node-port']);
    await check(['changed.yaml', '-b', 'parts.json', '--update-baseline']);
    expect(baseline()).toEqual(['binding-cluster-admin']);
  });

  test('leaves waivers of it unused, but not those with a typo', async () => {
    const waivers = (control: string) => file('other.yaml', `waivers:
  - {control: ${control}, resource: Service/shop/shop, path: spec.type, value: NodePort, reason: Until the proxy is there, owner: web, expires: '2027-01-31'}
`);
    expect(await check(['both.yaml', '-c', 'host-pid', '-w', waivers('service-node-port')])).toMatchObject({ code: 0, stderr: '' });
    expect(await check(['both.yaml', '-x', 'shop', '-c', 'service-node-port', '-w', waivers('service-node-port')])).toMatchObject({ code: 0, stderr: '' });
    expect(await check(['both.yaml', '-c', 'host-pid', '-w', waivers('service-node-prot')])).toMatchObject({
      code: 1, stderr: expect.stringContaining('no control "service-node-prot" holds for it'),
    });
  });
});

test('--pack all holds to the whole catalog', async () => {
  const { stdout } = await check(['both.yaml', '-p', 'all']);
  const { stdout: recommended } = await check(['both.yaml']);
  const count = (text: string) => Number(/held to\s+(\d+) controls/.exec(text)![1]);
  expect(count(stdout)).toBeGreaterThan(count(recommended));
  expect(stdout).toMatch(/controls\s+of\s+all\s+for/);
});

describe('no verdict is given', () => {
  test('where nothing could be read', async () => {
    expect(await check(['nowhere.yaml'])).toEqual({ code: 2, stdout: 'Nothing was checked.\n', stderr: 'nowhere.yaml: there is no such file or folder\n' });
  });

  test('without the entries of the baseline that fail', async () => {
    const many = Array.from({ length: 14 }, (_, i) => NODE_PORT.replace('name: shop', `name: shop-${i}`));
    await check([file('many.yaml', many.join('---\n')), '-b', 'many.json', '--update-baseline']);
    file('fixed.yaml', NODE_PORT.replace('type: NodePort', 'type: ClusterIP'));
    const { code, stdout, stderr } = await check(['fixed.yaml', '-b', 'many.json']);
    expect(code).toBe(1);
    expect(stdout).toContain('What else fails is on standard error.');
    expect(stderr.match(/service-node-port/g)).toHaveLength(10);
    expect(stderr).toContain('… and 4 more such entries. Were the same files and packs given as when the baseline was written?\n');
    const json = JSON.parse((await check(['fixed.yaml', '-b', 'many.json', '-o', 'json'])).stdout);
    expect(json.failures).toHaveLength(14);
    expect(json).not.toHaveProperty('cluster');
  });
});

test('a variable above one that is in the baseline makes nothing new', async () => {
  const pod = (env: string) => `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec:
  containers:
    - name: app
      image: app:1
      env: [${env}{name: DB_PASSWORD, value: tr0ub4dor-and-3}]
`;
  await check([file('env.yaml', pod('')), '-c', 'secret-in-env', '-b', 'env.json', '--update-baseline']);
  expect((await check(['env.yaml', '-c', 'secret-in-env', '-b', 'env.json'])).stdout).toContain('Accepted: 1 finding');
  expect(await check([file('env.yaml', pod('{name: LOG_LEVEL, value: info}, ')), '-c', 'secret-in-env', '-b', 'env.json'])).toMatchObject({ code: 0, stderr: '' });
});
