import { randomUUID } from 'crypto';
import { setTimeout as sleep } from 'timers/promises';
import { API_SERVER_PROGRAMS, ApiServer, ApiServerOptions, Daemon, freePort } from './api-server';
import { DryRun, titleOf, verdictOf } from './dry-run';
import { collectionPath } from './kubectl';
import { ProgramName } from './programs';

export type { DryRun, PodSecurityVerdict, PolicyVerdict } from './dry-run';

/** The first is what KUBEBUILDER_ASSETS replaces. */
export const POLICY_SERVER_VERSIONS = ['1.37', '1.33'] as const;

export type PolicyServerVersion = typeof POLICY_SERVER_VERSIONS[number];

/**
 * The type check writes to each policy, so that the server compiles it anew. Where several have variables, 1.33 crashes if it evaluates one meanwhile;
 * 1.37 doesn't.
 */
const SAFE_SINCE = 37;

/** MutatingAdmissionPolicy is v1 from here on. */
export const MUTATING_POLICIES_SINCE = 36;

export interface PolicyServerOptions extends Pick<ApiServerOptions, 'flags'> {
  /** @default 1.37 */
  readonly version?: PolicyServerVersion;
  /** Controllers that run beside those for the status of policies and for `default` service accounts, for instance `namespace-controller`. */
  readonly controllers?: readonly string[];
}

/** What `PolicyServer` needs, for `describeWith`. */
export function policyServerPrograms(version: PolicyServerVersion): ProgramName[] {
  const others = API_SERVER_PROGRAMS.filter(name => name !== 'kube-apiserver');
  return [...others, program('kube-apiserver', version), program('kube-controller-manager', version)];
}

/**
 * An `ApiServer` beside the part of a controller manager that admission policies need, and quick ways to ask what they decide.
 *
 * A policy acts one to two seconds after it was created: call `settle` once all are applied. Objects are as for kubectl; a namespaced one
 * without a namespace is in `default`. Requests share 16 connections, so thousands may be started at once.
 *
 * The server drops warnings whose message holds a control character, and cuts those of one request at 4,096 characters in all: dry runs throw
 * where that may have happened, so bind with Warn only as many policies at a time as fit (some 30).
 */
export class PolicyServer extends ApiServer {
  static async start(options: PolicyServerOptions = {}): Promise<PolicyServer> {
    return new PolicyServer(await freePort(), options).started({
      program: program('kube-apiserver', options.version ?? POLICY_SERVER_VERSIONS[0]), flags: options.flags,
    });
  }

  private readonly paths = new Map<string, string>();
  private controllerManager?: Daemon;
  private runningMinor = 0;

  private constructor(port: number, private readonly policyOptions: PolicyServerOptions) {
    super(port);
  }

  /** 37 for Kubernetes 1.37: that of the running server, which may come from KUBEBUILDER_ASSETS. */
  get minor(): number {
    return this.runningMinor;
  }

  /**
   * Applies objects server-side, with strict validation of their fields: namespaces and definitions of kinds first, then service accounts, then
   * all others at once.
   *
   * @returns the objects as stored, in the order in which they came
   * @throws Error with the server's words, for the first of a group that is refused
   */
  async apply(objects: readonly unknown[]): Promise<any[]> {
    const stored = new Map<unknown, any>();
    for (const stage of [0, 1, 2]) {
      const staged = objects.filter(object => stageOf(object) === stage);
      const results = await Promise.allSettled(staged.map(async object => stored.set(object, await this.applyOne(object))));
      const refusal = results.find(result => result.status === 'rejected');
      if (refusal) {
        throw refusal.reason;
      }
    }
    return objects.map(object => stored.get(object));
  }

  /** Deletes objects that may be absent. Namespaces stay, being deleted, unless `namespace-controller` runs. */
  async remove(objects: readonly unknown[]): Promise<void> {
    await Promise.all(objects.map(async object => {
      const { status, body } = await this.request('DELETE', `${await this.pathOf(object)}/${nameOf(object)}`);
      if (status >= 300 && status !== 404) {
        throw new Error(`${titleOf(object)} could not be deleted: ${status} ${body.message ?? body}`);
      }
    }));
  }

