import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, sometimes, weighted } from './arbitraries';
import { GeneratorOptions, supports } from './options';

/** Absent and empty pass Pod Security Standards from 1.34 on, everything else is refused, also the pod's own address. */
const host = weighted<string | undefined>([91.5, undefined], [5, ''], [3.5, oneOf('127.0.0.1', 'localhost', 'example.com')]);
const port = oneOf<number | string>(8080, 'http', 1, 65535, '8443x');

const exec = fc.record({ exec: fc.record({ command: oneOf(['/bin/ready'], ['sh', '-c', 'true'], ['']) }) });
const tcpSocket = fields({ tcpSocket: fields({ port, host }) });
const httpGet = fields({
  httpGet: fields({
    port,
    host,
    path: weighted<string | undefined>([80, '/ready'], [20, undefined]),
    scheme: weighted<string | undefined>([70, undefined], [15, 'HTTP'], [15, 'HTTPS']),
    httpHeaders: sometimes(10, oneOf([{ name: 'Host', value: 'example.com' }], [{ name: 'X-Probe', value: '' }])),
  }),
});
const grpc = fields({ grpc: fields({ port: oneOf(9090, 1, 65535), service: sometimes(40, oneOf('', 'health')) }) });

const timing = {
  initialDelaySeconds: sometimes(20, oneOf(0, 5)),
  periodSeconds: sometimes(30, oneOf(10, 1)),
  timeoutSeconds: sometimes(30, oneOf(1, 5)),
  failureThreshold: sometimes(20, oneOf(3, 30)),
};

export interface ProbeOptions {
  /** Its success threshold may be above 1, and it has no grace period of its own. */
  readonly readiness?: boolean;
}

/** A probe of a container. */
export function probe({ readiness = false }: ProbeOptions = {}): fc.Arbitrary<Fields> {
  return fc.record({
    handler: weighted<Fields>([45, httpGet], [25, tcpSocket], [18, exec], [12, grpc]),
    settings: fields({
      ...timing,
      successThreshold: sometimes(15, readiness ? oneOf(1, 2) : fc.constant(1)),
      ...(readiness ? {} : { terminationGracePeriodSeconds: sometimes(5, fc.constant(10)) }),
    }),
  }).map(({ handler, settings }) => ({ ...handler, ...settings }));
}

/** Hooks of a container. */
export function lifecycle(options: GeneratorOptions): fc.Arbitrary<Fields> {
  const sleep: Fields = supports(options, 'sleepAction') ? { sleep: { seconds: 5 } } : { exec: { command: ['sleep', '5'] } };
  const hook = weighted<Fields>([25, exec], [35, httpGet], [25, tcpSocket], [15, sleep]);
  return fc.record({ postStart: sometimes(50, hook), preStop: sometimes(70, hook) }).map(compact);
}
