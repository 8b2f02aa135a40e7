import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'fs';
import { homedir } from 'os';
import { delimiter, join, resolve } from 'path';

interface GoProgram {
  /** Folder below `go/` whose go.mod pins the version and whose go.sum pins the content, or which holds the program itself. */
  readonly module: string;
  readonly package: string;
}

/** A name without a version is the newest one, but for etcd, which is in the middle. `go/add-kubernetes.sh 1.33.13` makes the module of another, a line here the program. */
const GO_PROGRAMS = {
  'actionlint': { module: 'actionlint', package: 'github.com/rhysd/actionlint/cmd/actionlint' },
  'documents': { module: 'documents', package: '.' },
  'etcd': { module: 'etcd', package: 'go.etcd.io/etcd/server/v3' },
  'etcd@3.5': { module: 'etcd-3.5', package: 'go.etcd.io/etcd/server/v3' },
  'etcd@3.7': { module: 'etcd-3.7', package: 'go.etcd.io/etcd/server/v3' },
  'etcdctl': { module: 'etcd', package: 'go.etcd.io/etcd/etcdctl/v3' },
  'kms-plugin': { module: 'kms-plugin', package: '.' },
  'kube-apiserver': { module: 'kubernetes-1.37', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-apiserver@1.33': { module: 'kubernetes-1.33', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': { module: 'kubernetes-1.37', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-controller-manager@1.33': { module: 'kubernetes-1.33', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-scheduler': { module: 'kubernetes-1.37', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  'kube-scheduler@1.33': { module: 'kubernetes-1.33', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  'kubeadm': { module: 'kubernetes-1.37', package: 'k8s.io/kubernetes/cmd/kubeadm' },
  'kubeadm@1.33': { module: 'kubernetes-1.33', package: 'k8s.io/kubernetes/cmd/kubeadm' },
  'kubectl': { module: 'kubernetes-1.37', package: 'k8s.io/kubernetes/cmd/kubectl' },
  'kube-score': { module: 'kube-score', package: 'github.com/zegl/kube-score/cmd/kube-score' },
  'kubelet': { module: 'kubernetes-1.37', package: 'k8s.io/kubernetes/cmd/kubelet' },
  'kubelet@1.33': { module: 'kubernetes-1.33', package: 'k8s.io/kubernetes/cmd/kubelet' },
  'probe': { module: 'node', package: './probe' },
  'relay': { module: 'node', package: './relay' },
} satisfies Record<string, GoProgram>;

/** Folders inside Go modules, which Go keeps in its own module cache; treated as programs whose path is the folder's. */
const GO_DATA = {
  'gateway-api': { module: 'gateway-api', folder: 'config/crd/standard' },
  'psa-fixtures': { module: 'pod-security-admission', folder: 'test/testdata' },
};

/** Programs that are taken from the machine as they are, and how a Debian machine gets each. */
const INSTALLED_PROGRAMS = {
  'apt-get': 'run the tests on Debian',
  'check-jsonschema': 'pip install check-jsonschema',
  'checkov': 'pip install checkov',
  'cloud-init': 'apt-get install cloud-init',
  'containerd': 'apt-get install containerd',
  'ctr': 'apt-get install containerd',
  'dpkg-deb': 'run the tests on Debian',
  'ip': 'apt-get install iproute2',
  'junitparser': 'pip install junitparser',
  'nft': 'apt-get install nftables',
  'openssl': 'apt-get install openssl',
  'runc': 'apt-get install runc',
  'script': 'apt-get install bsdutils',
  'setcap': 'apt-get install libcap2-bin',
  'shellcheck': 'apt-get install shellcheck',
  'sshd': 'apt-get install openssh-server',
  'sysctl': 'apt-get install procps',
  'systemd-analyze': 'apt-get install systemd',
  'terraform': 'install Terraform 1.11 or newer',
  'unshare': 'apt-get install util-linux',
  'visudo': 'apt-get install sudo',
};

/** What `setup-envtest` puts into the folder that KUBEBUILDER_ASSETS names. */
const KUBEBUILDER_PROGRAMS: string[] = ['kube-apiserver', 'etcd', 'kubectl'];
/** What else is taken from there if somebody has put it there. */
const KUBEBUILDER_EXTRAS: string[] = ['kube-controller-manager'];

type CompiledName = keyof typeof GO_PROGRAMS;
type DataName = keyof typeof GO_DATA;
/** What is made from the Go modules below `go/`. */
export type GoProgramName = CompiledName | DataName;
export type ProgramName = GoProgramName | keyof typeof INSTALLED_PROGRAMS;

export function isGoProgram(name: string): name is GoProgramName {
  return name in GO_PROGRAMS || isData(name);
}

/** Names of all programs that can be built from the Go modules below `go/`. */
export function goPrograms(): GoProgramName[] {
  return [...Object.keys(GO_PROGRAMS), ...Object.keys(GO_DATA)].filter(isGoProgram);
}

/**
 * The program's path, or undefined where it's neither in KUBEBUILDER_ASSETS, nor in the cache, nor on PATH. Builds nothing.
 *
 * @throws Error if KUBEBUILDER_ASSETS is set but names no folder of such programs: they must not be replaced by others in silence
 */
export function findProgram(name: ProgramName): string | undefined {
  const asset = kubebuilderAsset(name);
  if (asset) {
    return asset;
  }
  if (isData(name)) {
    return dataFolder(name, true);
  }
  const candidates = isGoProgram(name) ? [cachePath(name)] : searchPath().map(folder => join(folder, name));
  return candidates.find(isExecutable);
}

/**
 * The program's path. Call it in tests and hooks, not while tests are collected.
 *
 * @throws Error that says how to get the program, where it's missing
 */
export function programPath(name: ProgramName): string {
  const path = findProgram(name);
  if (!path) {
    throw new Error(`${name} is missing; ${remedy(name)}`);
  }
  return path;
}

/** Builds the program into the cache unless it's there, and returns its path. Several processes may build at the same time. */
export function buildProgram(name: GoProgramName): string {
  const present = findProgram(name);
  if (present) {
    return present;
  }
  if (isData(name)) {
    return dataFolder(name, false)!;
  }
  const path = cachePath(name);
  const unfinished = `${path}.${process.pid}`;
  mkdirSync(join(path, '..'), { recursive: true });
  try {
    execFileSync('go', [
      'build', '-p', '2', '-trimpath', '-buildvcs=false', '-ldflags', linkerFlags(name), '-o', unfinished, GO_PROGRAMS[name].package,
    ], { cwd: moduleFolder(name), env: { ...process.env, CGO_ENABLED: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
    renameSync(unfinished, path);
  } catch (error) {
    throw notBuilt(name, error);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return path;
}

/**
 * `describe` for tests that need real programs; `body` gets their paths.
 *
 * A missing program is built with BUILD_ORACLES=1 or REQUIRE_ORACLES=1 where it's one of ours. If it stays missing,
 * REQUIRE_ORACLES=1 makes the suite fail and otherwise its tests are skipped; both name the program and how to get it.
 */
export function describeWith<Name extends ProgramName>(names: readonly Name[], title: string, body: (paths: Record<Name, string>) => void): void {
  const required = process.env.REQUIRE_ORACLES === '1';
  const build = required || process.env.BUILD_ORACLES === '1';
  const paths: Partial<Record<Name, string>> = {};
  const missing: string[] = [];
  for (const name of names) {
    try {
      paths[name] = build && isGoProgram(name) ? buildProgram(name) : programPath(name);
    } catch (error) {
      missing.push(messageOf(error));
      paths[name] = name;
    }
  }
  const found = paths as Record<Name, string>;
  if (missing.length === 0) {
    describe(title, () => body(found));
  } else if (required) {
    describe(title, () => {
      test(`needs ${names.join(', ')}`, () => {
        throw new Error(missing.join('\n'));
      });
    });
  } else {
    const reason = `${title} (skipped: ${missing.join('; ')})`;
    // jest keeps silent about a file in which everything is skipped.
    process.stderr.write(`${reason}\n`);
    describe.skip(reason, () => body(found));
  }
}

function isData(name: string): name is DataName {
  return name in GO_DATA;
}

/** Where nothing but a look into Go's module cache is wanted, undefined says that the module isn't there. */
function dataFolder(name: DataName, offline: boolean): string | undefined {
  const { folder } = GO_DATA[name];
  try {
    const answer = execFileSync('go', ['mod', 'download', '-json'], {
      cwd: moduleFolder(name), env: { ...process.env, ...(offline ? { GOPROXY: 'off' } : {}) }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8',
    });
    return join(JSON.parse(answer).Dir, folder);
  } catch (error) {
    if (offline) {
      return undefined;
    }
    throw notBuilt(name, error);
  }
}

function kubebuilderAsset(name: ProgramName): string | undefined {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (!assets || ![...KUBEBUILDER_PROGRAMS, ...KUBEBUILDER_EXTRAS].includes(name)) {
    return undefined;
  }
  if (!KUBEBUILDER_PROGRAMS.some(program => isExecutable(join(assets, program)))) {
    throw new Error(`${name} is missing; KUBEBUILDER_ASSETS is ${assets}, which holds none of ${KUBEBUILDER_PROGRAMS.join(', ')}`);
  }
  const path = resolve(assets, name);
  return isExecutable(path) ? path : undefined;
}

function notBuilt(name: GoProgramName, error: unknown): Error {
  const noGo = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new Error(`${name} is missing and could not be built: ${noGo ? 'install Go 1.26 or newer' : messageOf(error)}`);
}

/** Under jest, errors of Node's own modules are no instances of the test's `Error`. */
function messageOf(error: unknown): string {
  return (error as Partial<Error>).message ?? String(error);
}

function remedy(name: ProgramName): string {
  return isGoProgram(name) ? 'set BUILD_ORACLES=1 to build it' : `get it by: ${INSTALLED_PROGRAMS[name]}`;
}

/** The key changes with anything that changes the program, so that a stale one is never used. */
function cachePath(name: CompiledName): string {
  const module = moduleFolder(name);
  const hash = createHash('sha256');
  for (const file of readdirSync(module, { recursive: true, encoding: 'utf8' }).filter(each => /\.(mod|sum|go)$/.test(each)).sort()) {
    hash.update(readFileSync(join(module, file)));
  }
  hash.update(linkerFlags(name));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'cdk8s-hardened', 'oracles', `${GO_PROGRAMS[name].module}-${hash.digest('hex').slice(0, 8)}`, name);
}

function moduleFolder(name: GoProgramName): string {
  return join(__dirname, 'go', isData(name) ? GO_DATA[name].module : GO_PROGRAMS[name].module);
}

/** Without its version, a Kubernetes program calls itself v0.0.0 and refuses emulation versions. */
function linkerFlags(name: CompiledName): string {
  const goMod = readFileSync(join(moduleFolder(name), 'go.mod'), 'utf8');
  const [, version, major, minor] = /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(goMod) ?? [];
  const variables: Record<string, string | undefined> = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const settings = Object.entries(variables).filter(([, value]) => value !== undefined);
  return ['-s -w', ...settings.map(([variable, value]) => `-X k8s.io/component-base/version.${variable}=${value}`)].join(' ');
}

function searchPath(): string[] {
  const administration = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
  return [...(process.env.PATH ?? '').split(delimiter).filter(folder => folder !== ''), ...administration];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
