import { stringify } from 'yaml';
import { hardened } from './editing';
import { edited } from '../../../src/cli/harden/text-edits';

const SECRET = 'swordfish';

/** All that `harden --diff` may show of an object, were every line near a change. */
function shown(object: object, isJson = false): string {
  return shownOf(isJson ? JSON.stringify(object, undefined, 2) : stringify(object));
}

function shownOf(content: string): string {
  const { text, edits, masks } = hardened(content);
  expect(edits.length).toBeGreaterThan(0);
  return edited(text, masks);
}

const podWith = (container: object, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', ...metadata }, spec: { ...spec, containers: [{ ...container, name: 'c', image: 'x' }], hostPID: true },
});
/** Beside an object that changes. */
const listWith = (object: object) => ({ apiVersion: 'v1', kind: 'List', items: [object, podWith({})] });

describe.each([['YAML', false], ['JSON', true]])('in %s, what may be secret is not shown', (_, isJson) => {
  test.each<[string, object]>([
    ['variables as texts', podWith({ env: [`DB_HOST=${SECRET}`] })],
    ['variables as a map', podWith({ env: { GREETING: SECRET } })],
    ['a variable as a map of its name', podWith({ env: [{ GREETING: SECRET }] })],
    ['variables that are a text', podWith({ env: `GREETING=${SECRET}` })],
    ['a reference that is a text', podWith({ env: [{ name: 'GREETING', valueFrom: SECRET }] })],
    ['a reference that holds the value', podWith({ env: [{ name: 'GREETING', valueFrom: { secretKeyRef: { value: SECRET } } }] })],
    ['sources of variables that are texts', podWith({ envFrom: [SECRET] })],
    ['secrets for images that are a text', podWith({}, { imagePullSecrets: SECRET })],
    ['secrets for images that are texts', podWith({}, { imagePullSecrets: [SECRET] })],
    ['secrets for images that are a map', podWith({}, { imagePullSecrets: [{ 'name': 'regcred', '.dockerconfigjson': SECRET }] })],
    ['headers of probes', podWith({ livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'X-Greeting', value: SECRET }] } } })],
    ['headers of probes as a map', podWith({ livenessProbe: { httpGet: { port: 80, httpHeaders: { 'X-Greeting': SECRET } } } })],
    ['the query of a path', podWith({ livenessProbe: { httpGet: { port: 80, path: `/health?full=1&code=${SECRET}` } } })],
    ['a signature in an address', podWith({}, { volumes: [{ name: 'v', azureDisk: { diskName: 'd', diskURI: `https://a.blob.core.windows.net/d.vhd?sv=1&sig=${SECRET}` } }] })],
    ['a snippet for the proxy', listWith({ spec: {}, apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i', annotations: { 'nginx.ingress.kubernetes.io/server-snippet': `set $x "${SECRET}";` } } })],
    ['several snippets for the proxy', listWith({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i', annotations: { 'nginx.org/location-snippets': `set $x "${SECRET}";\nreturn 200;\n` } } })],
    ['what was applied last', podWith({}, {}, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"spec":{"containers":[{"env":[{"name":"A","value":"${SECRET}"}]}]}}` } })],
    ['what a Secret holds under another name', listWith({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, Data: { a: SECRET } })],
    ['what a Secret holds under no name', listWith({ 'apiVersion': 'v1', 'kind': 'Secret', 'metadata': { name: 's' }, 'type': 'Opaque', 'token-file': SECRET })],
    ['what a ConfigMap holds under another name', listWith({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 's' }, string_data: { a: SECRET } })],
    ['a command under another name', podWith({ Args: [SECRET] })],
  ])('%s', (__, object) => {
    const text = shown(object, isJson);
    expect(text).not.toContain(SECRET);
    expect(text).toContain('(not shown)');
  });
});

test('what is no secret is shown: labels, names, references, paths', () => {
  const text = shown(podWith({
    env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop-token', key: 'token' } } }, { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
    envFrom: [{ prefix: 'A_', configMapRef: { name: 'settings' } }],
    livenessProbe: { httpGet: { path: '/health', port: 80 } },
  }, { imagePullSecrets: [{ name: 'regcred' }], nodeSelector: { env: 'prod' } }, { labels: { env: 'prod' } }));
  expect(text).not.toContain('not shown');
});

test('what comes by a merge key, or has a key that is none, is not shown', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostPID: true\n  containers:\n  - name: c\n    image: x\n';
  expect(shownOf(`${pod}    env:\n    - name: A\n      <<: {value: swordfish}\n`)).toContain('      <<: (not shown)\n');
});
