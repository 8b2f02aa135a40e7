import { sample, SAMPLES } from './sample-controls';
import { AppliesTo } from '../../../src/controls/applies-to';
import { basePod, Fields } from '../../../src/controls/catalog/base-pod';
import { control as runAsNonRoot } from '../../../src/controls/catalog/pod-security/run-as-non-root';
import { control as windowsHostProcess } from '../../../src/controls/catalog/pod-security/windows-host-process';
import { Control, ControlLayer } from '../../../src/controls/control';
import { ControlSet } from '../../../src/controls/control-set';
import { fixObject, FixOptions } from '../../../src/controls/fix/fix';
import { showChange } from '../../../src/controls/fix/show-change';
import { showPath } from '../../../src/controls/path';
import { Requirement } from '../../../src/controls/requirement';
import { ALL_TEMPLATES } from '../../../src/controls/template-kinds';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Severity } from '../../../src/core/severity';

function fix(object: unknown, controls: readonly Control[], options?: FixOptions) {
  const input = JSON.stringify(object);
  const set = new ControlSet(controls, KubernetesVersion.V1_37, ALL_TEMPLATES);
  const result = fixObject(object, set, options);
  expect(JSON.stringify(object)).toBe(input);
  expect(fixObject(result.object, set, options)).toMatchObject({ object: result.object, changes: [] });
  return {
    ...result,
    object: result.object as any,
    lines: result.changes.map((change) => showChange(change, object)),
    left: result.unfixed.map(({ control, fault, reason }) => `${control.id} ${showPath(fault.place)}: ${reason}`),
  };
}

function pod(spec: Fields, metadata: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', ...metadata }, spec: { containers: [{ name: 'app', image: 'app' }], ...spec } };
}

function podWith(container: Fields, spec: Fields = {}): Fields {
  return pod({ containers: [{ name: 'app', image: 'app', ...container }], ...spec });
}

describe('an object that complies', () => {
  test('is returned as the very object that it is', () => {
    const object = basePod();
    expect(fix(object, Object.values(SAMPLES).filter(({ id }) => !['label', 'user-namespace', 'closed', 'storage-limit'].includes(id))).object).toBe(object);
  });

  test('of a kind that no control looks at is returned as it is, and so is what is no object', () => {
    for (const object of [{ apiVersion: 'v1', kind: 'ConfigMap' }, null, 'text', [], undefined, 7]) {
      expect(fix(object, [SAMPLES.hostNetwork])).toMatchObject({ object, changes: [], unfixed: [] });
    }
  });
});

