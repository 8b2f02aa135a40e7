import { parse, parseAllDocuments } from 'yaml';
import { Authorization, AuthorizationProps } from '../../../src/control-plane/authorization/authorization';
import { AuthorizationWebhook } from '../../../src/control-plane/authorization/authorization-webhook';
import { ControlPlaneInstaller } from '../../../src/control-plane/static-pods/control-plane-installer';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { CERTIFICATE } from '../authentication/certificate';
import { cluster, contentOf } from '../cluster';

const CONFIG = '/etc/kubernetes/authorization/config.yaml';
const INSTALLERS = [ControlPlaneInstaller.KUBEADM, ControlPlaneInstaller.STATIC_PODS];
const MINORS = Array.from({ length: 10 }, (_, i) => 28 + i);
const WEBHOOK: AuthorizationWebhook = {
  name: 'opa',
  server: 'https://opa.internal:8443/authorize',
  certificateAuthority: CERTIFICATE,
  clientCertificatePath: '/etc/kubernetes/pki/opa.crt',
  clientKeyPath: '/etc/kubernetes/pki/opa.key',
  ownUsers: ['system:serviceaccount:opa:opa'],
};

function nodesOf(props: AuthorizationProps, kubernetesVersion = KubernetesVersion.V1_36) {
  return cluster({ kubernetesVersion }, { authorization: new Authorization(props) }).nodes;
}

function authorizersOf(props: AuthorizationProps, version?: KubernetesVersion): any[] {
  return parse(contentOf(nodesOf(props, version), CONFIG)).authorizers;
}

const webhookOf = (webhook: Partial<AuthorizationWebhook> = {}) => authorizersOf({ webhooks: [{ ...WEBHOOK, ...webhook }] })[1].webhook;
const conditionsOf = (webhook: Partial<AuthorizationWebhook> = {}) => webhookOf(webhook).matchConditions.map(({ expression }: any) => expression);

