import { Yaml } from 'cdk8s';
import { checkKms, Kms } from './encryption-kms';
import { KeyRotation, KmsV2Options, LocalKeyOptions, SecretsEncryptionOptions } from './encryption-options';
import { checkEncryptedResources } from './encryption-resources';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkMadeBy, markAs } from '../../core/made-by';
import { checkWholeNumber } from '../whole-number';

const AT = 'SecretsEncryption';
const COMMON: KnownProps<SecretsEncryptionOptions> = { resources: true, plaintextReadable: true };
const LOCAL: KnownProps<LocalKeyOptions> = { ...COMMON, keyNumber: true };
const KMS: KnownProps<KmsV2Options> = { ...COMMON, name: true, endpoint: true, timeoutSeconds: true, plugin: true };

/** One key, or one key-management service; the first writes, each can be read with. */
type Key = LocalKey | { readonly provider: 'kms'; readonly kms: Kms };

interface LocalKey {
  readonly provider: 'secretbox' | 'aescbc';
  readonly number: number;
}

interface State {
  readonly keys: readonly Key[];
  readonly resources: readonly string[];
  readonly plaintextReadable: boolean;
  /** The last step of a rotation that is under way. */
  readonly step?: KeyRotation;
}

/**
 * Encryption of Secrets in etcd: an immutable statement that `ControlPlane` turns into a file, flags and mounts of the API server
 * (`EncryptionConfiguration`, `apiserver.config.k8s.io/v1`; CIS 1.2.27, 1.2.28; NSA Kubernetes Hardening Guide, "Secrets").
 *
 * What is written is always encrypted: no statement puts plain text first. It holds no key: the file on the nodes is a template, and the
 * script `secrets-encryption` there makes keys, brings them sealed to further nodes and fills them in.
 */
export class SecretsEncryption {
  /**
   * XSalsa20 and Poly1305, authenticated, under keys that lie on the control-plane nodes: against who reads etcd's disks and backups,
   * not against who reads the nodes' files.
   * @throws if a resource is none that is stored, is named twice, or Secrets are missing
   */
  public static secretbox(options: LocalKeyOptions = {}): SecretsEncryption {
    return SecretsEncryption.local('secretbox', options);
  }

  /**
   * AES-CBC with 256-bit keys on the control-plane nodes, where rules ask for AES. It is not authenticated: prefer `secretbox` or `kmsV2`.
   * @throws as `secretbox`
   */
  public static aescbc(options: LocalKeyOptions = {}): SecretsEncryption {
    return SecretsEncryption.local('aescbc', options);
  }

  /**
   * Data keys under a key that never leaves a key-management service: the best of the three. Stable from Kubernetes 1.29; older clusters are
   * refused. The service rotates its key by itself. As long as the plugin does not answer, no Secret can be written.
   * @throws as `secretbox`, or if name, socket, timeout or plugin are not what they should be
   */
  public static kmsV2(options: KmsV2Options): SecretsEncryption {
    checkProps(options, KMS, { at: AT });
    return new SecretsEncryption({ keys: [{ provider: 'kms', kms: checkKms(options) }], ...common(options) });
  }

  private static local(provider: LocalKey['provider'], options: LocalKeyOptions): SecretsEncryption {
    checkProps(options, LOCAL, { at: AT });
    const number = checkWholeNumber(options.keyNumber ?? 1, 1, 9999, { at: AT, property: 'keyNumber', fix: 'Leave it out for the first key.' });
    return new SecretsEncryption({ keys: [{ provider, number }], ...common(options) });
  }

  private readonly state: State;

  private constructor(state: State) {
    this.state = state;
    markAs('SecretsEncryption', this);
    lock(this);
  }

  /** What is encrypted, sorted. */
  public get resources(): string[] {
    return [...this.state.resources];
  }

  /** What can be read with, by name, for instance `secretbox-k1` or `kms-vault`; the first writes, `identity` is plain text. */
  public get keyNames(): string[] {
    return [...this.state.keys.map(nameOf), ...(this.state.plaintextReadable ? ['identity'] : [])];
  }

  /**
   * The next step in the replacement of the key on the nodes: `ADD_NEW`, `USE_NEW`, `REMOVE_OLD`, in that order. Apply each on every
   * control-plane node before the next; rewrite all objects between `USE_NEW` and `REMOVE_OLD`.
   * @returns the statement after it; this one stays as it is
   * @throws if the step is not the next one, or a new key is wanted where a key-management service has it
   */
  public rotate(step: KeyRotation): SecretsEncryption {
    const { keys } = this.state;
    if (!Object.values(KeyRotation).includes(step)) {
      throw invalid({
        at: AT, property: 'step', got: step, allowed: Object.values(KeyRotation).map(wordOf).join(', '), fix: `The next is rotate(${wordOf(this.nextStep())}).`,
      });
    }
    const next = this.nextStep();
    if (step !== next) {
      throw invalid({
        at: AT, property: 'step', got: wordOf(step), allowed: `${wordOf(next)}, with ${this.keyNames.join(', ')} so far`,
        fix: 'Take one step after the other, each on every control-plane node: an API server that lacks a key can\'t read what another wrote.',
      });
    }
    if (step === KeyRotation.ADD_NEW) {
      return this.adding(this.newKey());
    }
    return step === KeyRotation.USE_NEW
      ? new SecretsEncryption({ ...this.state, keys: [...keys].reverse(), step })
      : new SecretsEncryption({ ...this.state, keys: keys.slice(0, 1), step: undefined });
  }

