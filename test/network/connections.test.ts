import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Port } from '../../src/core/port';
import { Connections, ConnectionsProps } from '../../src/network/connections';
import { NetworkPeer } from '../../src/network/network-peer';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { find, IMAGE, names, refusal, shop, written } from '../workloads/fixtures';

/** Two namespaces in two charts, with one workload each. */
function two() {
  const app = new App();
  const make = (chart: string, namespace: string, id: string, port?: number) =>
    new SecureWorkload(new HardenedNamespace(new Chart(app, chart), namespace), id, { image: IMAGE, port });
  return { app, web: make('front', 'shop', 'web', 8080), db: make('back', 'data', 'db', 5432), job: make('jobs', 'jobs', 'job') };
}

const pods = (namespace: string, name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
});
const tcp = (port: number) => [{ port, protocol: 'TCP' }];

describe('a connection', () => {
  test.each([
    ['allowTo', ({ web, db }: ReturnType<typeof two>) => web.allowTo(db)],
    ['allowFrom', ({ web, db }: ReturnType<typeof two>) => db.allowFrom(web)],
  ])('by %s opens the egress of the source and the ingress of the target, each in its own namespace', (_, connect) => {
    const tree = two();
    connect(tree);
    expect(find(tree.app, 'NetworkPolicy', 'web')).toMatchObject({
      metadata: { namespace: 'shop' },
      spec: { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'web' } }, policyTypes: ['Ingress', 'Egress'], egress: [{ to: [pods('data', 'db')], ports: tcp(5432) }] },
    });
    expect(find(tree.app, 'NetworkPolicy', 'db')).toMatchObject({
      metadata: { namespace: 'data' },
      spec: { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'db' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [pods('shop', 'web')], ports: tcp(5432) }] },
    });
    expect(find(tree.app, 'NetworkPolicy', 'web').spec).not.toHaveProperty('ingress');
    expect(find(tree.app, 'NetworkPolicy', 'db').spec).not.toHaveProperty('egress');
  });

  test('names namespace and pods in one peer, as two peers would mean either', () => {
    const { app, web, db } = two();
    web.allowTo(db);
    const [{ to }] = find(app, 'NetworkPolicy', 'web').spec.egress;
    expect(to).toHaveLength(1);
    expect(Object.keys(to[0]).sort()).toEqual(['namespaceSelector', 'podSelector']);
  });

  test('keeps each half below its owner, in the file of its namespace', () => {
    const { app, web, db } = two();
    web.allowTo(db);
    const policy = (workload: Construct) => workload.node.findAll().filter((each) => ApiObject.isApiObject(each) && each.kind === 'NetworkPolicy');
    expect(policy(web)).toHaveLength(1);
    expect(policy(db)).toHaveLength(1);
    expect(names(app).filter((each) => /^NetworkPolicy.*(web|db)$/.test(each))).toEqual(['NetworkPolicy/shop/web', 'NetworkPolicy/data/db']);
  });

  test('is written once, however often it is declared, from either side', () => {
    const { app, web, db } = two();
    web.allowTo(db);
    const once = written(app);
    db.allowFrom(web);
    web.allowTo(db);
    expect(written(app)).toEqual(once);
  });

  test('may name ports and ranges of ports', () => {
    const { app, web, job } = two();
    web.allowTo(job, Port.udp(53), Port.tcpRange(9000, 9010));
    expect(find(app, 'NetworkPolicy', 'job').spec.ingress[0].ports).toEqual([{ port: 53, protocol: 'UDP' }, { port: 9000, endPort: 9010, protocol: 'TCP' }]);
  });

  test('reaches the port of the pods, not that of the service in front', () => {
    const { app, workload } = shop();
    workload('web').allowTo(workload('api', { servicePort: 80 }));
    expect(find(app, 'NetworkPolicy', 'web').spec.egress[0].ports).toEqual(tcp(8080));
  });

  test('among the pods of one workload has both halves in one policy', () => {
    const { app, web } = two();
    web.allowTo(web);
    expect(find(app, 'NetworkPolicy', 'web').spec).toMatchObject({ egress: [{ to: [pods('shop', 'web')] }], ingress: [{ from: [pods('shop', 'web')] }] });
  });

  test('follows selectors that are set', () => {
    const { app, workload } = shop();
    workload('web').allowTo(workload('legacy', { selectorLabels: { app: 'old' } }));
    expect(find(app, 'NetworkPolicy', 'web').spec.egress[0].to[0].podSelector).toEqual({ matchLabels: { app: 'old' } });
    expect(find(app, 'NetworkPolicy', 'legacy').spec.podSelector).toEqual({ matchLabels: { app: 'old' } });
  });

  test('with a peer outside of the app has this side alone', () => {
    const { app, web } = two();
    web.allowFrom(NetworkPeer.pods({ namespaceName: 'ingress' }));
    expect(find(app, 'NetworkPolicy', 'web').spec.ingress).toEqual([{ from: [{ namespaceSelector: pods('ingress', '').namespaceSelector }], ports: tcp(8080) }]);
  });
});

