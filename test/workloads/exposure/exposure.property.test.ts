import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { PathMatch } from '../../../src/workloads/exposure/exposure';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { shop, written } from '../fixtures';

const any = fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.constantFrom(null, undefined, [], {}, NaN, true, 'constructor', '__proto__', '*', '', '\u0000'));
const host = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('shop.example.com', '*.example.com', 'intranet', 'a.b') }, any);
const hosts = fc.oneof({ weight: 12, arbitrary: fc.array(host, { minLength: 1, maxLength: 2 }) }, any);
const path = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('/', '/api') }, fc.constantFrom('/a/../b', '/a//b'), any);
const match = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...Object.values(PathMatch)) }, any);
const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('web', 'other') }, any);
const mostly = <T>(good: T) => fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, any);

const INGRESS = fc.record({
  hosts, path, pathMatch: match, name, tlsSecretName: mostly('tls'), clusterIssuer: mostly('letsencrypt'), ingressClassName: mostly('public'), portName: mostly(undefined),
  annotations: fc.oneof(fc.dictionary(fc.constantFrom('example.com/a', 'b', 'nginx.org/x-snippets', 'x/ssl-redirect', 'É'), any, { maxKeys: 1 }), any),
}, { requiredKeys: ['hosts', 'tlsSecretName'] });
const GATEWAY = fc.record({
  gateway: fc.oneof({ weight: 12, arbitrary: fc.record({ name: mostly('public'), namespaceName: mostly('edge'), sectionName: mostly('https') }) }, any),
  hostnames: hosts, path, pathMatch: match, name, portName: mostly(undefined),
}, { requiredKeys: ['gateway', 'hostnames'] });

/** What the app writes beside what it wrote without the call; undefined where the call was refused. */
function added(expose: (web: SecureWorkload) => void): any[] | undefined {
  const { app, workload } = shop(new ClusterProfile({ name: 'prod', ingress: [{ namespaceName: 'edge' }] }));
  const web = workload('web');
  const count = (each: App) => each.node.findAll().length;
  const before = count(app);
  try {
    expose(web);
  } catch (error) {
    expect((error as Error).name).toBe('HardenedError');
    expect((error as Error).message).toMatch(/^\[c\/shop\/web\] /);
    expect(count(app)).toBe(before);
    return undefined;
  }
  return written(app);
}

test('whatever is given, nothing is changed, or an Ingress serves named hosts by TLS, and its controllers reach the port', () => {
  let served = 0;
  fc.assert(fc.property(INGRESS, (options) => {
    const objects = added((web) => web.exposeByIngress(options as never));
    if (objects) {
      served++;
      const { spec } = objects.find(({ kind }) => kind === 'Ingress');
      expect(spec).not.toHaveProperty('defaultBackend');
      expect(spec.rules.map((rule: any) => rule.host)).toEqual(spec.tls[0].hosts);
      expect(spec.tls[0].secretName).toMatch(/./);
      expect(spec.tls[0].hosts.filter((each: string) => !/[a-z]/.test(each))).toEqual([]);
      expect(objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'web').spec.ingress).toHaveLength(1);
    }
  }), { numRuns: 400 });
  expect(served).toBeGreaterThan(10);
});

test('whatever is given, nothing is changed, or a route serves named hosts from one listener, and its gateways reach the port', () => {
  let served = 0;
  fc.assert(fc.property(GATEWAY, (options) => {
    const objects = added((web) => web.exposeByGateway(options as never));
    if (objects) {
      served++;
      const { spec } = objects.find(({ kind }) => kind === 'HTTPRoute');
      expect(spec.parentRefs).toEqual([expect.objectContaining({ sectionName: expect.stringMatching(/./) })]);
      expect(spec.hostnames.length).toBeGreaterThan(0);
      expect(objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'web').spec.ingress).toHaveLength(1);
    }
  }), { numRuns: 400 });
  expect(served).toBeGreaterThan(10);
});