describe('each operator has its natural fix', () => {
  test('a field that may be absent is removed', () => {
    const { object, lines } = fix(pod({ hostNetwork: true, dnsPolicy: 'Default' }), [SAMPLES.hostNetwork]);
    expect(lines).toEqual(['spec.hostNetwork: true → removed']);
    expect(Object.keys(object.spec)).toEqual(['containers', 'dnsPolicy']);
  });

  test('a field that must have a value gets the first that is allowed, and missing objects on the way are made', () => {
    const { object, lines } = fix(pod({}), [SAMPLES.readOnlyRoot]);
    expect(lines).toEqual(['spec.containers[0].securityContext.readOnlyRootFilesystem: absent → true']);
    expect(object.spec.containers).toEqual([{ name: 'app', image: 'app', securityContext: { readOnlyRootFilesystem: true } }]);
  });

  test('what is null counts as missing, and keeps its place among the fields', () => {
    const { object } = fix(podWith({ securityContext: null, tty: true }), [SAMPLES.readOnlyRoot]);
    expect(Object.entries(object.spec.containers[0])).toEqual([['name', 'app'], ['image', 'app'], ['securityContext', { readOnlyRootFilesystem: true }], ['tty', true]]);
  });

  test('a list that must have an element gets it at its end', () => {
    const { object, lines } = fix(podWith({ securityContext: { capabilities: { drop: ['NET_RAW'] } } }), [SAMPLES.dropAll]);
    expect(lines).toEqual(['spec.containers[0].securityContext.capabilities.drop: ["NET_RAW"] → ["NET_RAW","ALL"]']);
    expect(object.spec.containers[0].securityContext.capabilities.drop).toEqual(['NET_RAW', 'ALL']);
  });

  test('a list that is left out is made for its element', () => {
    expect(fix(podWith({}), [SAMPLES.dropAll]).lines).toEqual(['spec.containers[0].securityContext.capabilities.drop: absent → ["ALL"]']);
  });

  test('a list that may only have some elements loses the others', () => {
    const { lines } = fix(podWith({ securityContext: { capabilities: { add: ['SYS_ADMIN', 'NET_BIND_SERVICE', 'NET_RAW'] } } }), [SAMPLES.addNothing]);
    expect(lines).toEqual(['spec.containers[0].securityContext.capabilities.add: ["SYS_ADMIN","NET_BIND_SERVICE","NET_RAW"] → ["NET_BIND_SERVICE"]']);
  });

  test('a value that is ruled out is removed from the pod and from each container', () => {
    const object = podWith({ securityContext: { runAsUser: 0, runAsGroup: 0 } }, { securityContext: { runAsUser: 0 } });
    const { lines } = fix(object, [SAMPLES.notUserZero]);
    expect(lines).toEqual(['spec.securityContext.runAsUser: 0 → removed', 'spec.containers[0].securityContext.runAsUser: 0 → removed']);
  });

  test('an entry of a map that is itself the fault is removed, and the map with it if nothing else was in it', () => {
    const annotation = 'container.apparmor.security.beta.kubernetes.io/app';
    const { object, lines } = fix(pod({}, { annotations: { [annotation]: 'unconfined' } }), [SAMPLES.appArmor]);
    expect(lines).toEqual([`metadata.annotations["${annotation}"]: "unconfined" → removed`]);
    expect(object.metadata).toEqual({ name: 'app' });
  });

  test('the first alternative that can be fixed is taken', () => {
    const { object, lines } = fix(pod({}), [SAMPLES.userNamespace]);
    expect(lines).toEqual(['spec.hostUsers: absent → false']);
    expect(object.spec.hostUsers).toBe(false);
  });

  test('an alternative is only taken whole', () => {
    const both = Requirement.allOf(Requirement.oneOf('spec.hostUsers', false), Requirement.present('spec.hostname'));
    expect(fix(pod({}), [sample('either', Requirement.anyOf(both, Requirement.oneOf('spec.setHostnameAsFQDN', true)))]).lines)
      .toEqual(['spec.setHostnameAsFQDN: absent → true']);
    expect(fix(pod({ hostname: 'app' }), [sample('either', Requirement.anyOf(both, Requirement.oneOf('spec.setHostnameAsFQDN', true)))]).lines)
      .toEqual(['spec.hostUsers: absent → false']);
  });

  test('an alternative within containers and lists is fixed for each of its elements', () => {
    const control = sample('ports', Requirement.eachContainer(Requirement.anyOf(
      Requirement.matches('name', '^trusted'), Requirement.each('ports', Requirement.absentOrOneOf('hostIP', '127.0.0.1')),
    )));
    expect(fix(podWith({ ports: [{ containerPort: 1, hostIP: '0.0.0.0' }, { containerPort: 2 }, { containerPort: 3, hostIP: '0.0.0.0' }] }), [control]).lines).toEqual([
      'spec.containers[0].ports[0].hostIP: "0.0.0.0" → removed',
      'spec.containers[0].ports[2].hostIP: "0.0.0.0" → removed',
    ]);
  });

  test('what is exempt is left as it is', () => {
    const object = pod({ os: { name: 'windows' } });
    expect(fix(object, [SAMPLES.noEscalation, SAMPLES.seccomp, SAMPLES.dropAll]).object).toBe(object);
  });
});

