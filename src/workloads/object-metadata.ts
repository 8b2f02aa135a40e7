import { IConstruct } from 'constructs';
import { invalid } from '../core/errors';
import { isLabelKey, isLabelValue } from '../core/labels';
import { refuseSecretText } from '../secrets/literal-secret';

const ANNOTATIONS_LIMIT = 256 * 1024;

/** Checks an object's labels as the API server does, and copies them. Secrets are refused. */
export function checkLabels(labels: Record<string, string>, at: IConstruct): Record<string, string> {
  for (const [key, value] of Object.entries(labels)) {
    checkKey(key, 'labels', at);
    refuseSecretText(String(value), `labels.${key}`, at);
    if (!isLabelValue(value)) {
      throw invalid({
        at, property: `labels.${key}`, got: value, fix: 'Correct the value, or make it an annotation.',
        allowed: 'at most 63 letters, digits, -, _ and dots, beginning and ending with a letter or digit',
      });
    }
  }
  return { ...labels };
}

/** Checks an object's annotations as the API server does, and copies them. Secrets are refused. */
export function checkAnnotations(annotations: Record<string, string>, at: IConstruct): Record<string, string> {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    checkKey(key.toLowerCase(), 'annotations', at, key);
    if (typeof value !== 'string') {
      throw invalid({ at, property: `annotations.${key}`, got: value, allowed: 'text', fix: 'Give it as a string.' });
    }
    refuseSecretText(value, `annotations.${key}`, at);
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > ANNOTATIONS_LIMIT) {
    throw invalid({ at, property: 'annotations', got: size, allowed: 'at most 256 KiB in all', fix: 'Keep long texts elsewhere.' });
  }
  return { ...annotations };
}

function checkKey(key: string, property: string, at: IConstruct, got: string = key): void {
  if (!isLabelKey(key)) {
    throw invalid({
      at, property, got, allowed: 'keys of the form name or DNS prefix/name, the name of at most 63 letters, digits, -, _ and dots', fix: 'Correct the key.',
    });
  }
}