  /** A namespace with its ServiceAccount `default`, without which no pod can be created. */
  async namespace(name: string, labels: Record<string, string> = {}): Promise<void> {
    await this.apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
    ]);
  }

  /** Resolves once all policies and bindings that were applied before act, and those that were removed no longer do. Takes 1 to 3 seconds. */
  async settle(): Promise<void> {
    if (this.minor < SAFE_SINCE) {
      await this.allTypeWarnings();
    }
    // The server reads all bindings, then each policy, now and then: a reading that knows the sentinel may have missed a policy that arrived
    // while it went on. The reading that knows a second sentinel began after that.
    await this.sentinelActs();
    await this.sentinelActs();
  }

  /** Resolves with the refusal once a policy or Pod Security refuses to create the object. */
  async waitUntilDenied(object: unknown): Promise<DryRun> {
    let last: DryRun | undefined;
    await this.until(() => `${titleOf(object)} is still not denied: ${JSON.stringify(last, ['status', 'message', 'warnings'])}`, async () => {
      last = await this.dryRun(object);
      return !last.allowed && !last.unjudged;
    });
    return last!;
  }

  /**
   * What the type check says about a ValidatingAdmissionPolicy, once it has looked at its present generation:
   * `spec.validations[0].expression: /v1, Kind=Pod: ERROR: …`. Empty if all is well.
   */
  async typeWarnings(policyName: string): Promise<string[]> {
    const path = `${VALIDATING_POLICIES}/${policyName}`;
    let warnings: string[] = [];
    await this.until(() => `${path} has not been type-checked`, async () => {
      const { status, body } = await this.request('GET', path);
      if (status !== 200) {
        throw new Error(`${path}: ${status} ${body.message ?? body}`);
      }
      warnings = typeWarningsOf(body);
      return isTypeChecked(body);
    });
    return warnings;
  }

  /** `typeWarnings` of every ValidatingAdmissionPolicy, by name. */
  async allTypeWarnings(): Promise<Record<string, string[]>> {
    let policies: any[] = [];
    await this.until(() => `not type-checked: ${policies.filter(policy => !isTypeChecked(policy)).map(nameOf).join(', ')}`, async () => {
      policies = (await this.request('GET', VALIDATING_POLICIES)).body.items;
      return policies.every(isTypeChecked);
    });
    return Object.fromEntries(policies.map(policy => [nameOf(policy), typeWarningsOf(policy)]));
  }

  /** Creates the object, or rather doesn't. */
  async dryRun(object: unknown): Promise<DryRun> {
    return verdictOf(object, await this.request('POST', `${await this.pathOf(object)}?${DRY_RUN}`, { body: object }));
  }

  /**
   * Replaces an object that exists by this one.
   *
   * @param subresource such as `resize` and `ephemeralcontainers` of a pod, which take a whole pod
   */
  async dryRunUpdate(object: unknown, subresource?: string): Promise<DryRun> {
    return verdictOf(object, await this.request('PUT', await this.updatePath(object, subresource), { body: object }));
  }

  /**
   * Changes an object that exists.
   *
   * @param object of which only kind and name matter
   * @param mergePatch of RFC 7386: lists are replaced
   * @param subresource such as `scale`
   */
  async dryRunPatch(object: unknown, mergePatch: unknown, subresource?: string): Promise<DryRun> {
    const path = await this.updatePath(object, subresource);
    return verdictOf(object, await this.request('PATCH', path, { body: mergePatch, contentType: 'application/merge-patch+json' }));
  }

  protected override async boot(options: ApiServerOptions): Promise<void> {
    await super.boot(options);
    this.runningMinor = Number.parseInt((await this.request('GET', '/version')).body.minor, 10);
    this.controllerManager = this.spawn(program('kube-controller-manager', this.policyOptions.version ?? POLICY_SERVER_VERSIONS[0]), {
      'kubeconfig': this.kubeconfig,
      'controllers': ['validatingadmissionpolicy-status-controller', 'serviceaccount-controller', ...this.policyOptions.controllers ?? []].join(','),
      'leader-elect': 'false',
      'secure-port': '0',
      'kube-api-qps': '1000',
      'kube-api-burst': '1000',
    });
  }

  private async applyOne(object: unknown): Promise<any> {
    const path = `${await this.pathOf(object)}/${nameOf(object)}?fieldManager=oracle&force=true&fieldValidation=Strict`;
    for (let attempt = 1; ; attempt++) {
      const { status, body } = await this.request('PATCH', path, { body: object, contentType: 'application/apply-patch+yaml' });
      if (status < 300) {
        return stageOf(object) === 0 ? this.established(object, body) : body;
      }
      // A controller may create or change the same object at the same time.
      if (status !== 409 || attempt === 5) {
        throw new Error(`${titleOf(object)} was refused: ${status} ${body.message ?? body}`);
      }
    }
  }

  /** A kind can be used some time after its definition was accepted. */
  private async established(object: any, stored: any): Promise<any> {
    if (object.kind !== 'CustomResourceDefinition') {
      return stored;
    }
    const { group, versions, names } = object.spec;
    for (const { name } of versions.filter((version: any) => version.served)) {
      await this.until(() => `${titleOf(object)} is not served`, async () => await collectionPath(this, `${group}/${name}`, names.kind) !== undefined);
    }
    return stored;
  }

  private async updatePath(object: unknown, subresource?: string): Promise<string> {
    return `${await this.pathOf(object)}/${nameOf(object)}${subresource ? `/${subresource}` : ''}?${DRY_RUN}`;
  }

  /** Such as `/apis/apps/v1/namespaces/shop/deployments`. */
  private async pathOf(object: any): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const key = `${apiVersion} ${kind}`;
    const path = this.paths.get(key) ?? await collectionPath(this, apiVersion, kind);
    if (path === undefined) {
      throw new Error(`the API server has no kind ${kind} in ${apiVersion}`);
    }
    this.paths.set(key, path);
    return path.replace('NAMESPACE', metadata?.namespace ?? 'default');
  }

  /** Policies that mark one ConfigMap each are created last; resolves once they act. */
  private async sentinelActs(): Promise<void> {
    const name = `sentinel-${randomUUID()}`;
    const objects = sentinels(name, this.runningMinor >= MUTATING_POLICIES_SINCE);
    const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
    await this.apply(objects.policies);
    await this.apply(objects.bindings);
    await this.until(() => `policies do not act: ${name} is not seen`, async () => {
      const { body, policies } = await this.dryRun(probe);
      const validated = policies.some(({ policy }) => policy === name);
      return validated && (objects.policies.length === 1 || body.metadata?.annotations?.[SENTINEL_ANNOTATION] !== undefined);
    });
    await this.remove([...objects.bindings, ...objects.policies]);
  }

  private async until(complaint: () => string, probe: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + WAIT_TIMEOUT_MS;
    while (!await probe()) {
      if (this.controllerManager?.running === false || Date.now() > deadline) {
        const reason = this.controllerManager?.running ? `after ${WAIT_TIMEOUT_MS / 1000} s` : 'and the controller manager ended';
        throw new Error([`${complaint()} ${reason}`, this.controllerManager?.lastLines()].join('\n'));
      }
      await sleep(50);
    }
  }
}

