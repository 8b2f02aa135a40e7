import { ApiObject, Chart } from 'cdk8s';
import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Port } from '../../../src/core/port';
import { PathMatch } from '../../../src/workloads/exposure/exposure';
import { GatewayExposure, GatewayRouteKind } from '../../../src/workloads/exposure/gateway-exposure';
import { SecureWorkloadProps } from '../../../src/workloads/secure-workload-props';
import { messageOf } from '../../core/message-of';
import { findings, VERSIONS } from '../../support/twins';
import { find, names, refusal, shop, written } from '../fixtures';

const GATEWAY = { name: 'public', namespaceName: 'edge', sectionName: 'https' };
const LEAST: GatewayExposure = { gateway: GATEWAY, hostnames: ['shop.example.com'] };

const profile = (kubernetesVersion = KubernetesVersion.of('1.37')) => (
  new ClusterProfile({ name: 'prod', kubernetesVersion, ingress: [{ namespaceName: 'edge', podLabels: { app: 'envoy' } }] }));

function exposed(options: Partial<GatewayExposure> = {}, props: Partial<SecureWorkloadProps> = {}) {
  const { app, workload, namespace } = shop(profile());
  const web = workload('web', props);
  web.exposeByGateway({ ...LEAST, ...options });
  return { app, web, workload, namespace };
}

describe('a workload behind a Gateway', () => {
  const { app } = exposed({ hostnames: ['shop.example.com', '*.shop.example.com'] }, { servicePort: 80 });

  test('is served by one listener, the one for HTTPS, for its hosts alone', () => {
    expect(find(app, 'HTTPRoute')).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web' } },
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'edge', sectionName: 'https' }],
        hostnames: ['shop.example.com', '*.shop.example.com'],
        rules: [{
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 80, weight: 1 }],
        }],
      },
    });
  });

  test('is open to the gateways of the profile on the port of its pods, and to nobody else', () => {
    expect(find(app, 'NetworkPolicy', 'web').spec.ingress).toEqual([{
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } }, podSelector: { matchLabels: { app: 'envoy' } } }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    }]);
  });
});

test('every option is written', () => {
  const { app } = exposed({ path: '/api', pathMatch: PathMatch.EXACT, portName: 'admin', name: 'admin' }, { furtherPorts: { admin: Port.tcp(9000) } });
  expect(find(app, 'HTTPRoute')).toMatchObject({
    metadata: { name: 'admin' },
    spec: { rules: [{ matches: [{ path: { type: 'Exact', value: '/api' } }], backendRefs: [{ name: 'web', port: 9000 }] }] },
  });
});

test('gRPC has a route of its own, beside that of HTTP', () => {
  const { app, web } = exposed();
  web.exposeByGateway({ ...LEAST, hostnames: ['api.example.com'], routeKind: GatewayRouteKind.GRPC });
  expect(find(app, 'GRPCRoute').spec.rules).toEqual([{ backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 8080, weight: 1 }] }]);
  expect(names(app)).toEqual(expect.arrayContaining(['HTTPRoute/shop/web', 'GRPCRoute/shop/web']));
});

test.each(VERSIONS.map((version): [string, KubernetesVersion] => [String(version), version]))('nothing is found in it at %s', (_, version) => {
  const { app, workload } = shop(profile(version));
  workload('web').exposeByGateway(LEAST);
  expect(findings(ControlPack.recommended().controls, version, written(app))).toEqual([]);
});

describe('a Gateway of the same app', () => {
  const withGateway = (protocol: string, listener = 'https', metadata: object = { name: 'public', namespace: 'edge' }) => {
    const { app } = exposed();
    new ApiObject(new Chart(app, 'edge'), 'gateway', {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata,
      spec: { gatewayClassName: 'envoy', listeners: [{ name: listener, port: 443, protocol }] },
    });
    return app;
  };

  test('has to have the listener, and take in HTTPS with it', () => {
    expect(() => withGateway('HTTPS').synthYaml()).not.toThrow();
    expect(messageOf(() => withGateway('HTTP').synthYaml())).toContain(
      '[c/shop/web] exposeByGateway.gateway.sectionName: got "https, protocol HTTP"; allowed: a listener of Gateway edge/gateway with protocol HTTPS (NSA 1.2 Encryption). '
      + 'Name another listener, or give this one a certificate.');
    expect(messageOf(() => withGateway('HTTPS', 'other').synthYaml())).toContain('exposeByGateway.gateway.sectionName: got "https"; allowed: a listener of Gateway edge/gateway');
  });

  test('of another name or namespace is not meant', () => {
    expect(() => withGateway('HTTP', 'https', { name: 'private', namespace: 'edge' }).synthYaml()).not.toThrow();
    expect(() => withGateway('HTTP', 'https', { name: 'public', namespace: 'other' }).synthYaml()).not.toThrow();
  });

  test('below a hardened namespace is found, too', () => {
    const { app, web, namespace } = exposed();
    web.exposeByGateway({ ...LEAST, gateway: { ...GATEWAY, namespaceName: 'shop' }, name: 'inner' });
    new ApiObject(namespace, 'gateway', {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'public' }, spec: { listeners: [{ name: 'https', protocol: 'HTTP' }] },
    });
    expect(messageOf(() => app.synthYaml())).toContain('a listener of Gateway c/shop/gateway with protocol HTTPS');
  });
});

