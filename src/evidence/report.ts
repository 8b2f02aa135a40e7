import { posix } from 'path';
import { CheckResults, warned } from './check-results';
import { CheckFacts, checkFacts, checkSections } from './check-sections';
import { findingRecord, findingsJson } from './findings-json';
import { imageList, imagesJson, imagesText } from './image-list';
import { Inventory, inventory, SynthesisOutput } from './inventory';
import { junit } from './junit';
import { table } from './markdown';
import { sarif } from './sarif';
import { sortedFindings } from './sorted-findings';
import { waiverDraft } from './waiver-draft';
import { withoutSecrets } from './without-secrets';
import { ClusterProfile } from '../core/cluster-profile';
import { Finding } from '../core/finding';

export { sortedFindings };

/** A file of `evidence.out/`, with its path inside that folder. */
export interface EvidenceFile {
  readonly path: string;
  readonly content: string;
}

/**
 * What was synthesized and what was found: `report.json` for programs, `report.md` for people; and all images, to be brought to a cluster without a
 * way out, in `images.json` for programs and `images.txt` for shells. Same input, same bytes.
 *
 * With the results of controls, it also holds `findings.json` for programs, `findings.sarif` for code scanning and `findings.junit.xml` for
 * continuous integration. Findings of other checks (`output.findings`) are in all of them, as warnings.
 */
export function evidence(output: SynthesisOutput, checks?: CheckResults): EvidenceFile[] {
  const cluster = clusterFacts(output.profile);
  const written = !output.fails;
  if (checks === undefined) {
    return [
      ...reports({ cluster, written, findings: sortedFindings(withoutSecrets(output.findings)), inventory: inventory(output) }),
      ...imageFiles(output),
    ];
  }
  const all = withoutSecrets({ ...checks, findings: [...checks.findings, ...output.findings.map(warned)] });
  return [
    { path: 'findings.json', content: findingsJson(all, cluster.name) },
    { path: 'findings.junit.xml', content: junit(all) },
    { path: 'findings.sarif', content: sarif(all, cluster.name, posix.join(output.evidenceFolder ?? 'evidence.out', 'report.md')) },
    ...reports({
      cluster, written, findings: sortedFindings(all.findings).map(findingRecord), checks: checkFacts(all), inventory: inventory(output),
    }),
    ...imageFiles(output),
  ];
}

function imageFiles({ objects, profile }: SynthesisOutput): EvidenceFile[] {
  const list = imageList(objects, profile.imageMirror);
  return [{ path: 'images.json', content: imagesJson(list, profile.name) }, { path: 'images.txt', content: imagesText(list) }];
}

function reports(facts: Facts): EvidenceFile[] {
  return [
    { path: 'report.json', content: `${JSON.stringify({ formatVersion: 1, ...facts }, findingText, 2)}\n` },
    { path: 'report.md', content: markdown(facts) },
  ];
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
  /** Whether the outputs are; the evidence always is. */
  readonly written: boolean;
  readonly findings: (Finding | ReturnType<typeof findingRecord>)[];
  readonly checks?: CheckFacts;
  readonly inventory: Inventory;
}

function markdown({ cluster, written, findings, checks, inventory: facts }: Facts): string {
  return [
    `# Evidence for cluster ${cluster.name}`,
    '',
    ...(written ? [] : ['The synth failed. Nothing was written but this folder; what is below is what would have been.', '']),
    table(['fact', 'value'], Object.entries(cluster).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') || '(not stated)' : String(value)])),
    '## Findings',
    '',
    findings.length === 0 ? 'None.\n' : table(
      ['severity', ...(checks ? ['status'] : []), 'control', 'where', 'what', 'got', 'fix', 'references'],
      findings.map((each) => [
        each.severity, ...('status' in each ? [each.status] : []), each.control, place(each), each.message, each.got ?? '', each.fix,
        (each.references ?? []).map(String).join('; '),
      ]),
    ),
    ...waiverDrafts(findings),
    ...(checks ? checkSections(checks) : []),
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
    written ? table(['file', 'SHA-256'], facts.files.map((file) => [file.path, file.sha256])) : 'None: nothing was written.\n',
  ].join('\n');
}

/** A waiver for each finding that none accepts yet. */
function waiverDrafts(findings: Facts['findings']): string[] {
  const drafts = findings.flatMap((each) => ('toWaive' in each && each.toWaive && each.status !== 'waived' ? [waiverDraft(each.toWaive)] : []));
  return drafts.length === 0 ? [] : [
    '## To accept a finding for a time',
    '',
    'Each line accepts one finding: paste it into the program and fill in `reason`, `owner` and `expires`. Behind `- `, what is in braces is an entry of a file '
    + 'that `Controls.of(app).waiversFrom(…)` reads.',
    '',
    '```ts',
    ...new Set(drafts),
    '```',
    '',
  ];
}

/** The object, the path in it, the container and the construct that made it; the whole cluster where a finding names none. */
function place({ resource, path, container, constructPath }: Facts['findings'][number]): string {
  return [resource, path, container && `container "${container}"`, constructPath && `(${constructPath})`].filter((part) => part !== undefined).join(' ') || 'cluster';
}
