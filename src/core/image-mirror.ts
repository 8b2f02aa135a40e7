import { invalid, InvalidInput } from './errors';
import { withoutCredentials } from './image-credentials';
import { ImageName, ImagePlace, imageText, parseImage, parsePrefix, placeText } from './image-name';
import { lock } from './immutable';
import { checkProps, KnownProps } from './known-props';
import { checkList } from './list';
import { markAs } from './made-by';

/** From where to where images are mirrored. */
export interface ImageMirrorProps {
  /**
   * What images' names begin with, registry first, and what takes its place: `{ 'docker.io': 'registry.acme.internal/docker-hub' }`. Whole steps of
   * the path count, and of several that fit the longest does.
   * @default - none
   */
  readonly prefixes?: Record<string, string>;
  /**
   * Where all other images are, each below the name of its registry: with `registry.acme.internal/all`, `quay.io/acme/web` is
   * `registry.acme.internal/all/quay.io/acme/web`. A port is joined by `__`.
   * @default - nowhere: an image that no prefix fits fails the synth
   */
  readonly others?: string;
  /**
   * Registries, or prefixes in them, that the cluster reaches by itself. Their images stay as they are.
   * @default - none but the mirror's own
   */
  readonly reachable?: string[];
}

const PROPS: KnownProps<ImageMirrorProps> = { prefixes: true, others: true, reachable: true };
const AT = 'ImageMirror.of';

interface Rule {
  readonly from: string;
  /** Undefined: images stay. */
  readonly to?: string;
}

/**
 * The registry that a cluster without a way out pulls its images from. Given to the cluster's profile, it applies to every image of the app, whoever
 * made the object: names are rewritten, tags and digests stay. What is in the mirror already stays as it is.
 *
 * Source: NSA 1.2 (supply chain).
 */
export class ImageMirror {
  /**
   * A mirror by its rules.
   * @throws if a prefix has no registry or a wrong form, there is no rule at all, or rules contradict each other: targets that lie in each other,
   * a prefix that lies in a target, a target in another rule's prefix, an empty rule
   */
  public static of(props: ImageMirrorProps): ImageMirror {
    checkProps(props, PROPS, { at: AT });
    if (props.prefixes !== undefined && (typeof props.prefixes !== 'object' || props.prefixes === null || Array.isArray(props.prefixes))) {
      throw invalid({ at: AT, property: 'prefixes', got: props.prefixes, allowed: 'an object of prefixes', fix: 'Write it like { \'docker.io\': \'registry.acme.internal/docker-hub\' }.' });
    }
    const rules = Object.entries(props.prefixes ?? {}).map(([from, to]): Rule => (
      { from: checkPrefix(from, 'prefixes'), to: checkTarget(to, `prefixes["${from}"]`) }
    ));
    const others = props.others === undefined ? undefined : checkTarget(props.others, 'others');
    const reachable = checkList(props.reachable ?? [], 'reachable', 'registries', AT).map((from, i): Rule => ({ from: checkPrefix(from, `reachable[${i}]`) }));
    if (rules.length === 0 && others === undefined) {
      throw invalid({ at: AT, property: 'prefixes', got: props.prefixes, allowed: 'at least one prefix, or others', fix: 'Say where images are: others: \'registry.acme.internal/all\'.' });
    }
    checkApart(rules, others, reachable);
    return new ImageMirror([...rules, ...reachable], others);
  }

  private readonly rules: readonly Rule[];
  private readonly targets: readonly string[];
  private readonly others?: string;

  private constructor(rules: readonly Rule[], others: string | undefined) {
    // The longest prefix comes first.
    this.rules = [...rules].sort((a, b) => b.from.length - a.from.length);
    this.targets = [...rules.flatMap(({ to }) => to ?? []), ...(others === undefined ? [] : [others])];
    this.others = others;
    lock(this);
    markAs('ImageMirror', this);
  }

  /**
   * What is pulled in an image's place. Its tag and digest stay; an image that is in the mirror already comes back as it is.
   * @param image a reference, as manifests have it: `nginx` is `docker.io/library/nginx`
   * @throws if it is no reference to an image, or no rule fits
   */
  public mirrored(image: string): string {
    return this._mirrored(image, 'ImageMirror');
  }

  /**
   * What is pulled in an image's place; errors name whoever has the image.
   * @internal
   */
  public _mirrored(image: string, at: InvalidInput['at']): string {
    const name = parsed(image, at);
    const place = placeText(name);
    const rule = this.rules.find(({ from }) => isBelow(place, from));
    if (this.targets.some((target) => isBelow(place, target)) || (rule && rule.to === undefined)) {
      return image;
    }
    if (rule?.to !== undefined) {
      return moved(name, `${rule.to}${place.slice(rule.from.length)}`, at);
    }
    if (this.others === undefined) {
      throw invalid({
        at, property: 'image', got: withoutCredentials(image), allowed: 'an image that a prefix of the mirror fits, or that is reachable',
        fix: `Add "${name.registry}" to prefixes or reachable, or give others.`,
      });
    }
    return moved(name, `${this.others}/${name.registry.replace(':', '__')}/${name.repository}`, at);
  }