const WAIT_TIMEOUT_MS = 30_000;
const DRY_RUN = 'dryRun=All&fieldValidation=Strict';
const VALIDATING_POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const SENTINEL_ANNOTATION = 'oracle.example/sentinel';

/** The newest version has the plain name. */
function program(name: 'kube-apiserver' | 'kube-controller-manager', version: PolicyServerVersion): ProgramName {
  return version === '1.37' ? name : `${name}@${version}`;
}

function stageOf(object: any): number {
  switch (object.kind) {
    case 'Namespace': case 'CustomResourceDefinition': return 0;
    case 'ServiceAccount': return 1;
    default: return 2;
  }
}

function nameOf(object: any): string {
  return object.metadata.name;
}

function isTypeChecked({ metadata, status }: any): boolean {
  return status?.observedGeneration === metadata.generation;
}

function typeWarningsOf({ status }: any): string[] {
  return (status?.typeChecking?.expressionWarnings ?? []).map(({ fieldRef, warning }: any) => `${fieldRef}: ${warning}`);
}

function sentinels(name: string, mutating: boolean): { policies: unknown[]; bindings: unknown[] } {
  const admission = (kind: string, spec: object) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, spec });
  const scope = {
    failurePolicy: 'Ignore',
    matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }] },
    matchConditions: [{ name: 'probe', expression: `object.metadata.name == '${name}'` }],
  };
  const annotation = `Object{metadata: Object.metadata{annotations: {'${SENTINEL_ANNOTATION}': ''}}}`;
  return {
    policies: [
      admission('ValidatingAdmissionPolicy', { ...scope, validations: [{ expression: 'false', message: 'seen' }] }),
      ...(mutating ? [admission('MutatingAdmissionPolicy', {
        ...scope, reinvocationPolicy: 'Never', mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: annotation } }],
      })] : []),
    ],
    bindings: [
      admission('ValidatingAdmissionPolicyBinding', { policyName: name, validationActions: ['Warn'] }),
      ...(mutating ? [admission('MutatingAdmissionPolicyBinding', { policyName: name })] : []),
    ],
  };
}
