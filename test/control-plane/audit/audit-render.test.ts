import { Construct } from 'constructs';
import { parse } from 'yaml';
import { auditLog } from '../../../src/control-plane/audit/audit-log';
import { AuditLogOptions } from '../../../src/control-plane/audit/audit-log-options';
import { AuditPolicy } from '../../../src/control-plane/audit/audit-policy';
import { addAudit } from '../../../src/control-plane/audit/audit-render';
import { AuditWebhook } from '../../../src/control-plane/audit/audit-webhook';
import { AuditWebhookProps } from '../../../src/control-plane/audit/audit-webhook-props';
import { Component } from '../../../src/control-plane/component/component';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { messageOf } from '../../core/message-of';
import { CERTIFICATE } from '../authentication/certificate';
import { cluster, contentOf, nodeFilesApp } from '../cluster';

const WEBHOOK: AuditWebhookProps = {
  server: 'https://audit.example.com:8443/events',
  certificateAuthority: CERTIFICATE,
  clientCertificatePath: '/etc/kubernetes/pki/audit-client.crt',
  clientKeyPath: '/etc/kubernetes/pki/audit-client.key',
};

/** 1.28 to 1.37. */
const MINORS = Array.from({ length: 10 }, (_, i) => 28 + i);

function render(options: AuditLogOptions = {}, webhook?: AuditWebhook, kubernetesVersion = KubernetesVersion.V1_36) {
  const at = new Construct(nodeFilesApp(), 'kubernetes');
  const { flags, mounts } = new Component('kube-apiserver', 'kubernetes');
  const profile = new ClusterProfile({ name: 'prod', kubernetesVersion });
  const files = addAudit({ policy: AuditPolicy.recommended(), log: auditLog(options, at), webhook }, { at, profile, flags, mounts });
  return { files, mounts: mounts.all, flags: Object.fromEntries(flags.all.map(({ name, value }) => [name, value])) };
}

describe('the log', () => {
  test('has all three limits, as the defaults differ between versions and none means no rotation', () => {
    expect(render().flags).toEqual({
      'audit-log-maxage': '30', 'audit-log-maxbackup': '10', 'audit-log-maxsize': '100', 'audit-log-path': '/var/log/kubernetes/audit/audit.log',
      'audit-policy-file': '/etc/kubernetes/audit/policy.yaml',
    });
    expect(render({ maxAgeDays: 90, maxBackups: 50, maxSizeMebibytes: 200 }).flags).toMatchObject({
      'audit-log-maxage': '90', 'audit-log-maxbackup': '50', 'audit-log-maxsize': '200',
    });
  });

  test('is never without a policy, nor a policy without a log: either alone records nothing, in silence', () => {
    const { flags, files, mounts } = render({ directory: '/var/log/trail' });

    expect(flags['audit-log-path']).toBe('/var/log/trail/audit.log');
    expect(flags['audit-policy-file']).toBe(files[0].path);
    expect(mounts).toEqual([
      { name: 'audit-log', path: '/var/log/trail', readOnly: false, pathType: 'DirectoryOrCreate' },
      { name: 'audit-policy', path: '/etc/kubernetes/audit/policy.yaml', readOnly: true, pathType: 'File' },
    ]);
  });

  test('is compressed where that is wished', () => {
    expect(render({ compressed: true }).flags['audit-log-compress']).toBe('true');
    expect(render({ compressed: false }).flags).not.toHaveProperty('audit-log-compress');
  });

  test('a misspelt option and one of the wrong type are refused', () => {
    expect(messageOf(() => render({ maxAge: 90 } as AuditLogOptions))).toBe(
      '[kubernetes] auditLog.maxAge: allowed: directory, maxAgeDays, maxBackups, maxSizeMebibytes, compressed. Correct or remove it: nobody reads it.');
    expect(messageOf(() => render({ compressed: 'no' as never }))).toBe('[kubernetes] auditLog.compressed: got "no"; allowed: true or false. Leave it out for false.');
  });
});

