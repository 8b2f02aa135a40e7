import * as fc from 'fast-check';
import { fields, Generated, oneOf, sometimes, unlessEmpty, weighted, when } from './arbitraries';
import { commandLine, environment, environmentSources } from './environment';
import { lifecycle, probe } from './handlers';
import { image, pullPolicy } from './images';
import { GeneratorOptions, supports } from './options';
import { containerResources } from './resources';
import { containerSecurity } from './security-contexts';
import { mount } from './volumes';

export type ContainerRole = 'container' | 'init' | 'ephemeral';

/** A container of which the pod decides the rest: its final name, which volumes there are, which settings are left to it. */
export type ContainerDraft = Generated<ReturnType<typeof containerDraft>>;

/** A port of a container. A host port can be any, also 0, which is none. */
const port = fields({
  containerPort: oneOf(8080, 80, 443, 1, 65535, 9090),
  hostPort: weighted<number | undefined>([92, undefined], [5, 0], [3, oneOf(8080, 80, 30000)]),
  name: sometimes(40, oneOf('http', 'metrics', 'a-1')),
  protocol: sometimes(30, oneOf('TCP', 'UDP', 'SCTP')),
  hostIP: sometimes(3, oneOf('127.0.0.1', '0.0.0.0', '')),
});

export function containerDraft(options: GeneratorOptions, role: ContainerRole) {
  const workload = role !== 'ephemeral';
  const main = role === 'container';
  return fc.record({
    name: oneOf('app', 'web', 'db-1', '0', 'constructor', 'a'.repeat(60), 'sidecar'),
    security: containerSecurity(options),
    mounts: fc.array(mount(options), { maxLength: 2 }),
    ports: when(workload, fc.array(port, { maxLength: 2 })),
    sidecar: when(role === 'init', supports(options, 'sidecars') ? weighted([60, false], [40, true]) : fc.constant(false)),
    targeted: when(role === 'ephemeral', fc.boolean()),
    rest: fields({
      image,
      imagePullPolicy: pullPolicy,
      command: sometimes(15, commandLine),
      args: sometimes(40, commandLine),
      env: environment(options).map(unlessEmpty),
      envFrom: sometimes(12, environmentSources),
      workingDir: sometimes(5, oneOf('/app', 'relative')),
      terminationMessagePolicy: sometimes(20, oneOf('FallbackToLogsOnError', 'File')),
      terminationMessagePath: sometimes(4, oneOf('/tmp/log', '/dev/termination-log')),
      stdin: sometimes(3, fc.boolean()),
      tty: sometimes(3, fc.boolean()),
      resources: when(workload, containerResources),
      resizePolicy: when(main && supports(options, 'resizePolicy'), sometimes(3, fc.constant([{ resourceName: 'cpu', restartPolicy: 'NotRequired' }]))),
      restartPolicy: when(main && supports(options, 'containerRestartPolicy'), sometimes(2, oneOf('Always', 'OnFailure', 'Never'))),
    }),
    /** Only for containers that keep running. */
    served: when(workload, fields({
      livenessProbe: sometimes(78, probe()),
      readinessProbe: sometimes(80, probe({ readiness: true })),
      startupProbe: sometimes(12, probe()),
      lifecycle: sometimes(25, lifecycle(options)),
    })),
  });
}
