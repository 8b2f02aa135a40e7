import { Probe } from 'cdk8s-plus-28';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { show } from '../../../src/core/errors';
import { Port } from '../../../src/core/port';
import { WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { find, IMAGE, names, refusal, shop, written } from '../fixtures';

const SAMPLE = { port: 8080, servicePort: 80, furtherPorts: { 'metrics': Port.tcp(9090), 'dns': Port.udp(53), 'dns-tcp': Port.tcp(53), 'signal': Port.sctp(38412) } };

describe('further ports', () => {
  const { app, workload } = shop();
  workload('web', SAMPLE);

  test('are ports of the Service beside port, each with a name', () => {
    expect(find(app, 'Service').spec.ports).toEqual([
      { name: 'main', port: 80, protocol: 'TCP', targetPort: 8080 },
      { name: 'metrics', port: 9090, protocol: 'TCP', targetPort: 9090 },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
      { name: 'signal', port: 38412, protocol: 'SCTP', targetPort: 38412 },
    ]);
  });

  test('are ports of the container', () => {
    expect(find(app, 'Deployment').spec.template.spec.containers[0].ports).toEqual([
      { containerPort: 8080, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
      { name: 'signal', containerPort: 38412, protocol: 'SCTP' },
    ]);
  });

  test('below 1024 may be listened on without being root', () => {
    expect(find(app, 'Deployment').spec.template.spec.securityContext.sysctls).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '53' }]);
  });

  test('are closed until they are opened by name', () => {
    const { app: other, workload: make } = shop();
    const [web, db] = [make('web'), make('db', SAMPLE)];
    web.allowTo(db);
    expect(find(other, 'NetworkPolicy', 'db').spec.ingress.map(({ ports }: any) => ports)).toEqual([[{ port: 8080, protocol: 'TCP' }]]);
    db.allowFrom(web, Port.tcp(9090));
    expect(find(other, 'NetworkPolicy', 'db').spec.ingress.map(({ ports }: any) => ports)).toEqual([
      [{ port: 8080, protocol: 'TCP' }], [{ port: 9090, protocol: 'TCP' }],
    ]);
  });

  test('alone make a Service, and the first that takes TCP is probed', () => {
    const { app: other, workload: make } = shop();
    const furtherPorts = { 'dns': Port.udp(1053), 'dns-tcp': Port.tcp(1053), 'metrics': Port.tcp(9090) };
    make('dns', { port: undefined, kind: WorkloadKind.STATEFUL_SET, furtherPorts });
    expect(find(other, 'Service').spec).toMatchObject({ clusterIP: 'None', ports: [{ name: 'dns', port: 1053, protocol: 'UDP', targetPort: 1053 }, {}, {}] });
    const [container] = find(other, 'StatefulSet').spec.template.spec.containers;
    const probes = [container.readinessProbe, container.livenessProbe, container.startupProbe];
    expect(probes.map(({ tcpSocket }) => tcpSocket)).toEqual(Array(3).fill({ port: 1053 }));
  });

  test('none of which takes TCP are probed as the workload says', () => {
    const { app: other, workload: make } = shop();
    make('log', { port: undefined, furtherPorts: { syslog: Port.udp(1514) }, readiness: Probe.fromCommand(['/bin/ready']) });
    expect(find(other, 'Deployment').spec.template.spec.containers[0].readinessProbe.exec).toEqual({ command: ['/bin/ready'] });
    expect(refusal(() => make('other', { port: undefined, furtherPorts: { syslog: Port.udp(1514) } }))).toBe(
      '[c/shop/other] readiness: got undefined; allowed: a probe where no port takes TCP connections: nothing else tells when the program can take requests. '
      + 'Say how to ask the program, for instance Probe.fromCommand([…]).');
  });

  test('given as none are none: the one port needs no name', () => {
    const { app: other, workload: make } = shop();
    make('web', { furtherPorts: {} });
    make('worker', { port: undefined, furtherPorts: {} });
    expect(find(other, 'Service').spec.ports).toEqual([{ port: 8080, protocol: 'TCP', targetPort: 8080 }]);
    expect(names(other)).not.toContain('Service/shop/worker');
  });
});

describe('monitoring', () => {
  const profile = new ClusterProfile({ name: 'prod', monitoring: [{ namespaceName: 'monitoring' }] });
  const opened = (props: object, ...ports: Port[]) => {
    const { app, workload } = shop(profile);
    workload('web', props).allowFromMonitoring(...ports);
    return written(app).find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'web').spec.ingress.flatMap((rule: any) => rule.ports);
  };

  test('scrapes the port called metrics, and not the one that the program serves', () => {
    expect(opened({ furtherPorts: { metrics: Port.tcp(9090) } })).toEqual([{ port: 9090, protocol: 'TCP' }]);
  });

  test('scrapes port where none is called so', () => {
    expect(opened({ furtherPorts: { admin: Port.tcp(9090) } })).toEqual([{ port: 8080, protocol: 'TCP' }]);
  });

  test('scrapes the port that is named', () => {
    expect(opened({ furtherPorts: { metrics: Port.tcp(9090), more: Port.tcp(9100) } }, Port.tcp(9100))).toEqual([{ port: 9100, protocol: 'TCP' }]);
  });
});

