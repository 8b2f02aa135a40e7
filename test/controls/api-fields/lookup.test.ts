import * as fc from 'fast-check';
import { FieldType } from '../../../src/controls/api-fields/field-type';
import { checkPath, fieldsOf, fieldType, knownKinds } from '../../../src/controls/api-fields/lookup';

const steps = (text: string) => text === '' ? [] : text.split('.');

describe('a path that the API has', () => {
  test.each<[string, string, FieldType]>([
    ['Pod', '', { kind: 'object', type: 'Pod' }],
    ['Pod', 'spec.hostNetwork', { kind: 'boolean' }],
    ['PodTemplateSpec', 'spec', { kind: 'object', type: 'PodSpec' }],
    ['PodTemplateSpec', 'metadata.annotations', { kind: 'map', of: { kind: 'string' } }],
    ['PodTemplateSpec', 'metadata.annotations.{}', { kind: 'string' }],
    ['PodTemplateSpec', 'spec.containers', { kind: 'array', of: { kind: 'object', type: 'Container' } }],
    ['PodTemplateSpec', 'spec.containers.[].securityContext.privileged', { kind: 'boolean' }],
    ['PodTemplateSpec', 'spec.ephemeralContainers.[].securityContext.capabilities.add.[]', { kind: 'string' }],
    ['PodTemplateSpec', 'spec.containers.[].ports.[].hostPort', { kind: 'integer' }],
    ['PodTemplateSpec', 'spec.volumes.[].ephemeral.volumeClaimTemplate.spec.storageClassName', { kind: 'string' }],
    ['CronJob', 'spec.jobTemplate.spec.template.spec.containers.[].image', { kind: 'string' }],
    ['Secret', 'data', { kind: 'map', of: { kind: 'string' } }],
    ['Role', 'rules.[].verbs.[]', { kind: 'string' }],
    ['Ingress', 'spec.tls.[].hosts.[]', { kind: 'string' }],
    ['ValidatingWebhookConfiguration', 'webhooks.[].failurePolicy', { kind: 'string' }],
  ])('%s %s is known by its type', (kind, path, type) => {
    expect(fieldType(kind, steps(path))).toEqual(type);
    expect(checkPath(kind, steps(path))).toBeUndefined();
  });

  test('the keys of a map are free', () => {
    expect(fieldType('Namespace', ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'])).toEqual({ kind: 'string' });
  });

  test.each([
    ['PodTemplateSpec', 'spec.containers.[].livenessProbe.httpGet.port'],
    ['Service', 'spec.ports.[].targetPort'],
    ['Deployment', 'spec.strategy.rollingUpdate.maxSurge'],
    ['PodDisruptionBudget', 'spec.minAvailable'],
  ])('%s %s holds an integer or a string', (kind, path) => {
    expect(fieldType(kind, steps(path))).toEqual({ kind: 'intOrString' });
  });

  test.each([
    ['PodTemplateSpec', 'spec.containers.[].resources.limits.memory'],
    ['PodTemplateSpec', 'spec.volumes.[].emptyDir.sizeLimit'],
    ['ResourceQuota', 'spec.hard.{}'],
    ['LimitRange', 'spec.limits.[].default.{}'],
    ['PersistentVolumeClaim', 'spec.resources.requests.storage'],
  ])('%s %s holds a quantity', (kind, path) => {
    expect(fieldType(kind, steps(path))).toEqual({ kind: 'quantity' });
  });

  test('a type stands for itself, for paths that begin at a container or a security context', () => {
    expect(fieldType('Container', ['securityContext', 'runAsUser'])).toEqual({ kind: 'integer' });
    expect(checkPath('SecurityContext', ['runAsUsr'])).toBe('runAsUsr: SecurityContext has no field "runAsUsr". Did you mean "runAsUser"?');
  });

  test('what has no schema may hold anything', () => {
    expect(fieldType('Pod', steps('metadata.managedFields.[].fieldsV1.f:spec.x'))).toEqual({ kind: 'any' });
    expect(fieldType('CustomResourceDefinition', steps('spec.versions.[].schema.openAPIV3Schema.properties'))).toEqual({ kind: 'any' });
  });
});

describe('the minor that a field appeared in', () => {
  test.each<[string, string, number | undefined]>([
    ['PodTemplateSpec', 'spec.hostUsers', undefined],
    ['PodTemplateSpec', 'spec.containers.[].securityContext.procMount', undefined],
    ['PodTemplateSpec', 'spec.securityContext.seccompProfile.type', undefined],
    ['PodTemplateSpec', 'spec.containers.[].lifecycle.preStop.sleep', 29],
    ['PodTemplateSpec', 'spec.securityContext.appArmorProfile', 30],
    ['PodTemplateSpec', 'spec.initContainers.[].securityContext.appArmorProfile', 30],
    ['PodTemplateSpec', 'spec.containers.[].volumeMounts.[].recursiveReadOnly', 30],
    ['Service', 'spec.trafficDistribution', 30],
    ['PodTemplateSpec', 'spec.securityContext.supplementalGroupsPolicy', 31],
    ['PodTemplateSpec', 'spec.volumes.[].image', 31],
    ['PodTemplateSpec', 'spec.securityContext.seLinuxChangePolicy', 32],
    ['PodTemplateSpec', 'spec.resources', 32],
    ['PodTemplateSpec', 'spec.containers.[].lifecycle.stopSignal', 33],
    ['PodTemplateSpec', 'spec.hostnameOverride', 34],
    ['PodTemplateSpec', 'spec.containers.[].restartPolicyRules', 34],
  ])('%s %s: %s', (kind, path, since) => {
    expect(fieldType(kind, steps(path))).toBeDefined();
    expect(fieldType(kind, steps(path))!.since).toBe(since);
  });

  test('holds for everything below it', () => {
    expect(fieldType('Pod', steps('spec.securityContext.appArmorProfile.type'))).toEqual({ kind: 'string', since: 30 });
    expect(fieldType('Pod', steps('spec.resources.limits.cpu'))).toEqual({ kind: 'quantity', since: 32 });
  });

  test('of a kind holds for its fields', () => {
    expect(fieldType('ValidatingAdmissionPolicy', ['spec', 'failurePolicy'])!.since).toBe(30);
    expect(fieldType('MutatingAdmissionPolicy', ['metadata', 'name'])!.since).toBe(36);
  });

  test('is none where only the type of a field got another name', () => {
    expect(fieldType('PersistentVolumeClaim', steps('spec.resources.requests'))!.since).toBeUndefined();
  });
});

describe('a path that the API does not have', () => {
  test.each([
    ['Pod', 'spec.hostNetwrok', 'spec.hostNetwrok: PodSpec has no field "hostNetwrok". Did you mean "hostNetwork"?'],
    ['PodTemplateSpec', 'spec.containers.[].securityContext.runAsNonroot',
      'spec.containers[].securityContext.runAsNonroot: SecurityContext has no field "runAsNonroot". Did you mean "runAsNonRoot"?'],
    ['PodTemplateSpec', 'spec.container', 'spec.container: PodSpec has no field "container". Did you mean "containers"?'],
    ['Deployment', 'specs.replicas', 'specs: Deployment has no field "specs". Did you mean "spec"?'],
    ['PodTemplateSpec', 'spec.containers.[].readOnlyRootFilesystem.x', 'spec.containers[].readOnlyRootFilesystem: Container has no field "readOnlyRootFilesystem".'],
    ['Namespace', 'spec.privileged', 'spec.privileged: NamespaceSpec has no field "privileged". Its fields: finalizers.'],
    ['PodTemplateSpec', 'spec.containers.image', 'spec.containers.image: spec.containers is an array of Container: write "[]" before "image".'],
    ['PodTemplateSpec', 'spec.securityContext.[].runAsUser', 'spec.securityContext[]: spec.securityContext is an object (PodSecurityContext), no list.'],
    ['PodTemplateSpec', 'spec.{}', 'spec{}: spec is an object (PodSpec), no map.'],
    ['PodTemplateSpec', 'metadata.labels.[]', 'metadata.labels[]: metadata.labels is a map of string values: it has keys, no elements.'],
    ['PodTemplateSpec', 'spec.hostPID.enabled', 'spec.hostPID.enabled: spec.hostPID is a boolean: it has no field "enabled".'],
    ['PodTemplateSpec', 'spec.hostPID.[]', 'spec.hostPID[]: spec.hostPID is a boolean: it has no elements.'],
    ['Service', 'spec.ports.[].targetPort.name', 'spec.ports[].targetPort.name: spec.ports[].targetPort is an integer or a string: it has no field "name".'],
    ['Pod', '[]', '[]: Pod is an object (Pod), no list.'],
    ['Pod', 'status.phase', 'status: the status of Pod is left out: it is what the cluster reports, not what a person states.'],
    ['Pod', 'spec..hostPID', 'spec[""]: a path has field names, keys, "[]" and "{}" only, none of them empty.'],
    ['Pod', 'constructor', 'constructor: Pod has no field "constructor". Its fields: apiVersion, kind, metadata, spec.'],
    ['Pod', '__proto__.x', '__proto__: Pod has no field "__proto__". Its fields: apiVersion, kind, metadata, spec.'],
    ['Deploment', 'spec', 'Deploment: the table of API fields has no such kind. Did you mean "Deployment"?'],
    ['Rollout', 'spec', 'Rollout: the table of API fields has no such kind.'],
    ['', 'spec', ': the table of API fields has no such kind.'],
  ])('%s %s is refused with the place and the likely name', (kind, path, problem) => {
    expect(checkPath(kind, path.split('.'))).toBe(problem);
    expect(fieldType(kind, path.split('.'))).toBeUndefined();
  });

  test('a step that is no text is refused', () => {
    expect(checkPath('Pod', ['spec', 'containers', 0 as unknown as string])).toBe('spec.containers[0]: a path has field names, keys, "[]" and "{}" only, none of them empty.');
  });

  test('a field that newer versions have dropped is refused', () => {
    expect(checkPath('PodTemplateSpec', steps('spec.resourceClaims.[].source'))).toContain('PodResourceClaim has no field "source".');
  });

  test.each(['PodSpec', 'Container', 'SecurityContext', 'PodSecurityContext', 'Volume', 'ServiceSpec', 'PolicyRule', 'NetworkPolicySpec'])(
    'two swapped letters in a field of %s are told from the right one', (type) => {
      const swapped = (name: string, at: number) => name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2);
      const typos = [...fieldsOf(type)!.keys()].filter((name) => name.length > 3).flatMap((name) => [...name.slice(1)]
        .map((_, at) => ({ name, typo: swapped(name, at) })).filter(({ typo }) => typo !== name));
      expect(typos.length).toBeGreaterThan(20);
      expect(typos.map(({ typo }) => checkPath(type, [typo])))
        .toEqual(typos.map(({ name, typo }) => `${typo}: ${type} has no field "${typo}". Did you mean "${name}"?`));
    });

  test('whatever the steps: there is a type or a problem, never both, and never an exception', () => {
    const step = fc.oneof(fc.constantFrom('spec', 'metadata', 'containers', '[]', '{}', 'labels', 'securityContext', 'rules'), fc.string());
    fc.assert(fc.property(fc.constantFrom(...knownKinds(), 'Nope'), fc.array(step, { maxLength: 6 }), (kind, path) => {
      expect(fieldType(kind, path) === undefined).toBe(checkPath(kind, path) !== undefined);
    }), { numRuns: 500 });
  });
});

describe('what the table knows', () => {
  test('all kinds that have a pod template, and that template by itself', () => {
    expect(knownKinds()).toEqual(expect.arrayContaining([
      'CronJob', 'DaemonSet', 'Deployment', 'Job', 'Pod', 'PodTemplate', 'PodTemplateSpec', 'ReplicaSet', 'ReplicationController', 'StatefulSet',
    ]));
    expect(knownKinds()).toHaveLength(42);
    expect(knownKinds()).toEqual([...knownKinds()].sort());
  });

  test('the fields of a type, in order', () => {
    expect([...fieldsOf('Capabilities')!]).toEqual([
      ['add', { kind: 'array', of: { kind: 'string' } }],
      ['drop', { kind: 'array', of: { kind: 'string' } }],
    ]);
    expect([...fieldsOf('Volume')!.keys()]).toEqual(expect.arrayContaining(['emptyDir', 'hostPath', 'image', 'projected']));
    expect(fieldsOf('Volum')).toBeUndefined();
  });

  test('no kind has a status', () => {
    const withStatus = knownKinds().filter((kind) => fieldType(kind, ['status']) !== undefined);
    expect(withStatus).toEqual([]);
    expect(fieldType('CustomResourceDefinition', steps('spec.versions.[].subresources.status'))).toBeDefined();
  });
});
