import { readFileSync } from 'fs';
import { join } from 'path';
import { nextcloud } from './nextcloud';
import { containerOf, openedTo, secretVariablesOf, Synthesized, volumeAt, writablePathsOf } from '../../test/support/synthesized';

const written = new Synthesized(nextcloud);
afterAll(() => written.remove());
const { 'Deployment nextcloud': web, 'CronJob nextcloud-jobs': jobs, 'StatefulSet db': db } = written.pods;

test('nothing that the recommended controls speak against, and nothing that was waived', () => {
  expect(JSON.parse(written.text('evidence.out/findings.json'))).toMatchObject({ summary: { findings: 0 }, waivers: [] });
});

test('the images are those that the README names, by registry and digest', () => {
  const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
  const images = Object.values(written.pods).map((pod) => containerOf(pod).image);
  expect(new Set(images).size).toBe(2);
  images.forEach((image) => {
    expect(image).toMatch(/^docker\.io\/.*:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(readme).toContain(image);
  });
});

test('the database is reached by Nextcloud and its jobs alone, and reaches nobody', () => {
  const { ingress, egress } = written.find('NetworkPolicy', 'db').spec;
  expect(openedTo(ingress)).toEqual([
    ['nextcloud', 3306], ['nextcloud-jobs', 3306],
  ]);
  expect(egress).toBeUndefined();
});

test('nobody reaches the jobs, and neither they nor Nextcloud reach the internet', () => {
  expect(written.find('NetworkPolicy', 'nextcloud-jobs').spec.ingress).toBeUndefined();
  const policies = written.objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name !== 'allow-dns');
  expect(policies.flatMap(({ spec: { egress } }) => openedTo(egress))).toEqual([['db', 3306], ['db', 3306]]);
});

test('it is served by TLS, for the one name that it trusts', () => {
  expect(written.find('Ingress', 'nextcloud').spec.tls).toEqual([{ hosts: ['cloud.example.com'], secretName: 'nextcloud-tls' }]);
  expect(containerOf(web).env).toContainEqual({ name: 'NEXTCLOUD_TRUSTED_DOMAINS', value: 'cloud.example.com' });
  expect(containerOf(web).env).toContainEqual({ name: 'OVERWRITEPROTOCOL', value: 'https' });
});

test('Apache listens on port 80 as www-data, without a capability', () => {
  expect(web).toMatchObject({ securityContext: { runAsUser: 33, fsGroup: 33, runAsNonRoot: true }, hostUsers: false });
  expect(web.securityContext.sysctls).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '80' }]);
  expect(containerOf(web).securityContext.capabilities).toEqual({ drop: ['ALL'] });
});

test('each writes where its image is documented to write, and nowhere else', () => {
  expect(writablePathsOf(web)).toEqual(['/run', '/tmp', '/var/www/html']);
  expect(writablePathsOf(jobs)).toEqual(['/run', '/tmp', '/var/www/html']);
  expect(writablePathsOf(db)).toEqual(['/run/mysqld', '/tmp', '/var/lib/mysql']);
  [web, jobs, db].forEach((pod) => expect(containerOf(pod).securityContext.readOnlyRootFilesystem).toBe(true));
});

test('uploads have room where PHP puts them', () => {
  expect(volumeAt(web, '/tmp').emptyDir).toEqual({ sizeLimit: '2Gi' });
  expect(containerOf(web).resources.limits['ephemeral-storage']).toBe('3Gi');
});

test('the jobs work on the files of Nextcloud, which several nodes may mount, every five minutes and never twice at once', () => {
  const { claimName } = volumeAt(web, '/var/www/html').persistentVolumeClaim;
  expect(volumeAt(jobs, '/var/www/html').persistentVolumeClaim).toEqual({ claimName });
  expect(written.find('PersistentVolumeClaim', claimName).spec.accessModes).toEqual(['ReadWriteMany']);
  expect(written.find('CronJob', 'nextcloud-jobs').spec).toMatchObject({ schedule: '*/5 * * * *', concurrencyPolicy: 'Forbid' });
});

test('secrets are files, the root password is in the database alone, and nobody holds a token', () => {
  expect(volumeAt(db, '/etc/nextcloud-database').secret).toEqual({ secretName: 'nextcloud-database', defaultMode: 0o440 });
  expect(volumeAt(web, '/etc/nextcloud-database').secret.items).toEqual([{ key: 'password', path: 'password' }]);
  expect(jobs.volumes.filter(({ secret }: any) => secret)).toEqual([]);
  for (const pod of [web, jobs, db]) {
    expect(secretVariablesOf(pod, '/etc/nextcloud-')).toEqual([]);
    expect(pod.automountServiceAccountToken).toBe(false);
  }
});
