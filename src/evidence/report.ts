import { compare, Inventory, inventory, SynthesisOutput } from './inventory';
import { ClusterProfile } from '../core/cluster-profile';
import { Finding } from '../core/finding';
import { WORST_FIRST } from '../core/severity';

/** A file of `evidence.out/`, with its path inside that folder. */
export interface EvidenceFile {
  readonly path: string;
  readonly content: string;
}

/** What was synthesized and what was found: `report.json` for programs, `report.md` for people. Same input, same bytes. */
export function evidence(output: SynthesisOutput): EvidenceFile[] {
  const facts = { cluster: clusterFacts(output.profile), findings: sortedFindings(output.findings), inventory: inventory(output) };
  return [
    { path: 'report.json', content: `${JSON.stringify({ formatVersion: 1, ...facts }, findingText, 2)}\n` },
    { path: 'report.md', content: markdown(facts) },
  ];
}

/** Worst first, then by control, object and place, so that the order in which they were found doesn't show. */
export function sortedFindings(findings: Finding[]): Finding[] {
  const key = (each: Finding) => JSON.stringify([WORST_FIRST.indexOf(each.severity), each.control, each.resource ?? '', each.constructPath ?? '', each.path ?? '', each.message]);
  return findings.map((finding) => ({ finding, key: key(finding) })).sort((a, b) => compare(a.key, b.key)).map(({ finding }) => finding);
}

function clusterFacts(profile: ClusterProfile) {
  return {
    name: profile.name,
    kubernetesVersion: profile.kubernetesVersion.toString(),
    supportState: profile.kubernetesVersion.supportState,
    distribution: profile.distribution,
    cni: profile.cni.name,
    cniEnforcesNetworkPolicies: profile.cni.enforcesNetworkPolicies,
    cloud: profile.cloud,
    podCidrs: profile.podCidrs.map(String),
    serviceCidrs: profile.serviceCidrs.map(String),
    nodeCidrs: profile.nodeCidrs.map(String),
    controlPlaneCidrs: profile.controlPlaneCidrs.map(String),
  };
}

/** References are written as people cite them. */
function findingText(key: string, value: unknown): unknown {
  return key === 'references' && Array.isArray(value) ? value.map(String) : value;
}

interface Facts {
  readonly cluster: ReturnType<typeof clusterFacts>;
  readonly findings: Finding[];
  readonly inventory: Inventory;
}

function markdown({ cluster, findings, inventory: facts }: Facts): string {
  return [
    `# Evidence for cluster ${cluster.name}`,
    '',
    table(['fact', 'value'], Object.entries(cluster).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') || '(not stated)' : String(value)])),
    '## Findings',
    '',
    findings.length === 0 ? 'None.\n' : table(
      ['severity', 'control', 'where', 'what', 'fix', 'references'],
      findings.map((each) => [each.severity, each.control, place(each), each.message, each.fix, (each.references ?? []).map(String).join('; ')]),
    ),
    '## Objects',
    '',
    table(['kind', 'number'], Object.entries(facts.objectsByKind).map(([kind, count]) => [kind, String(count)])),
    '## Images',
    '',
    table(['image', 'by digest', 'used by'], facts.images.map((use) => [use.image, use.byDigest ? 'yes' : 'NO', use.usedBy.join(', ')])),
    '## Terraform resources',
    '',
    table(['type', 'number'], Object.entries(facts.terraformResourcesByType).map(([type, count]) => [type, String(count)])),
    '## Files',
    '',
    table(['file', 'SHA-256'], facts.files.map((file) => [file.path, file.sha256])),
  ].join('\n');
}

/** The object and the path in it, and the construct that made it; the whole cluster where a finding names none. */
function place({ resource, path, constructPath }: Finding): string {
  return [resource, path, constructPath && `(${constructPath})`].filter((part) => part !== undefined).join(' ') || 'cluster';
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return rows.length === 0 ? 'None.\n' : [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
