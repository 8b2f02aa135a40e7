import { spawnSync } from 'child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { checkServing } from '../../../src/control-plane/kubelet/kubelet-check';
import { KubeletServingCertificates } from '../../../src/control-plane/kubelet/kubelet-options';
import { servingApproverFiles } from '../../../src/control-plane/kubelet/serving-approver';
import { APPROVER } from '../../../src/control-plane/kubelet/serving-approver-script';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { ApiServer } from '../api-server';
import { programPath } from '../programs';
import { run } from './machine';

/** Whoever systemd would make up. */
const NOBODY = 65534;

export interface Approval {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The approver as its service runs it: one half as root with the administrator's kubeconfig, the other as another user with nothing but the token.
 * Adapted are the two paths of what lies below /etc/kubernetes.
 */
export class ServingApprover {
  readonly folder = mkdtempSync(join(tmpdir(), 'approver-'));
  private readonly runtime = join(this.folder, 'runtime');
  private readonly script = join(this.folder, 'kubelet-serving-approver');

  constructor(private readonly server: ApiServer, profile: ClusterProfile, serving: KubeletServingCertificates = {}) {
    chmodSync(this.folder, 0o755);
    const files = Object.fromEntries(servingApproverFiles(checkServing(serving, 'servingCertificates', 'test'), profile).map(({ path, content }) => [path, content]));
    const objects = join(this.folder, 'objects.yaml');
    writeFileSync(objects, files[APPROVER.objects], { mode: 0o600 });
    writeFileSync(this.script, files[APPROVER.script].replaceAll(APPROVER.objects, objects).replaceAll('/etc/kubernetes/admin.conf', server.kubeconfig), { mode: 0o755 });
    // Others can't enter the folder with the programs.
    copyFileSync(programPath('kubectl'), join(this.folder, 'kubectl'));
    mkdirSync(this.runtime, { mode: 0o700 });
    chownSync(this.runtime, NOBODY, NOBODY);
  }

  /** The objects of a later version of the files: `change` makes their text. */
  replaceObjects(change: (text: string) => string): void {
    const objects = join(this.folder, 'objects.yaml');
    writeFileSync(objects, change(readFileSync(objects, 'utf8')));
  }

  /** Both halves, as they are run each minute. */
  run(): Approval {
    run('env', [...this.environment(), this.script, 'identity']);
    return this.approve();
  }

  /** The half without rights. */
  approve(): Approval {
    const { status, stdout, stderr } = spawnSync('setpriv', [
      '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--no-new-privs', 'env', '-i', ...this.environment(), `KUBECONFIG=${this.kubeconfig}`,
      this.script, 'approve',
    ], { encoding: 'utf8', cwd: '/' });
    if (status !== 0) {
      throw new Error(`the approver failed: ${stderr}${stdout}`);
    }
    return { stdout, stderr };
  }

  get kubeconfig(): string {
    return join(this.runtime, 'kubeconfig');
  }

  /** What kubectl answers with the approver's own token. */
  kubectl(...args: string[]): string {
    const { stdout, stderr } = spawnSync(join(this.folder, 'kubectl'), ['--kubeconfig', this.kubeconfig, ...args], { encoding: 'utf8', env: { HOME: this.folder } });
    return stdout + stderr;
  }

  /** Puts lines of a shell script in kubectl's place, which know the real one as `$real`. */
  replaceKubectl(script: string): void {
    const real = join(this.folder, 'kubectl.real');
    if (!existsSync(real)) {
      renameSync(join(this.folder, 'kubectl'), real);
    }
    writeFileSync(join(this.folder, 'kubectl'), `#!/bin/sh\nreal=${real}\n${script}\n`, { mode: 0o755 });
  }

  /** A request in PEM; `names` such as `DNS:web`. */
  request(subject: string, names: string): string {
    const file = join(this.folder, 'request.pem');
    run(programPath('openssl'), [
      'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(this.folder, 'request.key'), '-out', file, '-subj', subject,
      ...(names === '' ? [] : ['-addext', `subjectAltName=${names}`]),
    ]);
    return readFileSync(file, 'utf8');
  }

  /** A client certificate of the cluster's CA. */
  client(subject: string): { cert: string; key: string; ca: string } {
    const [key, cert, ca] = ['client.key', 'client.crt'].map((name) => join(this.folder, name)).concat(join(this.server.folder, 'ca.crt'));
    run(programPath('openssl'), [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', subject, '-CA', ca, '-CAkey', join(this.server.folder, 'ca.key'),
      '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=clientAuth', '-keyout', key, '-out', cert,
    ]);
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8'), ca: readFileSync(ca, 'utf8') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(): string[] {
    return [`PATH=${this.folder}:/usr/sbin:/usr/bin:/sbin:/bin`, `RUNTIME_DIRECTORY=${this.runtime}`];
  }
}
