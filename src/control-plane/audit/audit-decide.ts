import { AuditDecision, AuditRecordStage } from './audit-decision';
import { ruleMatches } from './audit-match';
import { AuditRequest } from './audit-request';
import { AuditLevel, AuditRule, AuditStage } from './audit-rule';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';

const AT = 'AuditPolicy';
const REQUEST: KnownProps<AuditRequest> = {
  user: true, groups: true, verb: true, path: true, group: true, resource: true, subresource: true, name: true, namespace: true,
};
const LASTING_VERBS = ['watch', 'proxy'];
const LASTING_SUBRESOURCES = ['attach', 'exec', 'log', 'portforward', 'proxy'];

/** What a policy's rules, the last of which matches everything, make of a request. */
export function decide(rules: readonly AuditRule[], omitted: readonly AuditStage[], request: AuditRequest): AuditDecision {
  checkRequest(request);
  const ruleIndex = rules.findIndex((rule) => ruleMatches(rule, request));
  const { level, omitStages = [] } = rules[ruleIndex];
  const silent = new Set<string>([...omitted, ...omitStages]);
  return { ruleIndex, level, stages: level === AuditLevel.NONE ? [] : stagesOf(request).filter((stage) => !silent.has(stage)) };
}

function stagesOf(request: AuditRequest): AuditRecordStage[] {
  const { REQUEST_RECEIVED, RESPONSE_STARTED, RESPONSE_COMPLETE } = AuditRecordStage;
  if (request.user === undefined) {
    return [RESPONSE_STARTED];
  }
  return lasts(request) ? [REQUEST_RECEIVED, RESPONSE_STARTED, RESPONSE_COMPLETE] : [REQUEST_RECEIVED, RESPONSE_COMPLETE];
}

/** What kube-apiserver takes for a long-running request. */
function lasts({ verb, path, subresource }: AuditRequest): boolean {
  return LASTING_VERBS.includes(verb) || (path === undefined ? LASTING_SUBRESOURCES.includes(subresource ?? '') : path.startsWith('/debug/pprof/'));
}

function checkRequest(request: AuditRequest): void {
  checkProps(request, REQUEST, { at: AT, property: 'request', fix: 'Correct the name: the answer would be about another request.' });
  const { group, resource, subresource, name, namespace, path } = request;
  const ofResource = [group, resource, subresource, name, namespace].some((value) => value !== undefined);
  if (path === undefined ? !resource : ofResource) {
    throw invalid({
      at: AT, property: 'request', got: request, allowed: 'either a path, or a resource with what belongs to it', fix: 'Give path or resource: a request is for one of the two.',
    });
  }
}