describe('refused, and nothing is changed', () => {
  const refused = (options: object, props: Partial<SecureWorkloadProps> = {}, ofProfile: ClusterProfile | undefined = profile()) => {
    const { app, workload } = shop(ofProfile);
    const web = workload('web', props);
    const before = app.synthYaml();
    const message = refusal(() => web.exposeByGateway({ ...LEAST, ...options }));
    expect(app.synthYaml()).toBe(before);
    return message;
  };

  test('a cluster whose profile names no gateways', () => {
    expect(refused({}, {}, new ClusterProfile({ name: 'prod' }))).toBe(
      '[c/shop/web] ClusterProfile.ingress: got []; allowed: at least one selection of its pods. Name them once in the profile: ingress: [{ namespaceName: … }].');
  });

  test('a Gateway without listener, some of which may serve HTTP', () => {
    expect(refused({ gateway: { name: 'public', namespaceName: 'edge' } })).toBe(
      '[c/shop/web] exposeByGateway.gateway.sectionName: got undefined; allowed: the name of a listener with protocol HTTPS: without it the route is served without TLS as well '
      + '(NSA 1.2 Encryption). Name the listener.');
  });

  test('a Gateway whose names can\'t be', () => {
    expect(refused({ gateway: { ...GATEWAY, name: 'Public' } })).toContain('exposeByGateway.gateway.name: got "Public"; allowed: a DNS domain');
    expect(refused({ gateway: { ...GATEWAY, namespaceName: 'a.b' } })).toContain('exposeByGateway.gateway.namespaceName: got "a.b"; allowed: a DNS label');
    expect(refused({ gateway: { ...GATEWAY, sectionName: '' } })).toContain('exposeByGateway.gateway.sectionName: got ""; allowed: a DNS domain');
    expect(refused({ gateway: 'public' })).toContain('[c/shop/web] exposeByGateway.gateway: got "public"; allowed: an object with name, namespaceName, sectionName.');
  });

  test('no host, and a host that is no name', () => {
    expect(refused({ hostnames: [] })).toBe(
      '[c/shop/web] exposeByGateway.hostnames: got []; allowed: 1 to 16 DNS names: without one, requests for any name would come in. Name the hosts that its certificate is for.');
    expect(refused({ hostnames: ['*'] })).toContain('exposeByGateway.hostnames[0]: got "*"; allowed: a DNS name, or *. before a domain');
  });

  test('a path for gRPC', () => {
    expect(refused({ routeKind: GatewayRouteKind.GRPC, path: '/api' })).toBe(
      '[c/shop/web] exposeByGateway.path: got "/api"; allowed: none for gRPC, whose paths are its methods. Leave it out.');
    expect(refused({ routeKind: GatewayRouteKind.GRPC, pathMatch: PathMatch.EXACT })).toContain('exposeByGateway.pathMatch: got "Exact"; allowed: none for gRPC');
  });

  test('an unknown kind of route', () => {
    expect(refused({ routeKind: 'TCPRoute' })).toBe('[c/shop/web] exposeByGateway.routeKind: got "TCPRoute"; allowed: HTTPRoute, GRPCRoute. Take a value of GatewayRouteKind.');
  });

  test('a workload without port', () => {
    expect(refused({}, { port: undefined })).toBe('[c/shop/web] exposeByGateway: got "no port"; allowed: a workload with a port. Give the port that the program listens on: port.');
  });

  test('a host and path of the listener that another workload has', () => {
    const { workload } = exposed();
    const other = workload('other');
    expect(refusal(() => other.exposeByGateway(LEAST))).toBe(
      '[c/shop/other] exposeByGateway: got "shop.example.com PathPrefix / of edge/public/https"; allowed: a host and path that no other workload of the app has. '
      + 'Give another host or path: c/shop/web has it.');
    other.exposeByGateway({ ...LEAST, path: '/other' });
  });

  test('a name that nobody reads', () => {
    expect(refused({ hosts: [] })).toContain('[c/shop/web] exposeByGateway.hosts: allowed: gateway, hostnames, ');
  });
});