  /**
   * Where an image of the mirror comes from, with the name of its registry. An image that is not in the mirror comes from itself.
   * @param image a reference, as manifests have it
   * @throws if it is no reference to an image
   */
  public sourceOf(image: string): string {
    const name = parsed(image, 'ImageMirror');
    const place = placeText(name);
    const rule = this.rules.find(({ to }) => to !== undefined && isBelow(place, to));
    if (rule) {
      return imageText({ ...name, ...parseImage(`${rule.from}${place.slice(rule.to!.length)}`) });
    }
    const [, host, repository] = this.others === undefined || !isBelow(place, this.others) ? [] : /^\/([^/]+)\/(.+)$/.exec(place.slice(this.others.length)) ?? [];
    const source = host === undefined ? undefined : parsePrefix(`${host.replace('__', ':')}/${repository}`);
    return imageText({ ...name, ...source });
  }
}

function parsed(image: string, at: InvalidInput['at']): ImageName {
  const name = typeof image === 'string' ? parseImage(image) : undefined;
  if (!name) {
    throw invalid({
      at, property: 'image', got: typeof image === 'string' ? withoutCredentials(image) : image, allowed: 'a reference to an image: [registry/]name[:tag][@digest]',
      fix: 'Correct it: nobody can pull it.',
    });
  }
  return name;
}

function moved(name: ImageName, place: string, at: InvalidInput['at']): string {
  const target = parsePrefix(place);
  if (target?.repository === undefined) {
    throw invalid({
      at, property: 'image', got: imageText(name), allowed: 'an image whose name in the mirror is a repository of at most 255 characters',
      fix: `Map it to another place than "${place}".`,
    });
  }
  return imageText({ ...name, ...target });
}

function checkPrefix(text: unknown, property: string): string {
  const place: ImagePlace | undefined = typeof text === 'string' ? parsePrefix(text) : undefined;
  if (!place) {
    throw invalid({
      at: AT, property, got: text, allowed: 'a registry by its host, with a path or without one, and without scheme, tag or digest',
      fix: 'Name the registry first, for instance docker.io/library.',
    });
  }
  return placeText(place);
}

/** Docker Hub puts names without a path into a place of their own, so that images would end up somewhere else. */
function checkTarget(text: unknown, property: string): string {
  const target = checkPrefix(text, property);
  if (target === 'docker.io') {
    throw invalid({ at: AT, property, got: text, allowed: 'a place in Docker Hub, not all of it', fix: 'Name the organization too, for instance docker.io/acme.' });
  }
  return target;
}

/** Every image has one place in the mirror, and each place of the mirror one image. */
function checkApart(rules: readonly Rule[], others: string | undefined, reachable: readonly Rule[]): void {
  const targets = [
    ...rules.map(({ from, to }) => ({ property: `prefixes["${from}"]`, from, to: to! })), ...(others === undefined ? [] : [{ property: 'others', from: undefined, to: others }]),
  ];
  const sources = [...rules, ...reachable].map(({ from }) => from);
  const twice = sources.find((from, i) => sources.indexOf(from) !== i);
  if (twice !== undefined) {
    throw invalid({ at: AT, property: 'prefixes', got: twice, allowed: 'each prefix once', fix: 'Leave it out of prefixes or of reachable: its images are mirrored, or they are not.' });
  }
  for (const { property, from, to } of targets) {
    const other = targets.find((each) => each.property !== property && isBelow(to, each.to));
    if (other) {
      throw invalid({
        at: AT, property, got: to, allowed: `a place that is not in that of ${other.property} (${other.to})`, fix: 'Give each rule a place of its own, so that no two images meet.',
      });
    }
    const within = sources.find((source) => isBelow(source, to));
    if (within !== undefined) {
      throw invalid({ at: AT, property, got: to, allowed: `a place that the prefix ${within} does not lie in`, fix: 'Leave that prefix out: what is in the mirror stays as it is.' });
    }
    const again = rules.find((rule) => rule.from !== from && isBelow(to, rule.from) && !(from !== undefined && isBelow(from, rule.from)));
    if (again) {
      throw invalid({
        at: AT, property, got: to, allowed: `a place that is not in the prefix ${again.from}, which is mirrored itself`, fix: 'Name the place that images are pulled from in the end.',
      });
    }
  }
}

function isBelow(place: string, prefix: string): boolean {
  return place === prefix || place.startsWith(`${prefix}/`);
}
