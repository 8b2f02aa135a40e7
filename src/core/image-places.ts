/** Lists of containers, at any depth: in pods, templates of any kind, and what embeds either. */
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];
/** What operators and workflow engines call an image in their own settings. Elsewhere, such a setting may name a machine's image or a picture. */
const IMAGE_SETTINGS = ['image', 'imageName', 'dockerImage'];
const GROUPS_WITH_SETTINGS = [
  'acid.zalan.do', 'agones.dev', 'argoproj.io', 'ceph.rook.io', 'flink.apache.org', 'jaegertracing.io', 'k8s.elastic.co', 'k8s.keycloak.org', 'kafka.strimzi.io',
  'minio.min.io', 'monitoring.coreos.com', 'opentelemetry.io', 'postgres-operator.crunchydata.com', 'postgresql.cnpg.io', 'rabbitmq.com', 'sparkoperator.k8s.io', 'tekton.dev',
];
/** Variables by which operators are told what to run, as the Operator Lifecycle Manager has it. */
const RELATED_IMAGE = /^RELATED_IMAGE_/;

type Json = Record<string, unknown>;
type Change = (image: string) => string;

/**
 * An object with each of its images changed: those of containers, of volumes, of operators' settings that are known, and those that operators are
 * given as `RELATED_IMAGE_…`. What doesn't change is the same object.
 */
export function withImages(json: unknown, change: Change): unknown {
  return walked(json, change, false);
}

/** The images of an object, as often as they stand there. */
export function imagesOf(json: unknown): string[] {
  const images: string[] = [];
  withImages(json, (image) => {
    images.push(image);
    return image;
  });
  return images;
}

function walked(value: unknown, change: Change, hasSettings: boolean): unknown {
  if (Array.isArray(value)) {
    return replaced(value, (each) => walked(each, change, hasSettings));
  }
  if (!isObject(value)) {
    return value;
  }
  const own = typeof value.apiVersion === 'string' && typeof value.kind === 'string' ? isWithSettings(value.apiVersion) : hasSettings;
  return mapped(value, (key, inner) => {
    if (CONTAINER_LISTS.includes(key) && Array.isArray(inner)) {
      return replaced(inner, (container) => (isObject(container) ? containerWith(container, change) : container));
    }
    if (key === 'volumes' && Array.isArray(inner)) {
      return replaced(inner, (volume) => (isObject(volume) ? volumeWith(volume, change) : volume));
    }
    return own && IMAGE_SETTINGS.includes(key) && typeof inner === 'string' ? changed(inner, change) : walked(inner, change, own);
  });
}

function containerWith(container: Json, change: Change): Json {
  return mapped(container, (key, value) => {
    if (key === 'env' && Array.isArray(value)) {
      return replaced(value, (variable) => (
        isObject(variable) && RELATED_IMAGE.test(String(variable.name)) && typeof variable.value === 'string'
          ? mapped(variable, (inner, text) => (inner === 'value' ? changed(text as string, change) : text)) : variable
      ));
    }
    return key === 'image' && typeof value === 'string' && !isPlaceholder(container) ? changed(value, change) : value;
  });
}

function volumeWith(volume: Json, change: Change): Json {
  return mapped(volume, (key, value) => (
    key === 'image' && isObject(value) ? mapped(value, (inner, text) => (inner === 'reference' && typeof text === 'string' ? changed(text, change) : text)) : value
  ));
}

/** Istio puts its own image in the place of this one. */
function isPlaceholder({ name, image }: Json): boolean {
  return name === 'istio-proxy' && image === 'auto';
}

function changed(image: string, change: Change): string {
  return image === '' ? image : change(image);
}

function isWithSettings(apiVersion: string): boolean {
  const group = apiVersion.split('/')[0];
  return GROUPS_WITH_SETTINGS.some((each) => group === each || group.endsWith(`.${each}`));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function replaced(list: readonly unknown[], change: (value: unknown) => unknown): unknown {
  let after: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const value = change(list[i]);
    if (value !== list[i]) {
      after ??= [...list];
      after[i] = value;
    }
  }
  return after ?? list;
}

function mapped(object: Json, change: (key: string, value: unknown) => unknown): Json {
  let after: Json | undefined;
  for (const key of Object.keys(object)) {
    const value = change(key, object[key]);
    if (value !== object[key]) {
      after ??= { ...object };
      after[key] = value;
    }
  }
  return after ?? object;
}