describe('a repair that the control states', () => {
  test('sets a value where the operator says none', () => {
    expect(fix(pod({}), [SAMPLES.storageLimit]).lines).toEqual(['spec.containers[0].resources.limits.ephemeral-storage: absent → "1Ti"']);
    expect(fix(pod({}), [SAMPLES.label]).object.metadata).toEqual({ name: 'app', labels: { 'example.com/team': 'none' } });
  });

  test('puts a value into the object that may be changed there', () => {
    const control = sample('labels', Requirement.present('metadata.labels.team').fixedBySetting('metadata.labels', { team: 'none' }));
    const { labels } = fix(pod({}), [control]).object.metadata;
    labels.more = 'yes';
    expect(fix(pod({}), [control]).object.metadata.labels).toEqual({ team: 'none' });
  });

  test('removes elements of a list from its end, and reports them by the places where they were', () => {
    const sysctls = ['a', 'kernel.shm_rmid_forced', 'b', 'c'].map((name) => ({ name, value: '1' }));
    const { object, lines } = fix(pod({ securityContext: { sysctls } }), [SAMPLES.sysctls]);
    expect(object.spec.securityContext.sysctls).toEqual([sysctls[1]]);
    expect(lines).toEqual([0, 2, 3].map((i) => `spec.securityContext.sysctls[${i}]: {"name":"${sysctls[i].name}","value":"1"} → removed`));
  });

  test('reports places of the object as it came when several controls remove elements of one list', () => {
    const sysctls = ['a', 'b', 'c', 'd'].map((name) => ({ name, value: '1' }));
    const without = (name: string) => sample(`no-${name}`, Requirement.each('spec.securityContext.sysctls', Requirement.noneOf('name', name).fixedByRemoving('')));
    const { object, lines } = fix(pod({ securityContext: { sysctls } }), [without('a'), without('c'), without('d')]);
    expect(object.spec.securityContext.sysctls).toEqual([sysctls[1]]);
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([0, 2, 3].map((i) => `spec.securityContext.sysctls[${i}]`));
  });

  test('starts at the item of the requirement that it belongs to, wherever below it the fault lies', () => {
    const control = sample('no-host-ports', Requirement.eachContainer(Requirement.each('ports', Requirement.absent('hostPort')).fixedByRemoving('ports')));
    const { object, lines } = fix(podWith({ ports: [{ containerPort: 1, hostPort: 1 }, { containerPort: 2, hostPort: 2 }] }), [control]);
    expect(object.spec.containers[0]).toEqual({ name: 'app', image: 'app' });
    expect(lines).toEqual(['spec.containers[0].ports: [{"containerPort":1,"hostPort":1},{"containerPort":2,"hostPort":2}] → removed']);
  });

  test('counts inside an alternative too', () => {
    const control = sample('either', Requirement.anyOf(
      Requirement.oneOf('spec.hostUsers', false).notFixable('No.'), Requirement.present('spec.hostname').fixedBySetting('spec.hostname', 'app'),
    ));
    expect(fix(pod({}), [control]).lines).toEqual(['spec.hostname: absent → "app"']);
  });
});

