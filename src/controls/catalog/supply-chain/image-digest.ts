import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { BY_DIGEST } from '../images';

export const control = new Control({
  id: 'image-digest',
  title: 'Images are named by digest',
  severity: Severity.MEDIUM,
  layer: ControlLayer.SUPPLY_CHAIN,
  rationale: 'A tag can be moved to other content after it was reviewed: whoever gets into the registry, or the build, gets into the cluster with the next pod.',
  remediation: 'Add the digest that the registry names for the tag you tested: name:tag@sha256:….',
  requirement: Requirement.eachContainer(Requirement.matches('image', BY_DIGEST).describedAs('an image by digest, name@sha256:…'))
    .notFixable('Only the registry knows the digest.'),
  references: [Reference.cis('5.5.1'), Reference.nsa('Building secure container images'), Reference.mitre('T1525')],
  supersedes: ['image-tag'],
  example: { path: 'spec.containers[0].image', value: 'registry.example.com/app:1.4.2' },
});
