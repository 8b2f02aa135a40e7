import { AdmissionPlugin } from './admission-plugin';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { isLabelKey, isLabelValue } from '../../core/labels';

/**
 * Which nodes the pods of a namespace get, by labels of the nodes. A namespace says it itself by `HardenedNamespace`'s `nodeSelector`; this is
 * what holds without it, and what it may say.
 */
export interface PodNodeSelectors {
  /**
   * Labels of the nodes for pods of namespaces that say nothing themselves. kube-system is one of them: annotate it with
   * `scheduler.alpha.kubernetes.io/node-selector: ""`, or kube-proxy and the network plugin miss on all other nodes.
   * @default - any node
   */
  readonly clusterDefault?: Record<string, string>;
  /**
   * By namespace, the labels that its pods may choose nodes by; a pod that chooses by others, itself or through its namespace, is refused. A pod
   * that chooses none is not: give the namespace a `nodeSelector` too.
   * @default - any
   */
  readonly allowed?: Record<string, Record<string, string>>;
}

/** Selectors by what they are for, in the plugin's own form. */
export type CheckedSelectors = Readonly<Record<string, string>>;

const PROPS: KnownProps<PodNodeSelectors> = { clusterDefault: true, allowed: true };
const PROPERTY = 'podNodeSelector';

export function checkPodNodeSelectors(given: PodNodeSelectors, at: string): CheckedSelectors {
  checkProps(given, PROPS, { at, property: PROPERTY });
  const { clusterDefault, allowed = {} } = given;
  checkRecord(allowed, `${PROPERTY}.allowed`, '{ shop: { pool: \'apps\' } }', at);
  const byNamespace = Object.entries(allowed).sort(([a], [b]) => (a < b ? -1 : 1)).map(([namespace, labels]) => (
    [checkDnsLabel(namespace, `${PROPERTY}.allowed`, at), selector(labels, `${PROPERTY}.allowed["${namespace}"]`, at)]
  ));
  return Object.freeze({
    ...(clusterDefault === undefined ? {} : { clusterDefaultNodeSelector: selector(clusterDefault, `${PROPERTY}.clusterDefault`, at) }),
    ...Object.fromEntries(byNamespace),
  });
}

/** Enabled in any case: it is what reads the annotation of a namespace. */
export function podNodeSelectorPlugin(selectors: CheckedSelectors): AdmissionPlugin {
  const name = 'PodNodeSelector';
  return Object.keys(selectors).length === 0 ? { name } : { name, configuration: { podNodeSelectorPluginConfig: { ...selectors } } };
}

/** The plugin wants text, and takes anything else as no selector, without an error. */
function selector(labels: Record<string, string>, property: string, at: string): string {
  checkRecord(labels, property, '{ pool: \'apps\' }', at);
  const entries = Object.entries(labels);
  if (entries.length === 0) {
    throw invalid({ at, property, got: labels, allowed: 'at least one label', fix: 'Leave it out to mean any node.' });
  }
  const wrong = entries.find(([key, value]) => !isLabelKey(key) || !isLabelValue(value));
  if (wrong) {
    throw invalid({
      at, property, got: { [wrong[0]]: wrong[1] }, allowed: 'labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 letters, digits, -, _ and dots',
      fix: 'Copy the labels from the nodes.',
    });
  }
  return entries.map(([key, value]) => `${key}=${value}`).sort().join(',');
}

function checkRecord(value: object, property: string, example: string, at: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid({ at, property, got: value, allowed: 'an object', fix: `Write it like ${example}.` });
  }
}