describe('a value that containers inherit from the pod', () => {
  const control = SAMPLES.nonRoot;
  const nonRoot = (value: unknown) => ({ securityContext: { runAsNonRoot: value } });

  test('is set at the pod if a container lacks it', () => {
    const { object, lines } = fix(pod({ containers: [{ name: 'a' }, { name: 'b', ...nonRoot(true) }, { name: 'c' }] }), [control]);
    expect(lines).toEqual(['spec.securityContext.runAsNonRoot: absent → true']);
    expect(object.spec.containers).toEqual([{ name: 'a' }, { name: 'b', ...nonRoot(true) }, { name: 'c' }]);
  });

  test('is left alone if every container has its own', () => {
    const object = pod({ containers: [{ name: 'a', ...nonRoot(true) }, { name: 'b', ...nonRoot(true) }] });
    expect(fix(object, [control]).object).toBe(object);
  });

  test('is set at the pod if the pod\'s is bad, even where every container has its own', () => {
    expect(fix(podWith(nonRoot(true), nonRoot(false)), [control]).lines).toEqual(['spec.securityContext.runAsNonRoot: false → true']);
  });

  test('is set at a container only where the container\'s own is bad', () => {
    const { lines, changes } = fix(pod({ containers: [{ name: 'a', ...nonRoot(false) }, { name: 'b' }], initContainers: [{ name: 'i', ...nonRoot(false) }] }), [control]);
    expect(lines).toEqual([
      'spec.initContainers[0].securityContext.runAsNonRoot: false → true',
      'spec.containers[0].securityContext.runAsNonRoot: false → true',
      'spec.securityContext.runAsNonRoot: absent → true',
    ]);
    expect(changes.map(({ container }) => container)).toEqual(['i', 'a', undefined]);
  });

  test('does not reach a container whose fault is to stay', () => {
    const { object, lines, left } = fix(pod({ containers: [{ name: 'waived' }, { name: 'b' }] }), [control], { skip: (_, { container }) => container === 'waived' });
    expect(lines).toEqual(['spec.containers[1].securityContext.runAsNonRoot: absent → true']);
    expect(object.spec.containers[0]).toEqual({ name: 'waived' });
    expect(left).toEqual([]);
  });
});

describe('what a removal leaves', () => {
  test('goes if it was there for nothing else', () => {
    const { object } = fix(podWith({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }), [SAMPLES.addNothing]);
    expect(object.spec.containers[0]).toEqual({ name: 'app', image: 'app' });
  });

  test('stays if anything else is in it', () => {
    const { object } = fix(podWith({ securityContext: { capabilities: { add: ['SYS_ADMIN'] }, tty: {} } }), [SAMPLES.addNothing]);
    expect(object.spec.containers[0].securityContext).toEqual({ tty: {} });
  });

  test('stays if it means something by being there', () => {
    const control = sample('no-memory-volumes', Requirement.each('spec.volumes', Requirement.absent('emptyDir.medium')));
    expect(fix(pod({ volumes: [{ name: 'a', emptyDir: { medium: 'Memory' } }] }), [control]).object.spec.volumes).toEqual([{ name: 'a', emptyDir: {} }]);
  });

  test('does not take along what was empty before', () => {
    const { object } = fix(pod({ volumes: [], hostNetwork: true, securityContext: {} }), [SAMPLES.hostNetwork]);
    expect(object.spec).toEqual({ containers: [{ name: 'app', image: 'app' }], volumes: [], securityContext: {} });
  });
});