describe.each(MINORS)('Kubernetes 1.%i', (minor) => {
  const version = KubernetesVersion.of(`1.${minor}`);

  test('Node and RBAC decide, in this order, and are said once: by the file or by the flag', () => {
    const nodes = nodesOf({}, version);
    const init = parseAllDocuments(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml'));
    const { extraArgs, extraVolumes } = (init[1].toJS() as any).apiServer;
    const flags: [string, string][] = Array.isArray(extraArgs) ? extraArgs.map(({ name, value }) => [name, value]) : Object.entries(extraArgs);
    const mount = extraVolumes.find(({ name }: any) => name === 'authorization');

    if (minor >= 30) {
      expect(parse(contentOf(nodes, CONFIG))).toEqual({
        apiVersion: `apiserver.config.k8s.io/${minor >= 32 ? 'v1' : 'v1beta1'}`,
        kind: 'AuthorizationConfiguration',
        authorizers: [{ type: 'Node', name: 'node' }, { type: 'RBAC', name: 'rbac' }],
      });
      expect(flags.filter(([name]) => name.startsWith('authorization'))).toEqual([['authorization-config', CONFIG]]);
      expect(mount).toMatchObject({ hostPath: '/etc/kubernetes/authorization', readOnly: true, pathType: 'Directory' });
    } else {
      expect(nodes.files.map(({ path }) => path)).not.toContain(CONFIG);
      expect(flags.filter(([name]) => name.startsWith('authorization'))).toEqual([['authorization-mode', 'Node,RBAC']]);
      expect(mount).toBeUndefined();
    }
  });

  test('a webhook is asked between them, or refused where the version has no conditions for it', () => {
    if (minor >= 30) {
      expect(authorizersOf({ webhooks: [WEBHOOK] }, version).map(({ type }) => type)).toEqual(['Node', 'Webhook', 'RBAC']);
      expect(contentOf(nodesOf({ webhooks: [WEBHOOK] }, version), CONFIG)).not.toMatch(/InClusterConfig|AlwaysAllow/);
    } else {
      expect(() => nodesOf({ webhooks: [WEBHOOK] }, version)).toThrow(new Error(
        `[kubernetes] authorization.webhooks: got ["opa"]; allowed: none before Kubernetes 1.30; the profile has 1.${minor}. Upgrade the cluster, or leave them out: `
        + 'this API server can\'t except health checks and nodes, and kubeadm would add a flag that excludes the file.'));
    }
  });
});

test.each([...INSTALLERS])('no --authorization-webhook-* is rendered for %s, which the file excludes, nor any other flag of a webhook\'s', (installer) => {
  for (const minor of MINORS) {
    const authorization = new Authorization(minor >= 30 ? { webhooks: [WEBHOOK] } : {});
    const { nodes } = cluster({ kubernetesVersion: KubernetesVersion.of(`1.${minor}`), apiEndpoints: ['https://10.0.9.9:6443'] }, { authorization, installer, kubernetesRelease: `1.${minor}.1` });

    expect(nodes.files.filter(({ path, content }) => path.endsWith('.yaml') && /authorization-webhook-|authentication-token-webhook/.test(content)).map(({ path }) => path)).toEqual([]);
  }
});

describe('a webhook', () => {
  // An API server can't be a pod that gets the cluster's own credentials: it would panic.
  test.each([[{ connectionInfo: { type: 'InClusterConfig' } }, 'connectionInfo'], [{ inCluster: true }, 'inCluster']])('can\'t be told to use the cluster\'s own connection as by %j', (more, property) => {
    expect(() => new Authorization({ webhooks: [{ ...WEBHOOK, ...more } as AuthorizationWebhook] })).toThrow(new Error(
      `[Authorization] webhooks[0].${property}: allowed: name, server, certificateAuthority, clientCertificatePath, clientKeyPath, ownUsers, exemptGroups, exemptUsers, matchConditions, `
      + 'timeoutSeconds. Correct or remove it: nobody reads it.'));
  });


  test('denies what it does not answer, in time, and is told by a kubeconfig of an absolute path', () => {
    expect(webhookOf()).toMatchObject({
      connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/etc/kubernetes/authorization/opa.kubeconfig' },
      timeout: '3s',
      failurePolicy: 'Deny',
      subjectAccessReviewVersion: 'v1',
      matchConditionSubjectAccessReviewVersion: 'v1',
    });
    expect(webhookOf({ timeoutSeconds: 30 }).timeout).toBe('30s');
  });

  test('is not asked about health checks, nodes, the controllers and itself', () => {
    expect(conditionsOf()).toEqual([
      'has(request.resourceAttributes)',
      '!has(request.groups) || !request.groups.exists(group, group in [\'system:nodes\'])',
      '!(request.user in [\'system:serviceaccount:opa:opa\', \'system:kube-controller-manager\', \'system:kube-scheduler\'])',
    ]);
  });

  test('is not asked about further users and groups, and only where all further conditions hold', () => {
    const more = 'request.resourceAttributes.namespace == "prod"';

    expect(conditionsOf({ ownUsers: [], exemptUsers: ['jane'], exemptGroups: ['system:serviceaccounts:kube-system'], matchConditions: [more] })).toEqual([
      'has(request.resourceAttributes)',
      '!has(request.groups) || !request.groups.exists(group, group in [\'system:nodes\', \'system:serviceaccounts:kube-system\'])',
      '!(request.user in [\'jane\'])',
      more,
    ]);
    expect(conditionsOf({ ownUsers: [], exemptUsers: [] })).toHaveLength(2);
    expect(conditionsOf({ matchConditions: ['has(request.resourceAttributes)'] })).toEqual(conditionsOf());
  });

  test('is reached over TLS with a certificate of the API server\'s, whose key is in no file of ours', () => {
    const { files } = nodesOf({ webhooks: [WEBHOOK] });
    const named = (path: string) => files.find((file) => file.path === path)!;
    const kubeconfig = named('/etc/kubernetes/authorization/opa.kubeconfig');

    expect(parse(kubeconfig.content)).toEqual({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'opa', cluster: { 'server': WEBHOOK.server, 'certificate-authority': '/etc/kubernetes/authorization/opa-ca.crt' } }],
      'users': [{ name: 'kube-apiserver', user: { 'client-certificate': WEBHOOK.clientCertificatePath, 'client-key': WEBHOOK.clientKeyPath } }],
      'contexts': [{ name: 'opa', context: { cluster: 'opa', user: 'kube-apiserver' } }],
      'current-context': 'opa',
    });
    expect(named('/etc/kubernetes/authorization/opa-ca.crt').content).toBe(CERTIFICATE);
    expect(files.filter(({ path }) => path.startsWith('/etc/kubernetes/authorization/')).map(({ mode }) => mode)).toEqual(['0600', '0600', '0600']);
  });

  test('comes in the order in which it was named, with files of its own', () => {
    const webhooks = [WEBHOOK, { ...WEBHOOK, name: 'audit' }];

    expect(authorizersOf({ webhooks }).map(({ name }) => name)).toEqual(['node', 'opa', 'audit', 'rbac']);
    expect(nodesOf({ webhooks }).files.map(({ path }) => path)).toEqual(expect.arrayContaining(['/etc/kubernetes/authorization/audit.kubeconfig', '/etc/kubernetes/authorization/opa.kubeconfig']));
  });
});

