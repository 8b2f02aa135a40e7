import { Outputs } from './outputs';
import { OutputFile } from './synthesis/write-files';
import { ClusterProfile } from '../core/cluster-profile';
import { Finding } from '../core/finding';

const MOST_NAMED = 4;

interface Counts {
  readonly objects: number;
  readonly files: Record<keyof Outputs, readonly OutputFile[]>;
}

/** What a run wrote and what to look at, in at most 16 lines. */
export function summaryLines(
  profile: ClusterProfile, folders: Outputs, counts: Counts, findings: Finding[], stale: string[],
): string[] {
  const { files } = counts;
  const width = Math.max(...Object.values(folders).map((folder) => folder.length));
  const row = (folder: string, count: number, what: string) => `  ${folder.padEnd(width)} ${String(count).padStart(5)} ${what}`;
  return [
    `${profile.name}: Kubernetes ${profile.kubernetesVersion}, ${profile.distribution}, ${profile.cni.name}`,
    row(folders.manifests, counts.objects, `${counts.objects === 1 ? 'object' : 'objects'} in ${plural(files.manifests.length, 'file')}`),
    ...(files.nodes.length > 0 ? [row(folders.nodes, files.nodes.length, 'node files')] : []),
    ...(files.terraform.length > 0 ? [row(folders.terraform, files.terraform.length, 'Terraform files')] : []),
    row(folders.evidence, files.evidence.length, 'reports'),
    ...named('finding', findings.map((each) => `${each.severity.toUpperCase()} ${each.message}`)),
    ...named('stale file', stale.map((file) => `${folders.manifests}/${file} (not of this run; delete it, and what was applied from it)`)),
  ];
}

function named(noun: string, lines: string[]): string[] {
  if (lines.length === 0) {
    return noun === 'finding' ? ['No findings.'] : [];
  }
  const shown = lines.slice(0, MOST_NAMED).map((line) => `  ${line}`);
  const more = lines.length > shown.length ? [`  … and ${lines.length - shown.length} more`] : [];
  return [`${plural(lines.length, noun)}:`, ...shown, ...more];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