describe('what can not be fixed', () => {
  test('is reported with the reason that the control states', () => {
    const object = pod({ volumes: [{ name: 'data', hostPath: { path: '/' } }] });
    const { left, object: same } = fix(object, [SAMPLES.volumes]);
    expect(left).toEqual(['volumes spec.volumes[0]: Where else the data is kept has to be decided.']);
    expect(same).toBe(object);
  });

  test('is reported where no value is right for all', () => {
    expect(fix(pod({}), [SAMPLES.imageDigest]).left)
      .toEqual(['image-digest spec.containers[0].image: No single value is right for every object: a person has to choose.']);
  });

  test('is reported while everything else is fixed', () => {
    const { lines, left } = fix(pod({ hostNetwork: true }), [SAMPLES.imageDigest, SAMPLES.hostNetwork]);
    expect(lines).toEqual(['spec.hostNetwork: true → removed']);
    expect(left).toHaveLength(1);
  });

  test.each<[string, unknown, string[]]>([
    ['no spec', { apiVersion: 'v1', kind: 'Pod' }, ['privileged spec']],
    ['containers that are null', pod({ containers: null }), ['privileged spec.containers']],
    ['a container that is a text', pod({ containers: ['app'] }), ['privileged spec.containers[0]']],
    ['two containers of one name', pod({ containers: [{ name: 'a' }, { name: 'a' }] }), ['privileged spec.containers[1].name']],
    ['a security context that is a text', podWith({ securityContext: 'none' }), ['privileged spec.containers[0].securityContext']],
  ])('is an object with %s', (_, object, places) => {
    const { left, object: same } = fix(object, [SAMPLES.privileged]);
    expect(left).toEqual(places.map((place) => `${place}: The object isn't what it has to be here, so nothing follows for it.`));
    expect(same).toBe(object);
  });

  test('is a text where a list has to be', () => {
    const { left } = fix(podWith({ securityContext: { capabilities: { drop: 'ALL', add: 'ALL' } } }), [SAMPLES.dropAll, SAMPLES.addNothing]);
    expect(left).toEqual([
      'drop-all spec.containers[0].securityContext.capabilities.drop: The object isn\'t what it has to be here, so nothing follows for it.',
      'add-nothing spec.containers[0].securityContext.capabilities.add: The object isn\'t what it has to be here, so nothing follows for it.',
    ]);
  });

  test('is what would break a control that holds', () => {
    const opposite = sample('host-network-on', Requirement.oneOf('spec.hostNetwork', true));
    const object = pod({ hostNetwork: true });
    const { left, object: same } = fix(object, [SAMPLES.hostNetwork, opposite]);
    expect(left).toEqual(['host-network spec.hostNetwork: The change that follows would break host-network-on.']);
    expect(same).toBe(object);
  });

  test('is only the part of a control that would break another', () => {
    const keepsFirst = sample('first', Requirement.each('spec.securityContext.sysctls', Requirement.negation(Requirement.oneOf('value', 'x'))));
    const control = sample('value', Requirement.allOf(
      Requirement.oneOf('spec.securityContext.runAsUser', 1), Requirement.each('spec.securityContext.sysctls', Requirement.oneOf('value', 'x')),
    ));
    const { lines, left } = fix(pod({ securityContext: { sysctls: [{ name: 'a', value: 'y' }] } }), [control, keepsFirst]);
    expect(lines).toEqual(['spec.securityContext.runAsUser: absent → 1']);
    expect(left).toEqual(['value spec.securityContext.sysctls[0].value: The change that follows would break first.']);
  });
});

describe('fields that the API server adds by default', () => {
  test('are not fixable in the object by themselves', () => {
    const object = podWith({ ports: [{ containerPort: 80 }] }, { hostNetwork: true });
    const { left, object: same } = fix(object, [SAMPLES.hostPorts]);
    expect(left).toEqual(['host-ports spec.containers[0].ports[0].hostPort: It is not written in the object: the API server adds it by default.']);
    expect(same).toBe(object);
  });

  test('are fixed by what brings them', () => {
    for (const controls of [[SAMPLES.hostPorts, SAMPLES.hostNetwork], [SAMPLES.hostNetwork, SAMPLES.hostPorts]]) {
      const { lines, left } = fix(podWith({ ports: [{ containerPort: 80 }] }, { hostNetwork: true }), controls);
      expect(lines).toEqual(['spec.hostNetwork: true → removed']);
      expect(left).toEqual([]);
    }
  });

  test('are not removed in vain where they are written out too', () => {
    const object = podWith({ ports: [{ containerPort: 80, hostPort: 80 }] }, { hostNetwork: true });
    expect(fix(object, [SAMPLES.hostPorts]).left).toEqual([
      'host-ports spec.containers[0].ports[0].hostPort: The change that follows does not suffice: something else in the object brings it back.',
    ]);
    expect(fix(object, [SAMPLES.hostPorts, SAMPLES.hostNetwork]).lines).toEqual(['spec.hostNetwork: true → removed', 'spec.containers[0].ports[0].hostPort: 80 → removed']);
  });

  test('do not come for a template, so there the port is removed', () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: podWith({ ports: [{ containerPort: 80, hostPort: 80 }] }, { hostNetwork: true }) } };
    expect(fix(deployment, [SAMPLES.hostPorts]).lines).toEqual(['spec.template.spec.containers[0].ports[0].hostPort: 80 → removed']);
  });

  test('are not written out by a fix of something else', () => {
    const { object } = fix(pod({ volumes: [{ name: 'a' }], hostNetwork: true }), [SAMPLES.hostNetwork]);
    expect(object.spec).toEqual({ containers: [{ name: 'app', image: 'app' }], volumes: [{ name: 'a' }] });
  });
});

