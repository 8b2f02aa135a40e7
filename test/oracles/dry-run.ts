import { Response } from './api-server';

/** What one policy says about one object. */
export interface PolicyVerdict {
  readonly policy: string;
  readonly binding: string;
  readonly action: 'deny' | 'warn';
  readonly message: string;
}

/** What Pod Security admission says about one object. */
export interface PodSecurityVerdict {
  /** `restricted:latest` */
  readonly level: string;
  readonly action: 'deny' | 'warn';
  readonly message: string;
}

/** The server's answer to a request that it did not carry out. */
export interface DryRun {
  readonly status: number;
  readonly allowed: boolean;
  /**
   * Refused, but neither by a policy nor by Pod Security: the object is invalid, its namespace is full, …
   * Such an object reaches no policy, so the absence of a verdict means nothing.
   */
  readonly unjudged: boolean;
  /** Why it was refused; empty where it's allowed. */
  readonly message: string;
  readonly warnings: string[];
  /**
   * The one policy that refuses, and each that warns. Pod Security comes first: where it refuses, no policy is asked.
   */
  readonly policies: PolicyVerdict[];
  readonly podSecurity: PodSecurityVerdict[];
  /** The object as it would be stored, or the Status that refuses it. */
  readonly body: any;
}

/**
 * What the server's answer to a dry run says about the object.
 *
 * @throws Error if it says nothing about it (no such namespace or kind), or not all
 */
export function verdictOf(object: unknown, { status, body, warnings }: Response): DryRun {
  if (![200, 201, 400, 403, 409, 422].includes(status)) {
    throw new Error(`${titleOf(object)}: ${status} ${body.message ?? body}`);
  }
  if (mayBeCut(warnings)) {
    throw new Error(`${titleOf(object)}: the server may have cut its warnings; bind fewer policies at a time`);
  }
  const allowed = status < 300;
  const message: string = allowed ? '' : body.message ?? String(body);
  const policies = [...policyVerdicts(message, 'deny'), ...warnings.flatMap(text => policyVerdicts(text, 'warn'))];
  const podSecurity = [...podSecurityVerdicts(message, 'deny'), ...warnings.flatMap(text => podSecurityVerdicts(text, 'warn'))];
  const judged = [...policies, ...podSecurity].some(({ action }) => action === 'deny');
  return { status, allowed, unjudged: !allowed && !judged, message, warnings, policies, podSecurity, body };
}

/** Once they exceed 4,096 characters in all, each is cut at 256, and those beyond 4,096 are left out. */
function mayBeCut(warnings: string[]): boolean {
  const lengths = warnings.map(text => [...text].length);
  return Math.max(...lengths, 0) <= 256 && (lengths.includes(256) || lengths.reduce((sum, each) => sum + each, 0) >= 4096);
}

function policyVerdicts(text: string, action: 'deny' | 'warn'): PolicyVerdict[] {
  const [, policy, binding, message] = (action === 'deny'
    ? /ValidatingAdmissionPolicy '(.*?)' with binding '(.*?)' denied request: ([^]*)$/
    : /^Validation failed for ValidatingAdmissionPolicy '(.*?)' with binding '(.*?)': ([^]*)$/).exec(text) ?? [];
  return policy === undefined ? [] : [{ policy, binding, action, message }];
}

function podSecurityVerdicts(text: string, action: 'deny' | 'warn'): PodSecurityVerdict[] {
  const [, level, message] = (action === 'deny' ? /violates PodSecurity "(.*?)": ([^]*)$/ : /^would violate PodSecurity "(.*?)": ([^]*)$/).exec(text) ?? [];
  return level === undefined ? [] : [{ level, action, message }];
}

/** `Pod shop/web` */
export function titleOf(object: any): string {
  const { namespace, name } = object.metadata ?? {};
  return `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
