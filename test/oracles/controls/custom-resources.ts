import * as fc from 'fast-check';
import { judgedAsPodsOnly } from '../../../src/controls/admission/validating-policy';
import { ResourceKind } from '../../../src/controls/applies-to';
import { PodTemplateLocation } from '../../../src/controls/subject';
import { CUSTOM_TEMPLATES } from '../../../src/controls/template-kinds';
import { GENERATED_NAMESPACE, GeneratedObject, GeneratorOptions } from '../../support/generated-objects/options';
import { podTemplateArbitrary } from '../../support/generated-objects/workloads';

/** Kinds of custom resources with one pod template, at a place that a policy can look into. */
export const CUSTOM_WORKLOADS = CUSTOM_TEMPLATES.filter((location) => !judgedAsPodsOnly(CUSTOM_TEMPLATES).includes(location));

/** Such an object. Its definition says nothing of its fields, so that the API server neither checks nor completes them. */
export function customWorkloadArbitrary(options: GeneratorOptions): fc.Arbitrary<GeneratedObject> {
  return fc.record({ location: fc.constantFrom(...CUSTOM_WORKLOADS), template: podTemplateArbitrary(options) }).map(({ location, template }) => (
    embedding(template, location, options.namespace ?? GENERATED_NAMESPACE)
  ));
}

/** One that embeds a Pod. */
export function customWorkload({ metadata: { namespace, name: _name, ...metadata }, spec }: GeneratedObject): GeneratedObject {
  return embedding({ metadata, spec }, CUSTOM_WORKLOADS[0], namespace);
}

function embedding(template: object, { group, versions, kind, templates }: PodTemplateLocation, namespace: string): GeneratedObject {
  return {
    apiVersion: `${group}/${versions[0]}`,
    kind,
    metadata: { name: 'app', namespace },
    ...[...templates[0]].reverse().reduce<object>((below, step) => ({ [step]: below }), template),
  };
}

/** The definition of a kind with a template. */
export function definitionOfWorkload({ group, versions, kind, resource }: PodTemplateLocation): object {
  return definitionOf({ group, version: versions[0], kind, resource });
}

/** A definition of a kind that takes whatever it is given. */
export function definitionOf({ group, version, kind, resource }: ResourceKind): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${resource}.${group}`,
      // Groups of Kubernetes itself need the word of a reviewer.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests only' },
    },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural: resource, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  };
}