describe('what the API server would refuse', () => {
  const { noEscalation, privileged, hostNetwork, userNamespace, readOnlyRoot, seccomp } = SAMPLES;
  const hostProcess = { securityContext: { windowsOptions: { hostProcess: true } } };

  test.each<[string, Fields, Control, string]>([
    ['a privileged container without escalation', podWith({ securityContext: { privileged: true } }), noEscalation,
      'spec.containers[0].securityContext.allowPrivilegeEscalation: A privileged container can always gain privileges.'],
    ['CAP_SYS_ADMIN without escalation', podWith({ securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] } } }), noEscalation,
      'spec.containers[0].securityContext.allowPrivilegeEscalation: With CAP_SYS_ADMIN a container can always gain privileges.'],
    ['mounts that reach the host from an unprivileged container',
      podWith({ securityContext: { privileged: true }, volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }] }), privileged,
      'spec.containers[0].securityContext.privileged: Only a privileged container may hand its mounts on to the host.'],
    ['host processes outside the host\'s network', podWith(hostProcess, { hostNetwork: true }), hostNetwork, 'spec.hostNetwork: Host processes need the host\'s network.'],
    ['a user namespace in the host\'s network', pod({ hostNetwork: true }), userNamespace, 'spec: With hostNetwork a pod can\'t have its own user namespace.'],
    ['a Linux field in a Pod for Windows', pod({ os: { name: 'windows' } }), readOnlyRoot,
      'spec.containers[0].securityContext.readOnlyRootFilesystem: Pods for Windows can\'t have the field.'],
    ['a seccomp profile besides an annotation that names another', pod({}, { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' } }), seccomp,
      'spec.containers[0].securityContext.seccompProfile.type: The pod\'s seccomp annotations, which have had no effect since Kubernetes 1.27, would contradict the field: '
      + 'remove them.'],
    ['a user that isn\'t root beside the administrator of Windows', podWith({ securityContext: { windowsOptions: { runAsUserName: 'ContainerAdministrator' } } }), runAsNonRoot,
      'spec.containers[0].securityContext.runAsNonRoot: It states the user ContainerAdministrator, which kubelets hold to be root: whether the program runs as another one has to be known.'],
    ['no host process of a user that only those can have',
      podWith({ securityContext: { windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM' } } }, { hostNetwork: true }), windowsHostProcess,
      'spec.containers[0].securityContext.windowsOptions.hostProcess: Only host processes can run as a service account of Windows: which user the program runs as otherwise has to be known.'],
  ])('is not made: %s', (_, object, control, reason) => {
    const { object: same, left } = fix(object, [control]);
    expect(left).toEqual([`${control.id} ${reason}`]);
    expect(same).toBe(object);
  });

  test('can be made once what stands in its way is fixed, whatever the order of the controls', () => {
    const object = podWith({ securityContext: { privileged: true } }, { hostNetwork: true });
    for (const controls of [[noEscalation, userNamespace, privileged, hostNetwork], [privileged, hostNetwork, noEscalation, userNamespace]]) {
      const { object: fixed, left } = fix(object, controls);
      expect(fixed.spec).toEqual({ containers: [{ name: 'app', image: 'app', securityContext: { allowPrivilegeEscalation: false } }], hostUsers: false });
      expect(left).toEqual([]);
    }
  });
});

describe('other objects', () => {
  const template = { spec: { hostNetwork: true, containers: [{ name: 'app' }] } };

  test.each([
    ['Deployment', 'apps/v1', { spec: { template } }, 'spec.template.spec.hostNetwork'],
    ['CronJob', 'batch/v1', { spec: { jobTemplate: { spec: { template } } } }, 'spec.jobTemplate.spec.template.spec.hostNetwork'],
  ])('a %s is fixed in its template', (kind, apiVersion, rest, place) => {
    expect(fix({ apiVersion, kind, ...rest }, [SAMPLES.hostNetwork]).lines).toEqual([`${place}: true → removed`]);
  });

  test('pods of a custom resource are fixed where its fields go to them', () => {
    const workflow = {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: { hostNetwork: true, templates: [{ name: 'a', container: { securityContext: { privileged: true } } }] },
    };
    const { lines, changes, left } = fix(workflow, [SAMPLES.hostNetwork, SAMPLES.privileged, SAMPLES.readOnlyRoot, SAMPLES.nonRoot]);
    expect(lines).toEqual([
      'spec.hostNetwork: true → removed',
      'spec.templates[0].container.securityContext.privileged: true → removed',
      'spec.templates[0].container.securityContext.readOnlyRootFilesystem: absent → true',
      'spec.securityContext.runAsNonRoot: absent → true',
    ]);
    expect(changes.map(({ container }) => container !== undefined)).toEqual([false, true, true, false]);
    expect(left).toEqual([]);
  });

  test('a control of whole objects is fixed there', () => {
    const control = new Control({
      id: 'no-external-ips', title: 'Services have no external IPs', severity: Severity.HIGH, layer: ControlLayer.NETWORK, rationale: 'A sample.', remediation: 'Remove them.',
      appliesTo: AppliesTo.kinds('Service'), requirement: Requirement.absent('spec.externalIPs'),
    });
    expect(fix({ apiVersion: 'v1', kind: 'Service', spec: { externalIPs: ['192.0.2.1'], ports: [] } }, [control]).object.spec).toEqual({ ports: [] });
  });
});

test('an object that YAML anchors share is changed only where it fails', () => {
  const context = { privileged: true };
  const { object } = fix(pod({ containers: [{ name: 'a', securityContext: context }], volumes: [{ name: 'v', csi: context }] }), [SAMPLES.privileged]);
  expect(object.spec).toEqual({ containers: [{ name: 'a' }], volumes: [{ name: 'v', csi: { privileged: true } }] });
});

test('keys that JavaScript treats specially stay ordinary keys', () => {
  const annotations = JSON.parse('{"__proto__": "x", "container.apparmor.security.beta.kubernetes.io/app": "unconfined"}');
  const { object } = fix(pod({}, { annotations }), [SAMPLES.appArmor]);
  expect(Object.keys(object.metadata.annotations)).toEqual(['__proto__']);
  const label = sample('proto', Requirement.present('metadata.labels["__proto__"]').fixedBySetting('metadata.labels["__proto__"]', 'x'));
  expect(Object.entries(fix(pod({}), [label]).object.metadata.labels)).toEqual([['__proto__', 'x']]);
});

describe('a change in words', () => {
  test('shows no value of a control whose values may be secrets', () => {
    const control = sample('no-password', Requirement.eachContainer(Requirement.each('env', Requirement.noneOf('name', 'PASSWORD').fixedByRemoving(''))), { concealsValues: true });
    const { lines } = fix(podWith({ env: [{ name: 'PASSWORD', value: 'hunter2' }] }), [control]);
    expect(lines).toEqual(['spec.containers[0].env[0]: a value that is not shown → removed']);
  });
});
