import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { WITH_REGISTRY } from '../images';

export const control = new Control({
  id: 'image-registry',
  title: 'Images name their registry',
  severity: Severity.LOW,
  layer: ControlLayer.SUPPLY_CHAIN,
  rationale: 'A short name is looked up where the node\'s container runtime is set to look, so that another node, or another setting, runs another image.',
  remediation: 'Write the registry\'s host before the name.',
  requirement: Requirement.eachContainer(Requirement.matches('image', WITH_REGISTRY).describedAs('a name that begins with the registry\'s host, such as registry.example.com/app'))
    .notFixable('Which registry is meant has to be known.'),
  recommended: false,
  example: { path: 'spec.containers[0].image', value: `app@sha256:${'0'.repeat(64)}` },
});
