import { createHash } from 'crypto';
import { ClusterProfile } from '../core/cluster-profile';
import { Finding } from '../core/finding';

/** What the inventory reads of an object, whoever made it. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** One object as it is written to a manifest, with the construct that made it. */
export interface WrittenObject {
  readonly constructPath: string;
  readonly json: unknown;
}

/** One file of an output folder, as it is written. */
export interface WrittenFile {
  /** Folder and path inside it, for instance `nodes.out/control-plane/cloud-init.yaml`. */
  readonly path: string;
  readonly content: string | Buffer;
}

/** Everything that one synthesis yields, before it is reported on. */
export interface SynthesisOutput {
  readonly profile: ClusterProfile;
  readonly objects: WrittenObject[];
  readonly files: WrittenFile[];
  readonly findings: Finding[];
}

/** One image, with the objects that run it. */
export interface ImageUse {
  readonly image: string;
  readonly byDigest: boolean;
  readonly usedBy: string[];
}

/** Facts about the output that can be counted and compared; no date, no machine. */
export interface Inventory {
  readonly objectsByKind: Record<string, number>;
  readonly images: ImageUse[];
  readonly terraformResourcesByType: Record<string, number>;
  readonly files: { readonly path: string; readonly sha256: string }[];
}

export function inventory(output: SynthesisOutput): Inventory {
  return {
    objectsByKind: counted(output.objects.map(({ json }) => read(json).kind ?? '(no kind)')),
    images: images(output.objects),
    terraformResourcesByType: counted(output.files.flatMap(terraformTypes)),
    files: output.files
      .map(({ path, content }) => ({ path, sha256: createHash('sha256').update(content).digest('hex') }))
      .sort((a, b) => compare(a.path, b.path)),
  };
}

/** How a report names an object: `Kind/namespace/name`, without the namespace for cluster-wide ones. */
export function objectName(json: unknown): string {
  const { kind, metadata } = read(json);
  return [kind, metadata?.namespace, metadata?.name].filter((part) => part !== undefined).join('/');
}

function read(json: unknown): KubernetesObject {
  return (json ?? {}) as KubernetesObject;
}

function images(objects: WrittenObject[]): ImageUse[] {
  const users = new Map<string, Set<string>>();
  for (const { json } of objects) {
    for (const image of imagesIn(json)) {
      users.set(image, (users.get(image) ?? new Set()).add(objectName(json)));
    }
  }
  return [...users]
    .map(([image, by]) => ({ image, byDigest: /@sha256:[a-f0-9]{64}$/.test(image), usedBy: [...by].sort(compare) }))
    .sort((a, b) => compare(a.image, b.image));
}

/** Images of every container list at any depth, and those that are mounted as volumes: pods, templates, lists, and what embeds them. */
function imagesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(imagesIn);
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!/^(containers|initContainers|ephemeralContainers|volumes)$/.test(key) || !Array.isArray(inner)) {
      return imagesIn(inner);
    }
    return inner.map((each) => (key === 'volumes' ? each?.image?.reference : each?.image)).filter((image) => typeof image === 'string');
  });
}

function terraformTypes({ path, content }: WrittenFile): string[] {
  if (!path.endsWith('/cdk.tf.json')) {
    return [];
  }
  const resources: Record<string, object> = JSON.parse(String(content)).resource ?? {};
  return Object.entries(resources).flatMap(([type, byName]) => Object.keys(byName).map(() => type));
}

function counted(values: string[]): Record<string, number> {
  const counts = new Map<string, number>();
  values.forEach((value) => counts.set(value, (counts.get(value) ?? 0) + 1));
  return Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b)));
}

/** Order of the code units: the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