  /**
   * The first step in the replacement by another kind of encryption, such as `kmsV2`: it can be read with. `rotate` takes the two that follow.
   * @param next with the same resources
   * @throws if a rotation is under way, on either side, or resources differ
   */
  public replaceBy(next: SecretsEncryption): SecretsEncryption {
    const { state } = checkMadeBy('SecretsEncryption', next, { at: AT, property: 'next', fix: 'Make one, for instance by SecretsEncryption.kmsV2({ … }).' });
    if (this.state.step !== undefined || state.step !== undefined) {
      throw invalid({
        at: AT, property: 'next', got: next.keyNames.join(', '), allowed: 'nothing while a rotation is under way', fix: 'Finish it first: rotate(KeyRotation.REMOVE_OLD) is its last step.',
      });
    }
    if (next.resources.join() !== this.resources.join()) {
      throw invalid({ at: AT, property: 'next', got: next.resources, allowed: `the same resources: ${this.resources.join(', ')}`, fix: 'Change them before or after it.' });
    }
    const [key] = state.keys;
    if (nameOf(key) === nameOf(this.state.keys[0])) {
      throw invalid({ at: AT, property: 'next', got: nameOf(key), allowed: 'a key or a service of another name', fix: 'Use rotate for a new key, or give the other service a name of its own.' });
    }
    return this.adding(key);
  }

  /** The API server's file with a placeholder, `@secretbox-k1@`, in the place of each key. */
  public toTemplate(): string {
    const header = [
      '# Encryption of objects in etcd. The keys are filled in on the node, by secrets-encryption.',
      `# keys: ${this.keyNames.join(' ')}`,
      `# resources: ${this.resources.join(' ')}`,
    ];
    const configuration = {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'EncryptionConfiguration',
      resources: [{ resources: this.resources, providers: this.providers() }],
    };
    return `${header.join('\n')}\n${Yaml.stringify(configuration)}`;
  }

  /**
   * The key-management services that are used.
   * @internal
   */
  public get _kms(): Kms[] {
    return this.state.keys.flatMap((key) => (key.provider === 'kms' ? [key.kms] : []));
  }

  private nextStep(): KeyRotation {
    switch (this.state.step) {
      case KeyRotation.ADD_NEW: return KeyRotation.USE_NEW;
      case KeyRotation.USE_NEW: return KeyRotation.REMOVE_OLD;
      default: return KeyRotation.ADD_NEW;
    }
  }

  private newKey(): Key {
    const [key] = this.state.keys;
    if (key.provider === 'kms') {
      throw invalid({
        at: AT, property: 'step', got: wordOf(KeyRotation.ADD_NEW), allowed: 'no new key: the service behind the plugin has it',
        fix: 'Rotate the key there, then rewrite the objects. Use replaceBy for another service.',
      });
    }
    return { provider: key.provider, number: key.number + 1 };
  }

  private adding(key: Key): SecretsEncryption {
    return new SecretsEncryption({ ...this.state, keys: [...this.state.keys, key], step: KeyRotation.ADD_NEW });
  }

  /** One provider an element: with two in one, an API server prints the key in its error. */
  private providers(): object[] {
    const providers: Record<string, unknown>[] = [];
    for (const key of this.state.keys) {
      const before = providers.at(-1)?.[key.provider] as { keys: object[] } | undefined;
      if (key.provider === 'kms') {
        const { name, endpoint, timeoutSeconds } = key.kms;
        providers.push({ kms: { apiVersion: 'v2', name, endpoint, timeout: `${timeoutSeconds}s` } });
      } else if (before) {
        before.keys.push(placeholder(key));
      } else {
        providers.push({ [key.provider]: { keys: [placeholder(key)] } });
      }
    }
    return [...providers, ...(this.state.plaintextReadable ? [{ identity: {} }] : [])];
  }
}

/** As a program says it. */
function wordOf(step: KeyRotation): string {
  return `KeyRotation.${Object.entries(KeyRotation).find(([, value]) => value === step)![0]}`;
}

function placeholder(key: LocalKey): object {
  return { name: `k${key.number}`, secret: `@${nameOf(key)}@` };
}

function nameOf(key: Key): string {
  return key.provider === 'kms' ? `kms-${key.kms.name}` : `${key.provider}-k${key.number}`;
}

function common(options: SecretsEncryptionOptions): Pick<State, 'resources' | 'plaintextReadable'> {
  const plaintextReadable: unknown = options.plaintextReadable ?? false;
  if (typeof plaintextReadable !== 'boolean') {
    throw invalid({ at: AT, property: 'plaintextReadable', got: plaintextReadable, allowed: 'true or false', fix: 'Leave it out unless objects are stored in plain text.' });
  }
  return { resources: checkEncryptedResources(options.resources), plaintextReadable };
}
