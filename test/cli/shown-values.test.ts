import { writeFileSync } from 'fs';
import { join } from 'path';
import { run, scratchFolder } from './run';

const MANIFESTS = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}
spec:
  imagePullSecrets: hunter2
  containers:
    - name: app
      image: a
      env: ["DB_PASSWORD=hunter2"]
      livenessProbe: {httpGet: {port: 80, path: "/x?token=hunter2", httpHeaders: {Authorization: hunter2}}}
    - "DB_PASSWORD=hunter2"
    - {name: c, image: c, env: {DB_PASSWORD: hunter2}}
  volumes:
    - name: v
      azureDisk: {diskName: a, diskURI: "https://x.example.com/d/a.vhd?sig=hunter2"}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, namespace: b, annotations: {nginx.ingress.kubernetes.io/server-snippet: "set $x hunter2;"}}
spec: {}
`;

test.each(['table', 'json', 'sarif', 'junit'])('check shows no value that may be a secret, however it is misplaced: %s', async (format) => {
  const { stdout, stderr, code } = await run(['check', '-', '-o', format, '-p', 'recommended,pss-restricted,nsa,cis-workloads'], { stdin: MANIFESTS });
  expect(code).toBe(1);
  expect(stdout).toContain('spec.imagePullSecrets');
  expect(stdout).toContain('ingress-snippets');
  expect(stdout).toContain('a value that is not shown');
  expect(stdout + stderr).not.toContain('hunter2');
});

const CUSTOM = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: a, namespace: b}
spec:
  templates:
    - name: a
      container:
        image: x
        securityContext: "a\\nhunter2"
        env: "DB=hunter2"
      http: {headers: [{name: Authorization, value: hunter2}], body: hunter2}
    - {name: b, container: {image: x, securityContext: {privileged: "Bearer hunter2hunter2"}}}
`;

test.each(['table', 'json', 'sarif', 'junit'])('check shows nothing of a custom resource that may be a secret: %s', async (format) => {
  const { stdout, stderr } = await run(['check', '-', '-o', format, '-p', 'recommended'], { stdin: CUSTOM });
  expect(stdout).toContain('Workflow.argoproj.io/b/a');
  expect(stdout + stderr).not.toContain('hunter2');
});

describe.each([['misplaced values', MANIFESTS, false], ['a custom resource', CUSTOM, true]])('%s', (_what, manifest, isChanged) => {
  const folder = scratchFolder();
  /** The same with something to fix, so that there is something to show. */
  const weaker = manifest.replace('spec:\n', 'spec:\n  hostNetwork: true\n');
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return name;
  };

  test('harden --diff hides them', async () => {
    const { stdout, stderr } = await run(['harden', file('soft.yaml', weaker), '--diff', '-p', 'recommended'], { cwd: folder });
    expect(stdout.includes('(not shown)')).toBe(isChanged);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test.each(['text', 'json', 'markdown'])('diff hides them, old and new: %s', async (output) => {
    const other = file('other.yaml', weaker.replace(/hunter2/g, 'correcthorse'));
    const { stdout, stderr } = await run(['diff', file('soft.yaml', weaker), other, '-o', output, '-p', 'all'], { cwd: folder });
    expect(stdout).toContain(output === 'json' ? '"path"' : 'spec');
    expect(stdout + stderr).not.toMatch(/hunter2|correcthorse/);
  });
});
