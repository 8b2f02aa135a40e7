import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { clusterRoleWith } from '../example-objects';

export const control = new Control({
  id: 'role-wildcard-urls',
  title: 'Cluster roles name the URLs that they give access to',
  severity: Severity.MEDIUM,
  layer: ControlLayer.RBAC,
  rationale: 'All URLs of the API server are more than its metrics: debugging and profiling pages show what it has in memory.',
  remediation: 'Name the paths, for instance /metrics.',
  requirement: Requirement.each('rules', Requirement.each('nonResourceURLs', Requirement.noneOf('', '*', '/*')))
    .notFixable('Which paths the program asks for has to be known.'),
  appliesTo: AppliesTo.kinds('ClusterRole'),
  references: [Reference.cis('5.1.3'), Reference.nsa('Role-based access control')],
  example: { compliant: clusterRoleWith({ nonResourceURLs: ['/metrics'], verbs: ['get'] }), path: 'rules[0].nonResourceURLs[0]', value: '*' },
});