describe('the webhook', () => {
  test('is called over mutual TLS by a kubeconfig without a key, in a folder that is mounted read-only', () => {
    const { files, mounts } = render({}, new AuditWebhook(WEBHOOK));

    expect(files.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'restricted /etc/kubernetes/audit/policy.yaml', 'restricted /etc/kubernetes/audit-webhook/collector.kubeconfig', 'restricted /etc/kubernetes/audit-webhook/collector-ca.crt',
    ]);
    expect(parse(files[1].content)).toMatchObject({
      kind: 'Config',
      clusters: [{ cluster: { 'server': WEBHOOK.server, 'certificate-authority': files[2].path } }],
      users: [{ user: { 'client-certificate': WEBHOOK.clientCertificatePath, 'client-key': WEBHOOK.clientKeyPath } }],
    });
    expect(files.map(({ content }) => content).join('')).not.toContain('PRIVATE KEY');
    expect(mounts).toContainEqual({ name: 'audit-webhook', path: '/etc/kubernetes/audit-webhook', readOnly: true, pathType: 'Directory' });
  });

  test.each(MINORS)('gets batches, for which no request waits, and the file stays (1.%s)', (minor) => {
    expect(render({}, new AuditWebhook(WEBHOOK), KubernetesVersion.of(`1.${minor}`)).flags).toEqual({
      ...render().flags,
      'audit-webhook-batch-buffer-size': '10000',
      'audit-webhook-batch-max-size': '400',
      'audit-webhook-batch-max-wait': '30s',
      'audit-webhook-batch-throttle-burst': '15',
      'audit-webhook-batch-throttle-enable': 'true',
      'audit-webhook-batch-throttle-qps': '10',
      'audit-webhook-config-file': '/etc/kubernetes/audit-webhook/collector.kubeconfig',
      'audit-webhook-initial-backoff': '10s',
      'audit-webhook-mode': 'batch',
      'audit-webhook-truncate-enabled': 'true',
      'audit-webhook-truncate-max-batch-size': '10485760',
      'audit-webhook-truncate-max-event-size': '102400',
    });
  });

  test('takes other portions', () => {
    const webhook = new AuditWebhook({
      ...WEBHOOK, bufferSize: 50, maxBatchSize: 5, maxBatchWaitSeconds: 1, throttleQps: 2, throttleBurst: 3, initialBackoffSeconds: 4,
      maxEventBytes: 8192, maxBatchBytes: 65536,
    });

    expect(render({}, webhook).flags).toMatchObject({
      'audit-webhook-batch-buffer-size': '50', 'audit-webhook-batch-max-size': '5', 'audit-webhook-batch-max-wait': '1s', 'audit-webhook-batch-throttle-qps': '2',
      'audit-webhook-batch-throttle-burst': '3', 'audit-webhook-initial-backoff': '4s', 'audit-webhook-truncate-max-event-size': '8192',
      'audit-webhook-truncate-max-batch-size': '65536',
    });
    expect(render({}, new AuditWebhook({ ...WEBHOOK, bufferSize: 50 })).flags['audit-webhook-batch-max-size']).toBe('50');
  });

  test('a control plane without one has none of it, and with one all of it in what kubeadm reads', () => {
    const init = (auditWebhook?: AuditWebhook) => {
      const { nodes } = cluster({}, { auditWebhook });
      return { paths: nodes.files.map(({ path }) => path), text: contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml') };
    };
    const [without, withOne] = [init(), init(new AuditWebhook(WEBHOOK))];

    expect(without.text).not.toContain('audit-webhook');
    expect(without.paths.filter((path) => path.includes('audit-webhook'))).toEqual([]);
    expect(withOne.text).toMatch(/name: audit-webhook-config-file\n\s+value: \/etc\/kubernetes\/audit-webhook\/collector\.kubeconfig/);
    expect(withOne.text).toMatch(/name: audit-webhook\n\s+hostPath: \/etc\/kubernetes\/audit-webhook\n/);
    expect(withOne.paths).toEqual(expect.arrayContaining(['/etc/kubernetes/audit-webhook/collector.kubeconfig', '/etc/kubernetes/audit-webhook/collector-ca.crt']));
  });
});