describe('after an error nothing is open', () => {
  const foreign = () => two().web;
  const rogue = (tree: ReturnType<typeof two>) => {
    new ApiObject(tree.db, 'NetworkPolicy', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'taken' } });
  };
  const cases: [string, (tree: ReturnType<typeof two>) => unknown, string, ((tree: ReturnType<typeof two>) => void)?][] = [
    ['to a workload of another app', ({ web }) => web.allowTo(foreign()),
      '[front/shop/web] allowTo: got "front/shop/web of another app"; allowed: a workload of the same app, or a NetworkPeer. '
      + 'Name the pods of another app by NetworkPeer.pods(…); their own app has to permit its half.'],
    ['from a workload of another app', ({ db }) => db.allowFrom(foreign()),
      '[back/data/db] allowFrom: got "front/shop/web of another app"; allowed: a workload of the same app, or a NetworkPeer. '
      + 'Name the pods of another app by NetworkPeer.pods(…); their own app has to permit its half.'],
    ['to a workload without port', ({ web, job }) => web.allowTo(job),
      '[front/shop/web] allowTo: got "no port"; allowed: at least one port, since job declares none. Name it, for instance Port.tcp(443).'],
    ['from anyone to a workload without port', ({ web, job }) => job.allowFrom(web),
      '[jobs/jobs/job] allowFrom: got "no port"; allowed: at least one port, since job declares none. Name it, for instance Port.tcp(443).'],
    ['to the internet without port', ({ web }) => web.allowTo(NetworkPeer.internet()),
      '[front/shop/web] allowTo: got "no port"; allowed: at least one port, since the internet declares none. Name it, for instance Port.tcp(443).'],
    ['to a port out of range', ({ web, db }) => web.allowTo(db, Port.tcp(0)),
      'port: got 0; allowed: a whole number from 1 to 65535. Give the port that the program listens on.'],
    ['to a bare number for a port', ({ web, db }) => web.allowTo(db, 5432 as unknown as Port),
      '[front/shop/web] allowTo: got 5432; allowed: values of Port. Give each port as such, for instance Port.tcp(443).'],
    ['to nothing', ({ web }) => web.allowTo(undefined as never),
      '[front/shop/web] allowTo: got undefined; allowed: a workload of this app, or a NetworkPeer. '
      + 'Make a Connections for pods that another construct runs, or name them by NetworkPeer.pods(…).'],
    ['from a construct whose connections are those of cdk8s-plus', ({ web }) => web.allowFrom({ connections: { allowTo: () => undefined } } as never),
      '[front/shop/web] allowFrom: got {"connections":{}}; allowed: a workload of this app, or a NetworkPeer. '
      + 'Make a Connections for pods that another construct runs, or name them by NetworkPeer.pods(…).'],
    ['to metadata', ({ web }) => web.allowTo(NetworkPeer.cidr('169.254.169.254/32'), Port.tcp(80)),
      '[front/shop/web] cidr: got "169.254.169.254/32"; allowed: addresses that serve no instance metadata (NSA 1.2, CIS 5.3.2). '
      + 'Give the workload an identity of its own: metadata hands out the node\'s credentials to every pod.'],
    ['to the cluster\'s own addresses', ({ web }) => web.allowTo(NetworkPeer.cidr('10.244.7.0/24'), Port.tcp(80)),
      '[front/shop/web] cidr: got "10.244.7.0/24"; allowed: addresses outside of the cluster\'s pod and service ranges (10.244.0.0/16, 10.96.0.0/12). '
      + 'Name pods by workload or by NetworkPeer.pods(…): pod addresses change, and services are translated before policies see them.'],
    ['called on a peer', ({ web }) => NetworkPeer.internet().connections.allowTo(web),
      'allowTo: got "the internet"; allowed: a workload of this app as the one that is called on. Call it on the workload, with the peer as argument.'],
    ['where the target cannot take its half', ({ web, db }) => web.allowTo(db),
      '[back/data/db] owner: got "back/data/db/NetworkPolicy"; allowed: a construct whose child NetworkPolicy is made by its one Connections. '
      + 'Use the connections that the construct has, or rename that child.', rogue],
  ];

  test.each(cases.map((each) => [...each, () => undefined].slice(0, 4) as Required<typeof each>))('%s', (_, connect, message, prepare) => {
    const tree = two();
    prepare(tree);
    const before = tree.app.synthYaml();
    expect(refusal(() => connect(tree))).toBe(message);
    expect(tree.app.synthYaml()).toBe(before);
  });
});