describe('a connection', () => {
  test('to a port that no container has is refused, whichever side asks for it, and opens nothing', () => {
    const { app, workload } = shop();
    const web = workload('web');
    const db = workload('db', { furtherPorts: { dns: Port.udp(53) } });
    const message = 'allowed: ports that db has: TCP 8080, UDP 53. Correct the port, or name it in furtherPorts of the workload that listens on it.';
    expect(refusal(() => web.allowTo(db, Port.tcp(9999)))).toBe(`[c/shop/web] allowTo: got "TCP 9999"; ${message}`);
    expect(refusal(() => db.allowFrom(web, Port.tcp(53)))).toBe(`[c/shop/db] allowFrom: got "TCP 53"; ${message}`);
    expect(written(app).filter(({ kind, metadata }) => kind === 'NetworkPolicy' && ['web', 'db'].includes(metadata.name))).toEqual([]);
  });

  test('may be to a further port, one of a sidecar or of a container that was added, and to a range that holds one', () => {
    const { workload } = shop();
    const web = workload('web');
    const db = workload('db', { furtherPorts: { dns: Port.udp(53) }, initContainers: [{ name: 'proxy', image: IMAGE, sidecar: true, port: 15001 }] });
    db.resource.addContainer({ name: 'beside', image: IMAGE, portNumber: 9187 });
    web.allowTo(db, Port.udp(53), Port.tcp(15001), Port.tcp(9187), Port.tcpRange(8000, 9000));
  });

  test('may be to any port where a workload states none', () => {
    const { workload } = shop();
    workload('web').allowTo(workload('worker', { port: undefined }), Port.tcp(9999));
  });
});

describe('refused', () => {
  const refused = (props: object) => refusal(() => shop().workload('web', props));
  const named = (name: string) => refused({ furtherPorts: { [name]: Port.tcp(9090) } });

  test.each(['Metrics', '-metrics', 'metrics-', 'a--b', '9090', 'a.b', '', 'metrics-for-all-', 'abcdefghijklmnop', 'main'])('the name %p', (name) => {
    expect(named(name)).toBe(
      `[c/shop/web] furtherPorts: got ${show(name)}; allowed: names of at most 15 characters of a-z, 0-9 and single dashes inside, one a letter at least; `
      + 'main is the name of port (RFC 6335). Give it another name, for instance metrics.');
  });

  test('no longer name than 15 characters, and no shorter limit', () => {
    expect(() => shop().workload('web', { furtherPorts: { 'abcdefghijklmno': Port.tcp(1), 'a': Port.tcp(2), '1-2-x': Port.tcp(3) } })).not.toThrow();
  });

  test.each([[9090], [null], [{ port: 9090 }]])('%p in place of a port', (port) => {
    expect(refused({ furtherPorts: { metrics: port } })).toBe(
      `[c/shop/web] furtherPorts.metrics: got ${show(port)}; allowed: values of Port. Give each port as such, for instance Port.tcp(443).`);
  });

  test.each([[null], [[Port.tcp(9090)]], [9090]])('%p in place of ports by name', (ports) => {
    expect(refused({ furtherPorts: ports })).toBe(
      `[c/shop/web] furtherPorts: got ${show(ports)}; allowed: ports by name. Write it like { metrics: Port.tcp(9090) }.`);
  });

  test('a range', () => {
    expect(refused({ furtherPorts: { rtp: Port.udpRange(10000, 10010) } })).toBe(
      '[c/shop/web] furtherPorts.rtp: got "UDP 10000-10010"; allowed: a single port: Services know no ranges. Name the ports one by one.');
  });

  test('a port that is there already', () => {
    expect(refused({ furtherPorts: { again: Port.tcp(8080) } })).toBe(
      '[c/shop/web] furtherPorts.again: got "TCP 8080"; allowed: a port that is not there yet: main has it. Leave it out, or give the port that the program listens on besides.');
    expect(refused({ furtherPorts: { one: Port.udp(53), two: Port.udp(53) } })).toContain('furtherPorts.two: got "UDP 53"; allowed: a port that is not there yet: one has it.');
  });

  test('a port that the Service has for another', () => {
    expect(refused({ servicePort: 9090, furtherPorts: { metrics: Port.tcp(9090) } })).toContain('a port that is not there yet: main has it on the Service.');
  });

  test.each([WorkloadKind.JOB, WorkloadKind.CRON_JOB])('ports of a %s, which has no Service', (kind) => {
    expect(refused({ kind, furtherPorts: { metrics: Port.tcp(9090) } })).toBe(
      `[c/shop/web] furtherPorts.metrics: got {"protocol":"TCP","first":9090,"last":9090}; allowed: none for a ${kind}, whose pods come and go. `
      + 'Leave furtherPorts out: name ports where connections are allowed.');
  });

  test('a name of a workload that no Service may have', () => {
    expect(refused({ name: '1st', port: undefined, furtherPorts: { metrics: Port.tcp(9090) } })).toContain('name: got "1st"; allowed: a name that begins with a letter');
  });
});
