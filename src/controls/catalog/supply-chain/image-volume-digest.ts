import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';
import { BY_DIGEST } from '../images';

export const control = new Control({
  id: 'image-volume-digest',
  title: 'Image volumes are named by digest',
  severity: Severity.MEDIUM,
  layer: ControlLayer.SUPPLY_CHAIN,
  rationale: 'What an image volume mounts is code or data of the program; under a tag it can be exchanged like the program\'s own image.',
  remediation: 'Add the digest that the registry names for the tag you tested.',
  requirement: Requirement.each('spec.volumes', Requirement.matches('image.reference', BY_DIGEST, { orAbsent: true }))
    .describedAs('an image by digest, name@sha256:…')
    .notFixable('Only the registry knows the digest.'),
  references: [Reference.cis('5.5.1'), Reference.nsa('Building secure container images')],
  example: {
    compliant: basePodWith({
      'spec.volumes[1]': { name: 'model', image: { reference: `registry.example.com/model@sha256:${'0'.repeat(64)}` } },
    }),
    path: 'spec.volumes[1].image.reference',
    value: 'registry.example.com/model:3',
  },
});