describe('connections of other constructs', () => {
  const refused = (props: Partial<ConnectionsProps>) => refusal(() => new Connections({ name: 'cron', ...props }));
  const owner = () => new Chart(new App(), 'c');

  test('get a policy below their owner', () => {
    const { app, chart, workload } = shop();
    const cron = new Connections({ name: 'cron', owner: new Construct(chart, 'cron'), pods: { namespaceName: 'shop', podLabels: { job: 'cron' } } });
    cron.allowTo(workload('api'));
    expect(find(app, 'NetworkPolicy', 'cron').spec).toMatchObject({ podSelector: { matchLabels: { job: 'cron' } }, egress: [{ to: [pods('shop', 'api')] }] });
  });

  test('without pods and addresses would mean everyone', () => {
    expect(refused({})).toBe(
      '[Connections cron] pods: got undefined; allowed: either pods or address ranges. Give pods, or at least one range in cidrs: a rule without peers is open to everyone.');
    expect(refused({ cidrs: [] })).toContain('[Connections cron] pods: got undefined');
  });

  test('of both pods and addresses are two', () => {
    expect(refused({ pods: { namespaceName: 'shop' }, cidrs: ['192.0.2.0/24'] })).toBe(
      '[Connections cron] cidrs: got ["192.0.2.0/24"]; allowed: either pods or address ranges. Make one Connections for the pods and one for the addresses.');
  });

  test('with an owner but no labels would be a policy for the whole namespace', () => {
    expect(refused({ owner: owner(), pods: { namespaceName: 'shop' } })).toBe(
      '[c] pods.podLabels: got undefined; allowed: the labels of the owner\'s pods. Give them: a policy without labels is one for every pod of the namespace.');
    expect(refused({ owner: owner(), pods: { namespaceName: 'shop', podLabels: {} } })).toContain('[c] podLabels: got {}; allowed: at least one label');
  });

  test('have well-formed names and ranges', () => {
    expect(refused({ owner: owner(), name: 'Cron', pods: { namespaceName: 'shop', podLabels: { a: 'b' } } })).toContain('[c] name: got "Cron"; allowed: a DNS label');
    expect(refused({ cidrs: ['10.0.0.0/33'] })).toContain('[Connections cron] cidrs[0]: got "10.0.0.0/33"');
    expect(refused({ cidrs: ['10.0.0.0/8'], exceptCidrs: ['10.0.0.1/8'] })).toContain('[Connections cron] exceptCidrs[0]: got "10.0.0.1/8"');
  });
});
