import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { show } from '../../../src/core/errors';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Port } from '../../../src/core/port';
import { PathMatch } from '../../../src/workloads/exposure/exposure';
import { IngressExposure } from '../../../src/workloads/exposure/ingress-exposure';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../../support/twins';
import { find, names, refusal, shop, written } from '../fixtures';

const LEAST: IngressExposure = { hosts: ['shop.example.com'], tlsSecretName: 'shop-tls' };

const profile = (kubernetesVersion = KubernetesVersion.of('1.37')) => new ClusterProfile({
  name: 'prod', kubernetesVersion, ingress: [{ namespaceName: 'ingress', podLabels: { app: 'nginx' } }, { namespaceName: 'edge' }],
});

function exposed(options: Partial<IngressExposure> = {}, props: Partial<SecureWorkloadProps> = {}) {
  const { app, workload } = shop(profile());
  const web = workload('web', props);
  web.exposeByIngress({ ...LEAST, ...options });
  return { app, web, workload, ingress: find(app, 'Ingress') };
}

describe('an exposed workload', () => {
  const { app, ingress } = exposed({ hosts: ['shop.example.com', '*.shop.example.com'] }, { servicePort: 80 });

  test('is served by TLS for each of its hosts, and by nothing else', () => {
    const backend = { service: { name: 'web', port: { number: 80 } } };
    expect(ingress.spec).toEqual({
      tls: [{ hosts: ['shop.example.com', '*.shop.example.com'], secretName: 'shop-tls' }],
      rules: ['shop.example.com', '*.shop.example.com'].map((host) => ({ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } })),
    });
  });

  test('is not served by HTTP by controllers that would do so beside HTTPS', () => {
    expect(ingress.metadata.annotations).toEqual({
      'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}]',
      'kubernetes.io/ingress.allow-http': 'false',
      'nginx.ingress.kubernetes.io/ssl-redirect': 'true',
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
    });
  });

  test('has the names and labels of all that belongs to it', () => {
    expect(ingress.metadata).toMatchObject({ name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web' } });
  });

  test('is open to the ingress controllers of the profile on the port of its pods, and to nobody else', () => {
    const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
    const ports = [{ port: 8080, protocol: 'TCP' }];
    expect(find(app, 'NetworkPolicy', 'web').spec.ingress).toEqual([
      { from: [{ ...namespace('ingress'), podSelector: { matchLabels: { app: 'nginx' } } }], ports }, { from: [namespace('edge')], ports },
    ]);
  });

  test('needs no load balancer and no port of the nodes', () => {
    expect(find(app, 'Service').spec.type).toBe('ClusterIP');
  });
});

test('every option is written', () => {
  const { app, ingress } = exposed({
    path: '/api', pathMatch: PathMatch.EXACT, ingressClassName: 'public', portName: 'admin', clusterIssuer: 'letsencrypt', name: 'admin',
    tlsSecretName: undefined, annotations: { 'example.com/team': 'payments' },
  }, { furtherPorts: { admin: Port.tcp(9000) } });
  expect(ingress).toMatchObject({
    metadata: { name: 'admin', annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt', 'example.com/team': 'payments' } },
    spec: {
      ingressClassName: 'public',
      tls: [{ hosts: ['shop.example.com'], secretName: 'admin-tls' }],
      rules: [{ http: { paths: [{ path: '/api', pathType: 'Exact', backend: { service: { name: 'web', port: { number: 9000 } } } }] } }],
    },
  });
  expect(find(app, 'NetworkPolicy', 'web').spec.ingress[0].ports).toEqual([{ port: 9000, protocol: 'TCP' }]);
});

test('a second Ingress has a name of its own', () => {
  const { app, web } = exposed();
  web.exposeByIngress({ hosts: ['other.example.com'], tlsSecretName: 'other', name: 'web-other' });
  expect(names(app).filter((name) => name.startsWith('Ingress'))).toEqual(['Ingress/shop/web', 'Ingress/shop/web-other']);
  expect(refusal(() => web.exposeByIngress({ hosts: ['third.example.com'], tlsSecretName: 'third' }))).toBe(
    '[c/shop/web] exposeByIngress.name: got "web"; allowed: a name for each call. Give this one a name of its own.');
});

test('the headless Service of a StatefulSet is served, too', () => {
  expect(exposed({}, { kind: WorkloadKind.STATEFUL_SET }).ingress.spec.rules[0].http.paths[0].backend.service).toEqual({ name: 'web', port: { number: 8080 } });
});

describe.each(VERSIONS.map((version): [string, KubernetesVersion] => [String(version), version]))('at Kubernetes %s', (_, version) => {
  const objects = () => {
    const { app, workload } = shop(profile(version));
    workload('web').exposeByIngress(LEAST);
    return written(app);
  };

  test('nothing is found in it', () => {
    expect(findings(ControlPack.recommended().controls, version, objects())).toEqual([]);
  });

  test.each<[string, string, (ingress: any) => void]>([
    ['TLS', 'ingress-tls', ({ spec }) => delete spec.tls],
    ['the certificate of its host', 'ingress-tls-hosts', ({ spec }) => spec.tls[0].hosts = ['www.example.com']],
  ])('it is found without %s', (_what, id, loosen) => {
    const twin = objects();
    loosen(twin.find(({ kind }) => kind === 'Ingress'));
    expect(findings(ControlPack.recommended().controls, version, twin)).toEqual([expect.stringMatching(new RegExp(`^${id}: `))]);
  });
});

describe('refused, and nothing is changed', () => {
  const refused = (options: object, props: Partial<SecureWorkloadProps> = {}) => {
    const { app, workload } = shop(profile());
    const web = workload('web', props);
    const before = app.synthYaml();
    const message = refusal(() => web.exposeByIngress({ ...LEAST, ...options }));
    expect(app.synthYaml()).toBe(before);
    return message;
  };

  test('a cluster whose profile names no ingress controllers', () => {
    const { app, workload } = shop();
    const web = workload('web');
    const before = app.synthYaml();
    expect(refusal(() => web.exposeByIngress(LEAST))).toBe(
      '[c/shop/web] ClusterProfile.ingress: got []; allowed: at least one selection of its pods. Name them once in the profile: ingress: [{ namespaceName: … }].');
    expect(app.synthYaml()).toBe(before);
  });

  test('no certificate', () => {
    expect(refused({ tlsSecretName: undefined })).toBe(
      '[c/shop/web] exposeByIngress.tlsSecretName: got undefined; allowed: the Secret with the certificate: nothing is served without TLS (NSA 1.2 Encryption). '
      + 'Name it, or the clusterIssuer of cert-manager that makes it.');
    expect(refused({ tlsSecretName: null })).toContain('exposeByIngress.tlsSecretName: got null; allowed: the name of a Secret');
    expect(refused({ tlsSecretName: 'Shop' })).toContain('exposeByIngress.tlsSecretName: got "Shop"; allowed: the name of a Secret');
    expect(refused({ clusterIssuer: 'Let us encrypt' })).toContain('exposeByIngress.clusterIssuer: got "Let us encrypt"; allowed: a DNS domain');
  });

  test('no host, which would be every host', () => {
    expect(refused({ hosts: [] })).toBe(
      '[c/shop/web] exposeByIngress.hosts: got []; allowed: 1 to 16 DNS names: without one, requests for any name would come in. Name the hosts that its certificate is for.');
    expect(refused({ hosts: undefined })).toBe('[c/shop/web] exposeByIngress.hosts: got undefined; allowed: a list of DNS names. Put it in a list: exposeByIngress.hosts: [ … ].');
    expect(refused({ hosts: Array.from({ length: 17 }, (_, i) => `h${i}.example.com`) })).toContain('exposeByIngress.hosts: got "17 names"; allowed: 1 to 16 DNS names');
  });

  test.each(['', '*', '*.com', '*.'])('the host %p, which would be nearly every one', (host) => {
    expect(refused({ hosts: [host] })).toBe(
      `[c/shop/web] exposeByIngress.hosts[0]: got ${show(host)}; allowed: a DNS name, or *. before a domain of your own with two labels or more. Name the hosts that its certificate is for.`);
  });

  test.each(['192.0.2.1', '2001:db8::1', '0', '10.1', 'shop.443'])('the address %s', (host) => {
    expect(refused({ hosts: [host] })).toBe(
      `[c/shop/web] exposeByIngress.hosts[0]: got "${host}"; allowed: a DNS name: addresses get no certificate that clients trust. Give the address a name.`);
  });

  test.each([['Shop.example.com'], ['shop.example.com.'], ['a.*.example.com'], ['shop_1.example.com'], ['https://shop.example.com'], ['shop.example.com:443'], [null], [8080]])(
    'the host %p', (host) => {
      expect(refused({ hosts: [host] })).toBe(
        `[c/shop/web] exposeByIngress.hosts[0]: got ${show(host)}; allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.`);
    });

  test('a host twice', () => {
    expect(refused({ hosts: ['a.example.com', 'a.example.com'] })).toBe('[c/shop/web] exposeByIngress.hosts[1]: got "a.example.com"; allowed: each host once. Name it once.');
  });

  test.each([['api'], [''], ['/a//b'], ['/a/../b'], ['/a/..'], ['/./a'], ['/a%2Fb'], ['/a%2'], ['/a?b'], ['/a#b'], ['/a b'], ['/ü'], [7], [`/${'a'.repeat(1024)}`]])('the path %p', (path) => {
    expect(refused({ path })).toBe(
      `[c/shop/web] exposeByIngress.path: got ${show(path)}; allowed: an absolute path of at most 1024 characters without //, /./, /../, %2f, # and ? (RFC 3986). `
      + 'Give the path that requests begin with, for instance /api.');
  });

  test('a way to compare paths that differs from controller to controller', () => {
    expect(refused({ pathMatch: 'ImplementationSpecific' })).toBe(
      '[c/shop/web] exposeByIngress.pathMatch: got "ImplementationSpecific"; allowed: Prefix, Exact. Take a value of PathMatch.');
  });

  test.each<[string, string, string]>([
    ['nginx.ingress.kubernetes.io/server-snippet', 'annotations that bring no configuration for the controller itself', 'Use the annotation that the controller has for the purpose.'],
    ['nginx.org/location-snippets', 'annotations that bring no configuration for the controller itself', 'Use the annotation that the controller has for the purpose.'],
    ['nginx.ingress.kubernetes.io/ssl-redirect', 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
    ['nginx.ingress.kubernetes.io/force-ssl-redirect', 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
    ['kubernetes.io/ingress.allow-http', 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
    ['nginx.org/redirect-to-https', 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
    ['nginx.ingress.kubernetes.io/server-alias', 'hosts that have a certificate', 'Name it in hosts.'],
    ['kubernetes.io/ingress.class', 'no class: the API has a field for it', 'Give ingressClassName.'],
    ['cert-manager.io/cluster-issuer', 'no issuer: it decides about the Secret as well', 'Give clusterIssuer.'],
  ])('the annotation %s', (key, allowed, fix) => {
    expect(refused({ annotations: { [key]: 'x' } })).toBe(`[c/shop/web] exposeByIngress.annotations.${key}: got "x"; allowed: ${allowed}. ${fix}`);
  });

  test.each([
    ['alb.ingress.kubernetes.io/listen-ports', '[{"HTTP": 80}, {"HTTPS": 443}]', 'ports that take in HTTPS. Leave it out, or give ports of HTTPS alone.'],
    ['traefik.ingress.kubernetes.io/router.entrypoints', 'websecure, web', 'an entry point that takes in HTTPS. Leave it out, or name the one for HTTPS.'],
  ])('a value of the annotation %s that serves HTTP; others are taken', (key, value, words) => {
    expect(refused({ annotations: { [key]: value } })).toBe(`[c/shop/web] exposeByIngress.annotations.${key}: got ${show(value)}; allowed: ${words}`);
    const own = value.includes('HTTP') ? '[{"HTTPS": 8443}]' : 'https';
    expect(exposed({ annotations: { [key]: own } }).ingress.metadata.annotations[key]).toBe(own);
  });

  test('a workload without port, or without the one that is named', () => {
    expect(refused({}, { port: undefined })).toBe(
      '[c/shop/web] exposeByIngress: got "no port"; allowed: a workload with a port. Give the port that the program listens on: port.');
    expect(refused({}, { port: undefined, furtherPorts: { admin: Port.tcp(9000) } })).toBe(
      '[c/shop/web] exposeByIngress: got "no port"; allowed: one of its TCP ports: admin. Name one of them: portName.');
    expect(refused({ portName: 'dns' }, { furtherPorts: { dns: Port.udp(1053), admin: Port.tcp(9000) } })).toBe(
      '[c/shop/web] portName: got "dns"; allowed: one of its TCP ports: main, admin. Name one of them: portName.');
    expect(refused({ portName: 'admin' })).toBe(
      '[c/shop/web] portName: got "admin"; allowed: none: it has one port without name, or none. Give the port that the program listens on: port.');
  });

  test('a host and path that another workload has', () => {
    const { app, workload } = exposed({ ingressClassName: 'public' });
    const other = workload('other');
    const before = app.synthYaml();
    expect(refusal(() => other.exposeByIngress({ ...LEAST, ingressClassName: 'public' }))).toBe(
      '[c/shop/other] exposeByIngress: got "shop.example.com Prefix / of public"; allowed: a host and path that no other workload of the app has. '
      + 'Give another host or path: c/shop/web has it.');
    expect(app.synthYaml()).toBe(before);
    other.exposeByIngress({ ...LEAST, ingressClassName: 'public', path: '/other' });
  });

  test('a name, a class, or a name of a property that can\'t be', () => {
    expect(refused({ name: 'Web' })).toContain('[c/shop/web] exposeByIngress.name: got "Web"; allowed: a DNS label');
    expect(refused({ ingressClassName: '' })).toContain('[c/shop/web] exposeByIngress.ingressClassName: got ""; allowed: a DNS domain');
    expect(refused({ host: 'shop.example.com' })).toContain('[c/shop/web] exposeByIngress.host: allowed: hosts, tlsSecretName, ');
  });
});
