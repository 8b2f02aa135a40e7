import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { main } from '../../src/cli/main';
import { contents, useTempFolder } from '../app/temp-folder';

const DOCS = path.resolve(__dirname, '../../docs');
const PAGE = fs.readFileSync(path.join(DOCS, 'first-week.md'), 'utf8');

const WEB = `# The shop's front.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      hostNetwork: true # nobody knows why
      containers:
        - name: web
          image: ghcr.io/acme/web:1.4
          securityContext:
            privileged: true
`;

useTempFolder();

interface Ran {
  readonly command: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Every command line of the page's blocks. */
function commands(): string[] {
  return [...PAGE.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block.replace(/\\\n/g, '').split('\n').filter((line) => line !== ''));
}

/** Runs one line of the page as a shell would, as far as it needs no cluster. */
async function run(command: string): Promise<Ran> {
  const [, line, file] = /^cdk8s-hardened ([^>|]*?)(?: > (\S+)| \| kubectl .*)?$/.exec(command)!;
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(line.trim().split(' '), {
    stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) }, cwd: process.cwd(), env: {},
  });
  if (file !== undefined) {
    fs.writeFileSync(file, out.join(''));
  }
  return { command, code, stdout: out.join(''), stderr: err.join('') };
}

/** The whole page from above, in a repository with one bad manifest; what needs a cluster is left out, but for what it would leave behind. */
async function runPage(): Promise<Ran[]> {
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { stdio: 'pipe' });
  fs.mkdirSync('repository/k8s', { recursive: true });
  process.chdir('repository');
  fs.writeFileSync('k8s/web.yaml', WEB);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  const ran: Ran[] = [];
  for (const command of commands()) {
    if (command.startsWith('cdk8s-hardened ')) {
      ran.push(await run(command));
    } else if (command.startsWith('git ')) {
      git(...command.split(' ').slice(1));
    } else if (/^kubectl get .* > live\.yaml$/.test(command)) {
      fs.copyFileSync('k8s/web.yaml', 'live.yaml');
    }
  }
  return ran;
}

test('every line is a command of this program, or one of those that the page is about', () => {
  expect([...new Set(commands().map((command) => command.split(' ')[0]))].sort()).toEqual(['cdk8s-hardened', 'git', 'grep', 'kubectl', 'npm']);
});

test('every command that needs no cluster runs as the page says', async () => {
  const ran = await runPage();
  expect(ran.map(({ command, code }) => `${code} ${command}`)).toEqual([
    '1 cdk8s-hardened check k8s/',
    '1 cdk8s-hardened check live.yaml --exclude-namespaces kube-system,kube-public,kube-node-lease',
    '1 cdk8s-hardened check k8s/ --severity critical',
    '0 cdk8s-hardened check k8s/ --control literal-secret,secret-in-env,secret-in-config-map,secret-in-command,secret-in-annotation',
    '1 cdk8s-hardened check k8s/ --pack pss-baseline',
    '0 cdk8s-hardened explain secret-in-env',
    '0 cdk8s-hardened check k8s/ --baseline controls-baseline.json --update-baseline',
    '0 cdk8s-hardened check k8s/ --baseline controls-baseline.json',
    '1 cdk8s-hardened harden k8s/ --diff',
    '0 cdk8s-hardened harden k8s/ --write',
    '0 cdk8s-hardened diff ../before/k8s k8s/',
    '0 cdk8s-hardened check k8s/ --baseline controls-baseline.json --update-baseline',
    '0 cdk8s-hardened policies --pack pss-restricted --phase audit > policies.yaml',
    '0 cdk8s-hardened policies --pack pss-restricted --phase warn > policies.yaml',
    '0 cdk8s-hardened check live.yaml --pack pss-restricted --exclude-namespaces kube-system,kube-public,kube-node-lease',
    '0 cdk8s-hardened policies --pack pss-restricted --phase deny --exclude-namespaces legacy,monitoring > policies.yaml',
  ]);
});

test('what the page says of the results is so', async () => {
  const ran = await runPage();
  const of = (beginning: string) => ran.find(({ command }) => command.startsWith(`cdk8s-hardened ${beginning}`))!;
  expect(of('check k8s/').stdout).toContain('privileged');
  expect(of('check k8s/ --baseline controls-baseline.json').stdout).toContain('controls-baseline.json: written with');
  expect(fs.readFileSync('k8s/web.yaml', 'utf8')).toMatch(/^# The shop's front\.\n/);
  expect(fs.readFileSync('k8s/web.yaml', 'utf8')).not.toMatch(/^ *(hostNetwork|privileged): true/m);
  expect(of('diff').stdout).toMatch(/stronger/i);
  expect(fs.readFileSync('policies.yaml', 'utf8')).toMatch(/validationActions:\n +- Deny/);
  expect(fs.readFileSync('policies.yaml', 'utf8')).toMatch(/- legacy\n[^]*- monitoring/);
});

test('the phases have bindings of the same names, so that one takes the place of the other', async () => {
  const [audit, warn, deny] = await Promise.all(['audit', 'warn', 'deny'].map((phase) => run(`cdk8s-hardened policies --pack pss-restricted --phase ${phase}`)));
  const names = ({ stdout }: Ran) => [...stdout.matchAll(/^kind: (\S+)\nmetadata:\n(?: {2,}.*\n)*? {2}name: (\S+)/gm)].map(([, kind, name]) => `${kind} ${name}`);
  expect(names(audit).length).toBeGreaterThan(20);
  expect([names(warn), names(deny)]).toEqual([names(audit), names(audit)]);
});

test('every page and file that it links to is there, and so is each heading', () => {
  for (const [, file, heading] of PAGE.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
    const text = file === '' ? PAGE : fs.readFileSync(path.join(DOCS, file), 'utf8');
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w\s-]/g, '').replace(/ /g, '-'));
    expect(heading === undefined || headings.includes(heading) ? [] : [file, heading]).toEqual([]);
  }
});

test('the pipelines run the same check, with a baseline that the page tells to write', () => {
  const pipelines = contents(path.join(DOCS, 'pipelines'));
  expect(Object.keys(pipelines)).toEqual(['github-actions.yaml', 'gitlab-ci.yaml']);
  for (const text of Object.values(pipelines)) {
    expect(text).toContain('cdk8s-hardened check k8s --baseline controls-baseline.json --update-baseline');
  }
});
