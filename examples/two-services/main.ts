// Two programs in two namespaces: one serves, the other may ask it, and nothing else passes.
import { Chart } from 'cdk8s';
import { HardenedApp, HardenedNamespace, NetworkPeer, Port, SecureWorkload } from 'cdk8s-hardened';

// Stands for the digest that your registry names.
const digest = `sha256:${'0'.repeat(64)}`;

const app = new HardenedApp();
const chart = new Chart(app, 'shop');

const front = new HardenedNamespace(chart, 'shop-front');
const back = new HardenedNamespace(chart, 'shop-back');
const web = new SecureWorkload(front, 'web', { image: `ghcr.io/acme/web@${digest}`, port: 8080 });
const prices = new SecureWorkload(back, 'prices', {
  image: `ghcr.io/acme/prices@${digest}`,
  port: 8080,
  secretEnv: { EXCHANGE_TOKEN: { secretName: 'exchange', key: 'token' } },
});

web.allowTo(prices);
prices.allowTo(NetworkPeer.internet(), Port.tcp(443));

app.synth();
