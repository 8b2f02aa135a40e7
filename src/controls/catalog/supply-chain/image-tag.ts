import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { BY_DIGEST } from '../images';

export const control = new Control({
  id: 'image-tag',
  title: 'Images have a tag other than latest, or a digest',
  severity: Severity.MEDIUM,
  layer: ControlLayer.SUPPLY_CHAIN,
  rationale: 'What latest, or no tag at all, stands for changes without anyone\'s doing: two pods of one workload may run different programs, and none can be rolled back.',
  remediation: 'Name the version that was tested, best by its digest.',
  requirement: Requirement.eachContainer(Requirement.anyOf(
    Requirement.matches('image', BY_DIGEST),
    Requirement.allOf(Requirement.matches('image', '^[^@]*:[^/:@]+$'), Requirement.negation(Requirement.matches('image', ':latest$'))),
  ).describedAs('an image with a tag other than latest, or by digest')).notFixable('Which version was tested has to be known.'),
  references: [Reference.cis('5.5.1'), Reference.nsa('Building secure container images')],
  example: { path: 'spec.containers[0].image', value: 'registry.example.com/app:latest' },
});