describe('bad input', () => {
  test.each(['modes', 'mode', 'authorizationMode'])('%s: ABAC, AlwaysAllow and another order can\'t be expressed', (property) => {
    expect(() => new Authorization({ [property]: ['AlwaysAllow'] } as AuthorizationProps)).toThrow(new Error(
      `[Authorization] ${property}: allowed: webhooks. Correct or remove it: nobody reads it.`));
  });

  test.each([
    ['a built-in\'s name', { name: 'rbac' }, 'webhooks[0].name: got "rbac"; allowed: a name other than node and rbac, which are those of the built-in authorizers. Rename it.'],
    ['an address without TLS', { server: 'http://opa.internal' },
      'webhooks[0].server: got "http://opa.internal"; allowed: an https:// address without credentials, query and fragment. Write https://opa.internal.'],
    ['a Service', { server: 'https://opa.opa.svc:8443' },
      'webhooks[0].server: got "https://opa.opa.svc:8443"; allowed: an address that the control-plane nodes themselves can resolve. '
      + 'Give an IP address or a name of your own DNS: the API server does not use the cluster\'s, and what the webhook does not answer is denied.'],
    ['no certificate', { certificateAuthority: '' },
      'webhooks[0].certificateAuthority: allowed: certificates in PEM and nothing else. Give the text of the CA\'s certificate file, which begins with -----BEGIN CERTIFICATE-----.'],
    ['a relative path', { clientCertificatePath: 'opa.crt' },
      'webhooks[0].clientCertificatePath: got "opa.crt"; allowed: a normalized path of a file below /etc/kubernetes/pki. Put it there: of the node\'s keys the API server sees that folder alone.'],
    ['a path that leaves the folder', { clientKeyPath: '/etc/kubernetes/pki/../opa.key' },
      'webhooks[0].clientKeyPath: got "/etc/kubernetes/pki/../opa.key"; allowed: a normalized path of a file below /etc/kubernetes/pki. Put it there: of the node\'s keys the API server sees that folder alone.'],
    ['no word about its own users', { ownUsers: undefined }, 'webhooks[0].ownUsers: got undefined; allowed: the users that the webhook makes requests as. '
      + 'List them, for instance [\'system:serviceaccount:opa:opa\'], or [] if it makes no requests.'],
    ['a name that would leave the expression', { ownUsers: ['x\'] || true'] },
      'webhooks[0].ownUsers: got "x\'] || true"; allowed: whole names without blanks, quotes, backslashes and wildcards. Write for instance system:serviceaccount:opa:opa.'],
    ['everybody as exempt', { exemptGroups: ['system:authenticated'] },
      'webhooks[0].exemptGroups: got "system:authenticated"; allowed: groups other than system:authenticated, system:unauthenticated, system:serviceaccounts. '
      + 'Name smaller groups: the webhook would hardly be asked about anything.'],
    ['an empty condition', { matchConditions: [''] }, 'webhooks[0].matchConditions[0]: got ""; allowed: a CEL expression that appears once. Correct or remove it.'],
    ['a condition twice', { matchConditions: ['a', 'a'] }, 'webhooks[0].matchConditions[1]: got "a"; allowed: a CEL expression that appears once. Correct or remove it.'],
    ['more conditions than the API server takes', { matchConditions: Array.from({ length: 61 }, (_, i) => `${i} > 0`) },
      'webhooks[0].matchConditions: got 61; allowed: at most 60 conditions. Join some by &&.'],
    ['a timeout of nothing', { timeoutSeconds: 0 }, 'webhooks[0].timeoutSeconds: got 0; allowed: a whole number from 1 to 30. Leave it out for 3: every request waits for the answer.'],
    ['a timeout of a minute', { timeoutSeconds: 60 }, 'webhooks[0].timeoutSeconds: got 60; allowed: a whole number from 1 to 30. Leave it out for 3: every request waits for the answer.'],
    ['a policy that lets through what is not answered', { failurePolicy: 'NoOpinion' },
      'webhooks[0].failurePolicy: allowed: name, server, certificateAuthority, clientCertificatePath, clientKeyPath, ownUsers, exemptGroups, exemptUsers, matchConditions, timeoutSeconds. '
      + 'Correct or remove it: nobody reads it.'],
  ])('%s', (_, webhook, message) => {
    expect(() => new Authorization({ webhooks: [{ ...WEBHOOK, ...webhook } as AuthorizationWebhook] })).toThrow(new Error(`[Authorization] ${message}`));
  });

  test('two webhooks of one name', () => {
    expect(() => new Authorization({ webhooks: [WEBHOOK, WEBHOOK] })).toThrow(new Error(
      '[Authorization] webhooks[1].name: got "opa"; allowed: a name that no other webhook has. Rename one of the two.'));
  });

  test('something else in place of an Authorization', () => {
    expect(() => cluster({}, { authorization: { webhooks: [] } as unknown as Authorization })).toThrow(new Error(
      '[kubernetes] authorization: got {"webhooks":[]}; allowed: an Authorization. Make it by new Authorization({ … }).'));
  });
});
