import { compare, KubernetesObject, objectName, WrittenObject } from './inventory';
import { groupOf } from '../controls/group';
import { isObject } from '../controls/path';
import { isOfKubernetes } from '../controls/results/finding-maker';
import { isList, listItems } from '../controls/results/list-items';
import { makesPodsByOperator } from '../controls/template-kinds';
import { ImageMirror } from '../core/image-mirror';
import { imageText, parseImage } from '../core/image-name';
import { imagesOf } from '../core/image-places';
import { shownImage } from '../core/shown-image';

/** An image that a cluster without a way out has to be brought. */
export interface ListedImage {
  /** Where it is from, with the name of its registry. */
  readonly source: string;
  /** What pods pull: the same, or its place in the mirror. */
  readonly pulled: string;
  /** Whether it is named by digest: without one, what is transferred today may not be what was tested. */
  readonly byDigest: boolean;
  /** The objects that name it. */
  readonly usedBy: string[];
}

/** All images that the objects name, each once. */
export interface ImageList {
  readonly images: ListedImage[];
  /** Objects whose controllers may run images that no manifest names: look them up with the operator or the chart. */
  readonly mayPullMore: string[];
}

/** Controllers that render manifests in the cluster. */
const RENDERED_LATER = ['HelmRelease helm.toolkit.fluxcd.io', 'Kustomization kustomize.toolkit.fluxcd.io', 'HelmChart helm.cattle.io', 'Application argoproj.io', 'ApplicationSet argoproj.io'];

/** Lists the images of all objects, sorted; nothing that somebody logs in with. */
export function imageList(objects: readonly WrittenObject[], mirror?: ImageMirror): ImageList {
  const users = new Map<string, Set<string>>();
  const mayPullMore = new Set<string>();
  for (const json of objects.flatMap((object) => withItems(object.json))) {
    const name = objectName(json);
    imagesOf(json).map(pulledImage).forEach((image) => users.set(image, (users.get(image) ?? new Set()).add(name)));
    if (makesPodsByOperator(json) || isRenderedLater(json) || hasUnknownImages(json)) {
      mayPullMore.add(name);
    }
  }
  const images = [...users].map(([pulled, by]): ListedImage => {
    const name = parseImage(pulled);
    return { source: name && mirror ? mirror.sourceOf(pulled) : pulled, pulled, byDigest: name?.digest !== undefined, usedBy: [...by].sort(compare) };
  });
  return { images: images.sort((a, b) => compare(a.source, b.source) || compare(a.pulled, b.pulled)), mayPullMore: [...mayPullMore].sort(compare) };
}

/** `images.json`, for programs. */
export function imagesJson({ images, mayPullMore }: ImageList, cluster: string): string {
  return `${JSON.stringify({ formatVersion: 1, cluster, images, mayPullMore }, undefined, 2)}\n`;
}

/** `images.txt`, for shells: source, what is pulled, and `by-digest` or `no-digest`, with tabs between. */
export function imagesText({ images }: ImageList): string {
  return images.map(({ source, pulled, byDigest }) => `${[source, pulled, byDigest ? 'by-digest' : 'no-digest'].map(oneWord).join('\t')}\n`).join('');
}

/** With the name of its registry, so that one image is one line. */
function pulledImage(image: string): string {
  const shown = shownImage(image);
  const name = parseImage(shown);
  return name ? imageText(name) : shown;
}

/** An object, or what a list of objects holds, at any depth. */
function withItems(json: unknown): unknown[] {
  return isList(json) ? listItems(json)!.flatMap(withItems) : [json];
}

/** Whether a custom object has a setting that seems to name an image, in a place that is not known for it: it is neither mirrored nor listed. */
function hasUnknownImages(json: unknown): boolean {
  const known = new Set(imagesOf(json));
  const isImage = (value: unknown) => (typeof value === 'string' ? value !== '' && !known.has(value) : isObject(value) && typeof value.repository === 'string');
  const isWithin = (value: unknown): boolean => (
    Array.isArray(value) ? value.some(isWithin)
      : isObject(value) && Object.entries(value).some(([key, inner]) => (/(^i|I)mage(Name)?$/.test(key) && isImage(inner)) || isWithin(inner))
  );
  return isObject(json) && !isOfKubernetes(groupOf(json.apiVersion)) && isWithin(json.spec);
}

function isRenderedLater(json: unknown): boolean {
  const { apiVersion, kind } = (json ?? {}) as KubernetesObject;
  return RENDERED_LATER.includes(`${kind} ${String(apiVersion).split('/')[0]}`);
}

function oneWord(text: string): string {
  return text.replace(/[\s\p{C}]/gu, '?');
}
