import { createHash } from 'crypto';
import { ClusterProfile } from '../core/cluster-profile';
import { Finding } from '../core/finding';
import { isByDigest } from '../core/image-name';
import { imagesOf } from '../core/image-places';
import { shownImage } from '../core/shown-image';

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
  readonly content: string | Uint8Array;
}

/** Everything that one synthesis yields, before it is reported on. */
export interface SynthesisOutput {
  readonly profile: ClusterProfile;
  readonly objects: WrittenObject[];
  readonly files: WrittenFile[];
  readonly findings: Finding[];
  /**
   * Where the evidence itself goes, as `path` of files begins.
   * @default evidence.out
   */
  readonly evidenceFolder?: string;
  /**
   * Whether the run fails: nothing but the evidence is written then.
   * @default false
   */
  readonly fails?: boolean;
}

/** One image, with the objects that run it. */
export interface ImageUse {
  /** Without what somebody logs in with. */
  readonly image: string;
  readonly byDigest: boolean;
  readonly usedBy: string[];
}

/** Facts about the output that can be counted and compared; no date, no machine. */
export interface Inventory {
  readonly objectsByKind: Record<string, number>;
  readonly images: ImageUse[];
  readonly terraformResourcesByType: Record<string, number>;
  /** What was written; nothing where the run failed. */
  readonly files: { readonly path: string; readonly sha256: string }[];
}

export function inventory(output: SynthesisOutput): Inventory {
  return {
    objectsByKind: counted(output.objects.map(({ json }) => read(json).kind ?? '(no kind)')),
    images: images(output.objects),
    terraformResourcesByType: counted(output.files.flatMap(terraformTypes)),
    files: (output.fails ? [] : output.files)
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
    for (const image of imagesOf(json).map(shownImage)) {
      users.set(image, (users.get(image) ?? new Set()).add(objectName(json)));
    }
  }
  return [...users]
    .map(([image, by]) => ({ image, byDigest: isByDigest(image), usedBy: [...by].sort(compare) }))
    .sort((a, b) => compare(a.image, b.image));
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
