import * as path from 'path';
import { Yaml } from 'cdk8s';
import { KmsPlugin, KmsV2Options } from './encryption-options';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { isByDigest } from '../../core/image-name';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { checkWholeNumber } from '../whole-number';

const AT = 'SecretsEncryption';
const PLUGIN: KnownProps<KmsPlugin> = { image: true, args: true, configFolder: true, memoryMebibytes: true };
/** Longest path of a socket on Linux (unix(7)). */
const MOST_CHARACTERS = 107;

/** A provider of KMS v2, checked. */
export interface Kms {
  readonly name: string;
  readonly endpoint: string;
  /** The folder of its socket on the node. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  readonly plugin?: Required<Omit<KmsPlugin, 'configFolder'>> & Pick<KmsPlugin, 'configFolder'>;
}

export function checkKms(options: KmsV2Options): Kms {
  return {
    name: checkName(options),
    endpoint: options.endpoint,
    folder: path.posix.dirname(socketOf(options.endpoint)),
    timeoutSeconds: checkWholeNumber(options.timeoutSeconds ?? 3, 1, 30, {
      at: AT, property: 'timeoutSeconds', fix: 'Leave it out for 3: every request that reads a new key waits for it.',
    }),
    ...(options.plugin === undefined ? {} : { plugin: checkPlugin(options.plugin) }),
  };
}

/** The pod's label has `kms-` before it. */
function checkName({ name, plugin }: KmsV2Options): string {
  checkDnsLabel(name, 'name', AT);
  if (plugin !== undefined && name.length > 59) {
    throw invalid({
      at: AT, property: 'name', got: name, allowed: 'at most 59 characters with a plugin: its pod is called kms- and that', fix: 'Shorten it.',
    });
  }
  return name;
}

/** The static pod of a provider's plugin: the API server can't store a Secret without it, so the kubelet starts it from a file. */
export function kmsPluginPod(kms: Kms): string | undefined {
  if (kms.plugin === undefined) {
    return undefined;
  }
  const { image, args, configFolder, memoryMebibytes } = kms.plugin;
  const memory = `${memoryMebibytes}Mi`;
  const folders = [
    { name: 'socket', path: kms.folder, type: 'DirectoryOrCreate', readOnly: false },
    ...(configFolder === undefined ? [] : [{ name: 'config', path: configFolder, type: 'Directory', readOnly: true }]),
  ];
  return Yaml.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `kms-${kms.name}`, namespace: 'kube-system', labels: { component: `kms-${kms.name}`, tier: 'control-plane' } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // There is no network of pods before the API server runs.
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'plugin',
        image,
        args,
        resources: { requests: { cpu: '50m', memory }, limits: { memory } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true },
        volumeMounts: folders.map(({ name, path: mountPath, readOnly }) => ({ name, mountPath, readOnly })),
      }],
      volumes: folders.map(({ name, path: folder, type }) => ({ name, hostPath: { path: folder, type } })),
    },
  });
}

function socketOf(endpoint: string): string {
  const socket = typeof endpoint === 'string' ? /^unix:\/\/((?:\/var)?\/run\/[a-z0-9-]*kms[a-z0-9-]*\/[A-Za-z0-9_-][A-Za-z0-9._-]*)$/.exec(endpoint)?.[1] : undefined;
  if (socket === undefined || socket.length > MOST_CHARACTERS) {
    throw invalid({
      at: AT,
      property: 'endpoint',
      got: endpoint,
      allowed: `unix:// and a socket, of at most ${MOST_CHARACTERS} characters, in a folder below /run or /var/run whose name has kms in it`,
      fix: 'Let the plugin listen at, for instance, unix:///run/kms-plugin/plugin.sock: the API server gets the whole folder, so nothing else may lie in it.',
    });
  }
  return socket;
}

function checkPlugin(plugin: KmsPlugin): Kms['plugin'] {
  checkProps(plugin, PLUGIN, { at: AT, property: 'plugin' });
  if (typeof plugin.image !== 'string' || !isByDigest(plugin.image)) {
    throw invalid({
      at: AT, property: 'plugin.image', got: plugin.image, allowed: 'an image by digest', fix: 'Add @sha256:…: it decrypts every Secret, and no admission checks a static pod.',
    });
  }
  const args = checkList(plugin.args, 'plugin.args', 'arguments', AT);
  const wrong = args.findIndex((argument) => typeof argument !== 'string');
  if (wrong >= 0) {
    throw invalid({ at: AT, property: `plugin.args[${wrong}]`, got: args[wrong], allowed: 'a string', fix: 'Write it in quotes.' });
  }
  return {
    image: plugin.image,
    args,
    ...(plugin.configFolder === undefined ? {} : { configFolder: checkConfigFolder(plugin.configFolder) }),
    memoryMebibytes: checkWholeNumber(plugin.memoryMebibytes ?? 256, 16, 8192, { at: AT, property: 'plugin.memoryMebibytes', fix: 'Leave it out for 256.' }),
  };
}

function checkConfigFolder(folder: string): string {
  const clean = typeof folder === 'string' && /^\/etc\/[A-Za-z0-9._/-]+$/.test(folder) && path.posix.normalize(folder) === folder && !folder.endsWith('/');
  if (!clean || /^\/etc\/kubernetes(\/|$)/.test(folder)) {
    throw invalid({
      at: AT, property: 'plugin.configFolder', got: folder, allowed: 'a folder of its own below /etc, not of /etc/kubernetes',
      fix: 'Choose for instance /etc/kms-plugin: with the control plane\'s own keys it could do anything.',
    });
  }
  return folder;
}
