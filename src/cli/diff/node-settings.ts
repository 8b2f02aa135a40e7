import { isObject, Json } from '../../controls/path';
import { readBytes } from '../documents/read-documents';

/** Settings of a file by name, for instance `sshd permitrootlogin`. */
export type Settings = ReadonlyMap<string, string>;

/** The settings of a file on a node whose meaning is known; none of others. */
export function settingsOf(path: string, text: string): Settings {
  if (/^\/etc\/ssh\/sshd_config(\.d\/[^/]+)?$/.test(path)) {
    return keywords(text);
  }
  if (/^\/etc\/sysctl(\.d\/[^/]+)?(\.conf)?$/.test(path)) {
    return sysctls(text);
  }
  return /\.(ya?ml|json|conf)$/.test(path) && path.includes('kube') ? documents(text) : new Map();
}

/** The first value of a keyword wins; what a Match block says is for some only. */
function keywords(text: string): Settings {
  const found = new Map<string, string>();
  let scope = '';
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^\s*([A-Za-z][A-Za-z0-9]*)\s*[ \t=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (keyword === undefined) {
      continue;
    }
    if (keyword.toLowerCase() === 'match') {
      scope = ` (Match ${value})`;
      continue;
    }
    const key = `sshd ${keyword.toLowerCase()}${scope}`;
    if (!found.has(key)) {
      found.set(key, value.replace(/^"(.*)"$/, '$1'));
    }
  }
  return found;
}

/** The last one wins. */
function sysctls(text: string): Settings {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*-?\s*([\w./-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      found.set(`sysctl ${name.replace(/\//g, '.')}`, value);
    }
  }
  return found;
}

function documents(text: string): Settings {
  const found = new Map<string, string>();
  for (const reading of readBytes('', Buffer.from(text))) {
    if ('document' in reading) {
      settings(reading.document.object, found);
    }
  }
  return found;
}

const COMPONENTS = { apiServer: 'kube-apiserver', controllerManager: 'kube-controller-manager', scheduler: 'kube-scheduler' };

function settings(document: Json, found: Map<string, string>): void {
  switch (document.kind) {
    case 'KubeletConfiguration':
      flatten('kubelet', document, found);
      break;
    case 'ClusterConfiguration':
      for (const [field, program] of Object.entries(COMPONENTS)) {
        const component = document[field];
        extraArgs(isObject(component) ? component.extraArgs : undefined).forEach(([name, value]) => found.set(`${program} ${name}`, value));
      }
      if (isObject(document.etcd) && isObject(document.etcd.local)) {
        extraArgs(document.etcd.local.extraArgs).forEach(([name, value]) => found.set(`etcd ${name}`, value));
      }
      break;
    case 'Pod':
      podFlags(document, found);
      break;
    case 'EncryptionConfiguration':
      found.set('encryption first provider', firstProvider(document));
      break;
  }
}

/** kubeadm has them as a map, and from v1beta4 on as a list. */
function extraArgs(args: unknown): [string, string][] {
  if (Array.isArray(args)) {
    return args.filter(isObject).map(({ name, value }) => [String(name), String(value)]);
  }
  return isObject(args) ? Object.entries(args).map(([name, value]) => [name, String(value)]) : [];
}

function podFlags({ spec }: Json, found: Map<string, string>): void {
  const containers = isObject(spec) && Array.isArray(spec.containers) ? spec.containers.filter(isObject) : [];
  for (const { command, args } of containers) {
    const words = [command, args].flat().filter((each): each is string => typeof each === 'string');
    const program = (words[0] ?? '').replace(/^.*\//, '');
    for (const word of words.slice(1)) {
      const [, name, value] = /^--([\w-]+)(?:=([^]*))?$/.exec(word) ?? [];
      if (name !== undefined) {
        found.set(`${program} ${name}`, value ?? 'true');
      }
    }
  }
}

function firstProvider({ resources }: Json): string {
  const [first] = Array.isArray(resources) ? resources.filter(isObject) : [];
  const [provider] = Array.isArray(first?.providers) ? first.providers.filter(isObject) : [];
  return provider === undefined ? 'none' : Object.keys(provider)[0] ?? 'none';
}

function flatten(prefix: string, value: Json, found: Map<string, string>, path: string = ''): void {
  for (const [key, each] of Object.entries(value)) {
    const name = path === '' ? key : `${path}.${key}`;
    if (isObject(each)) {
      flatten(prefix, each, found, name);
    } else {
      found.set(`${prefix} ${name}`, Array.isArray(each) ? each.map(String).join(',') : String(each));
    }
  }
}