describe('bad input', () => {
  const make = (props: object) => messageOf(() => new AuditWebhook({ ...WEBHOOK, ...props }));

  test.each([
    ['http://audit.example.com', 'an https:// address without credentials, query and fragment. Write https://audit.example.com.'],
    ['https://audit.logging.svc:8443', 'an address that the control-plane nodes themselves can resolve. Give an IP address or a name of your own DNS: the API server '
      + 'does not use the cluster\'s, and what can\'t be sent is lost to the collector.'],
  ])('the address %s', (server, rest) => {
    expect(make({ server })).toBe(`[AuditWebhook] server: got "${server}"; allowed: ${rest}`);
  });

  test('a key in place of the path, which is not shown, or elsewhere', () => {
    expect(make({ clientKeyPath: '/root/audit.key' })).toBe('[AuditWebhook] clientKeyPath: got "/root/audit.key"; allowed: a normalized path of a file below '
      + '/etc/kubernetes/pki. Put it there: of the node\'s keys the API server sees that folder alone.');
    expect(make({ certificateAuthority: '-----BEGIN PRIVATE KEY-----x' })).toBe('[AuditWebhook] certificateAuthority: allowed: certificates in PEM and nothing else. '
      + 'Give the text of the CA\'s certificate file, which begins with -----BEGIN CERTIFICATE-----.');
  });

  test.each(['/etc/ssl/ca.crt', 'ca.pem', './pki/audit-ca.cer', 'C:\\pki\\ca.crt'])('the CA\'s path %s in place of its text', (certificateAuthority) => {
    expect(make({ certificateAuthority })).toBe('[AuditWebhook] certificateAuthority: allowed: certificates in PEM and nothing else. '
      + 'That is a path, and no file is read: give the file\'s text, for instance readFileSync(path, \'utf8\') of node:fs.');
  });

  test.each([
    ['bufferSize', 0, 1, 1_000_000], ['maxBatchSize', 10_001, 1, 10_000], ['maxBatchWaitSeconds', 0, 1, 300],
    ['throttleQps', 0.5, 1, 1_000], ['throttleBurst', 0, 1, 1_000],
    ['initialBackoffSeconds', -1, 1, 300], ['maxEventBytes', 100, 4_096, 10_485_760], ['maxBatchBytes', 102_399, 102_400, 104_857_600],
  ])('%s of %s', (property, value, least, most) => {
    expect(make({ [property]: value })).toBe(
      `[AuditWebhook] ${property}: got ${value}; allowed: a whole number from ${least} to ${most}. Correct it, or leave it out for the default.`);
  });

  test('a mode can\'t be said', () => {
    expect(make({ mode: 'blocking-strict' })).toBe('[AuditWebhook] mode: allowed: server, certificateAuthority, clientCertificatePath, clientKeyPath, bufferSize, '
      + 'maxBatchSize, maxBatchWaitSeconds, throttleQps, throttleBurst, initialBackoffSeconds, maxEventBytes, maxBatchBytes. Correct or remove it: nobody reads it.');
  });

  test('properties alone in place of a policy or a webhook', () => {
    expect(messageOf(() => cluster({}, { auditWebhook: WEBHOOK as never }))).toContain('allowed: an AuditWebhook. Make it by new AuditWebhook({ … }).');
    expect(messageOf(() => cluster({}, { audit: { rules: [] } as never }))).toBe(
      '[kubernetes] audit: got {"rules":[]}; allowed: an AuditPolicy. Take one such as AuditPolicy.recommended(), or make it by AuditPolicy.of({ … }).');
  });
});
