import { ApiResource } from 'cdk8s-plus-28';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { Distribution } from '../../src/core/distribution';
import { Port } from '../../src/core/port';
import { shop, written } from '../workloads/fixtures';

const FACTS = { name: 'prod', controlPlaneCidrs: ['10.0.16.0/24'], podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.96.0.0/16'] };

function policies(profile: ClusterProfile) {
  const { app, workload, namespace } = shop(profile);
  const web = workload('web', { furtherPorts: { webhook: Port.tcp(9443) } });
  web.grantRead(ApiResource.CONFIG_MAPS);
  web.grantRead(ApiResource.SERVICES);
  web.allowFromApiServer();
  web.allowFromApiServer(Port.tcp(9443));
  namespace.allowFromApiServer(Port.tcpRange(10000, 10010));
  return written(app).filter(({ kind }) => kind === 'CiliumNetworkPolicy');
}

test('Cilium knows the API server by what it is: the connection is opened for the entity as well, once a direction', () => {
  const web = { namespace: 'shop', endpointSelector: { matchLabels: { 'app.kubernetes.io/name': 'web' } } };
  const made = policies(new ClusterProfile({ ...FACTS, cni: Cni.CILIUM }));
  expect(made.map(({ metadata: { name, namespace }, spec }) => ({ name, namespace, ...spec }))).toEqual([
    { ...web, name: 'web-to-api-server', egress: [{ toEntities: ['kube-apiserver'], toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] }] },
    {
      ...web, name: 'web-from-api-server',
      ingress: [{ fromEntities: ['kube-apiserver'], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }, { port: '9443', protocol: 'TCP' }] }] }],
    },
    {
      name: 'allow-api-server', namespace: 'shop', endpointSelector: {},
      ingress: [{ fromEntities: ['kube-apiserver'], toPorts: [{ ports: [{ port: '10000', endPort: 10010, protocol: 'TCP' }] }] }],
    },
  ]);
});

test('other plugins, and control planes outside of the cluster, are reached by address alone', () => {
  expect(policies(new ClusterProfile({ ...FACTS, cni: Cni.CALICO }))).toEqual([]);
  expect(policies(new ClusterProfile({ ...FACTS, distribution: Distribution.AKS, cni: Cni.CILIUM }))).toEqual([]);
});
