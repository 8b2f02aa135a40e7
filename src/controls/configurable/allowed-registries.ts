import { invalid } from '../../core/errors';
import { Reference } from '../../core/reference';
import { Severity } from '../../core/severity';
import { basePodWith } from '../catalog/base-pod';
import { Control, ControlLayer } from '../control';
import { Requirement } from '../requirement';

/** A host, with a port and a path below it if need be, as images begin with it. */
const REGISTRY = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*$/;

const DIGEST = `sha256:${'0'.repeat(64)}`;

/** Images come from these registries. */
export function allowedRegistries(registries: string[]): Control {
  const wrong = (Array.isArray(registries) ? registries : [registries]).find((registry) => typeof registry !== 'string' || !isRegistry(registry));
  if (!Array.isArray(registries) || registries.length === 0 || wrong !== undefined) {
    throw invalid({
      at: 'ConfigurableControls.allowedRegistries', property: 'registries', got: wrong === undefined ? registries : wrong,
      allowed: 'hosts of registries, with a path below them if need be: registry.example.com, ghcr.io/acme, localhost:5000',
      fix: 'Write each as images begin with it, without scheme and without a slash at the end; Docker Hub is docker.io.',
    });
  }
  const names = [...new Set(registries)].sort();
  const pattern = `^(${names.map((name) => name.replace(/\./g, '\\.')).join('|')})/`;
  const allowed = names.length === 1 ? `an image from ${names[0]}` : `an image from one of ${names.join(', ')}`;
  return new Control({
    id: 'image-allowed-registries',
    title: 'Images come from registries that are allowed',
    severity: Severity.HIGH,
    layer: ControlLayer.SUPPLY_CHAIN,
    rationale: 'What nobody here has scanned, built or vouched for runs with everything that the pod is given.',
    remediation: `Copy the image to ${names.join(' or ')}, where it is scanned, and name it there.`,
    requirement: Requirement.allOf(
      Requirement.eachContainer(Requirement.matches('image', pattern).describedAs(allowed)),
      Requirement.each('spec.volumes', Requirement.matches('image.reference', pattern, { orAbsent: true }).describedAs(allowed)),
    ).notFixable('The image has to be copied to a registry that is allowed.'),
    references: [Reference.cis('5.5.1'), Reference.nsa('Building secure container images'), Reference.mitre('T1525')],
    supersedes: ['image-registry'],
    example: {
      compliant: basePodWith({ 'spec.containers[0].image': `${names[0]}/app@${DIGEST}` }),
      path: 'spec.containers[0].image',
      value: `registry.invalid/app@${DIGEST}`,
    },
  });
}

/** The first part of an image's name is a registry only if it can't be anything else. */
function isRegistry(text: string): boolean {
  const [host] = text.split('/');
  return REGISTRY.test(text) && (host === 'localhost' || /[.:]/.test(host));
}
