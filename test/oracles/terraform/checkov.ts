import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';

/** What Checkov said. */
export interface CheckovReport {
  /** Failed checks as `id stack resource`. */
  readonly failed: string[];
  /** Ids of the checks that passed at least once. */
  readonly passed: string[];
  readonly parsingErrors: string[];
}

/**
 * Checks that fail on purpose, wherever they do, and why that's right: `id` and the end of the resource's name.
 * The stacks' defaults need none of them.
 */
export const EXPLAINED: { id: string; resource: RegExp; reason: string }[] = [
  {
    id: 'CKV2_AWS_5',
    resource: /_(control-plane|worker|etcd|load-balancer)_[0-9A-F]{8}$/,
    reason: 'ClusterSecurityGroups makes the groups; the machines that carry them are made elsewhere.',
  },
  {
    id: 'CKV_AWS_231',
    resource: /public-acl_/,
    reason: 'A NAT gateway opens its connections from ports 1024 to 65535, so answers to 3389 must pass; nothing in these subnets listens.',
  },
  {
    id: 'CKV_AWS_24',
    resource: /(ssh-from-endpoint|-from-bastion-tcp-22)_/,
    reason: 'The source is a security group: the connect endpoint\'s or the bastion\'s. The check takes a rule without a range for one open to all.',
  },
  {
    id: 'CKV_AWS_88',
    resource: /launch-template_/,
    reason: 'BastionAccess.publicSsh asks for a public address, with a reason and an owner in the tags.',
  },
];

/** Runs Checkov over stacks' configurations (contents of `cdk.tf.json`), by name. It reads no network. */
export function runCheckov(program: string, configurations: Record<string, unknown>): CheckovReport {
  const folder = mkdtempSync(join(tmpdir(), 'checkov-'));
  try {
    for (const [name, configuration] of Object.entries(configurations)) {
      const file = join(folder, 'stacks', name, 'cdk.tf.json');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(configuration));
    }
    const args = ['--directory', folder, '--framework', 'terraform_json', '--skip-download', '--output', 'json'];
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: folder, maxBuffer: 268435456 });
    return read(stdout, stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Failed checks that no line of EXPLAINED covers. */
export function unexplained(report: CheckovReport): string[] {
  return report.failed.filter((failure) => !EXPLAINED.some(({ id, resource }) => failure.startsWith(`${id} `) && resource.test(failure)));
}

interface Result { check_id: string; resource: string; file_path: string }

function read(stdout: string, stderr: string): CheckovReport {
  let parsed;
  try {
    parsed = JSON.parse(stdout);
  } catch {
    throw new Error(`Checkov printed no report: ${stdout.slice(0, 500)} ${stderr.slice(-2000)}`);
  }
  const { results } = (Array.isArray(parsed) ? parsed : [parsed]).find((report) => report.check_type === 'terraform_json') ?? {};
  if (!results) {
    throw new Error(`Checkov read no Terraform: ${stdout.slice(0, 500)} ${stderr.slice(-2000)}`);
  }
  const failed = (results.failed_checks as Result[]).map((result) => `${result.check_id} ${basename(dirname(result.file_path))} ${result.resource}`);
  const passed = (results.passed_checks as Result[]).map((result) => result.check_id);
  return { failed: failed.sort(), passed: [...new Set(passed)].sort(), parsingErrors: results.parsing_errors };
}
