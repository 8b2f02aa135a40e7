import { Outputs } from './outputs';
import { OutputFile } from './synthesis/write-files';
import { BaselineUpdate } from '../controls/results/baseline';
import { findingLines } from '../controls/results/finding-lines';
import { ClusterProfile } from '../core/cluster-profile';
import { Finding } from '../core/finding';
import { plural } from '../core/plural';
import { CheckResults } from '../evidence/check-results';

const MOST_NAMED = 4;
const MOST_STALE = 2;

interface Counts {
  readonly objects: number;
  readonly files: Record<keyof Outputs, readonly OutputFile[]>;
}

/** What there is to say besides what was written. */
export interface Said {
  readonly checks: CheckResults;
  /** Findings about the cluster as a whole. */
  readonly findings: readonly Finding[];
  /** Manifests of earlier runs. */
  readonly stale: readonly string[];
  readonly baselineUpdates: readonly BaselineUpdate[];
}

/** What a run wrote and what to look at, in at most 20 lines. */
export function summaryLines(profile: ClusterProfile, folders: Outputs, counts: Counts, said: Said): string[] {
  const { checks, findings, stale, baselineUpdates } = said;
  const { files } = counts;
  const width = Math.max(...Object.values(folders).map((folder) => folder.length));
  const row = (folder: string, count: number, what: string) => `  ${folder.padEnd(width)} ${String(count).padStart(5)} ${what}`;
  return [
    `${profile.name}: Kubernetes ${profile.kubernetesVersion}, ${profile.distribution}, ${profile.cni.name}`,
    row(folders.manifests, counts.objects, `${counts.objects === 1 ? 'object' : 'objects'} in ${plural(files.manifests.length, 'file')}`),
    ...(files.nodes.length > 0 ? [row(folders.nodes, files.nodes.length, 'node files')] : []),
    ...(files.terraform.length > 0 ? [row(folders.terraform, files.terraform.length, 'Terraform files')] : []),
    row(folders.evidence, files.evidence.length, 'reports'),
    ...found([...findings, ...checks.findings.filter(({ status }) => status === 'warned')]),
    ...accepted(checks),
    ...hardened(checks),
    ...inOneLine(checks.waivers.filter(({ state }) => state === 'expiring').map(({ control, covers, expires }) => `${control} for ${covers} on ${expires}`), (count) => (
      `${plural(count, 'waiver')} ${count === 1 ? 'ends' : 'end'} within 30 days`
    )),
    ...inOneLine([...new Set(checks.notCovered.map(({ resource }) => resource))], (count) => `pods of ${plural(count, 'object')} are judged by no check before they exist`),
    ...inOneLine(baselineUpdates.map((each) => `${each.path} with ${plural(each.findings, 'finding')}`), () => 'written anew'),
    ...listed(plural(stale.length, 'stale file'), [
      ...stale.slice(0, MOST_STALE).map((file) => `${folders.manifests}/${file} (not of this run; delete it, and what was applied from it)`),
      ...(stale.length > MOST_STALE ? [`… and ${plural(stale.length - MOST_STALE, 'more file')}`] : []),
    ]),
  ];
}

/** Findings, one line a control. */
function found(findings: readonly Finding[]): string[] {
  return findings.length === 0 ? ['No findings.'] : listed(plural(findings.length, 'finding'), findingLines(findings, MOST_NAMED));
}

/** What doesn't count as a finding because somebody accepted it. */
function accepted({ findings }: CheckResults): string[] {
  const count = (status: string) => findings.filter((each) => each.status === status).length;
  const parts = [
    ...(count('waived') > 0 ? [`${plural(count('waived'), 'finding')} waived`] : []),
    ...(count('baselined') > 0 ? [`${plural(count('baselined'), 'finding')} in the baseline`] : []),
  ];
  return parts.length === 0 ? [] : [`accepted: ${parts.join(', ')}`];
}

function hardened({ changes, unfixed }: CheckResults): string[] {
  const objects = new Set(changes.map(({ resource, constructPath }) => `${constructPath} ${resource}`)).size;
  const risky = changes.filter(({ mayNeed }) => mayNeed !== undefined).length;
  const check = risky === 0 ? '' : `, ${plural(risky, 'change')} that a program may not survive (see report.md)`;
  const left = unfixed.length === 0 ? '' : `; ${plural(unfixed.length, 'finding')} left for a person`;
  return changes.length + unfixed.length === 0 ? [] : [`hardened: ${plural(changes.length, 'change')} in ${plural(objects, 'object')}${check}${left}`];
}

function inOneLine(items: readonly string[], title: (count: number) => string): string[] {
  const more = items.length > 2 ? ` and ${items.length - 2} more` : '';
  return items.length === 0 ? [] : [`${title(items.length)}: ${[...items].sort().slice(0, 2).join(', ')}${more}`];
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
