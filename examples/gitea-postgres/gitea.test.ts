import { readFileSync } from 'fs';
import { join } from 'path';
import { gitea } from './gitea';
import { containerOf, openedTo, secretVariablesOf, Synthesized, volumeAt, writablePathsOf } from '../../test/support/synthesized';

const written = new Synthesized(gitea);
afterAll(() => written.remove());
const { 'Deployment gitea': web, 'StatefulSet db': db } = written.pods;

test('nothing that the recommended controls speak against, and nothing that was waived', () => {
  expect(JSON.parse(written.text('evidence.out/findings.json'))).toMatchObject({ summary: { findings: 0 }, waivers: [] });
});

test('the images are those that the README names, by registry and digest', () => {
  const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
  const images = Object.values(written.pods).map((pod) => containerOf(pod).image);
  expect(images).toHaveLength(2);
  images.forEach((image) => {
    expect(image).toMatch(/^docker\.io\/.*:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(readme).toContain(image);
  });
});

test('the database is reached by Gitea alone, and reaches nobody', () => {
  const { ingress, egress } = written.find('NetworkPolicy', 'db').spec;
  expect(openedTo(ingress)).toEqual([['gitea', 5432]]);
  expect(egress).toBeUndefined();
});

test('Gitea is reached by the ingress controller alone, and reaches the database alone', () => {
  const { ingress, egress } = written.find('NetworkPolicy', 'gitea').spec;
  expect(openedTo(ingress)).toEqual([['ingress-nginx', 3000]]);
  expect(openedTo(egress)).toEqual([['db', 5432]]);
});

test('it is served by TLS, and SSH is closed', () => {
  expect(written.find('Ingress', 'gitea').spec.tls).toEqual([{ hosts: ['git.example.com'], secretName: 'gitea-tls' }]);
  expect(containerOf(web).env).toContainEqual({ name: 'GITEA__server__DISABLE_SSH', value: 'true' });
  expect(containerOf(web).ports).toEqual([{ containerPort: 3000, protocol: 'TCP' }]);
});

test('secrets are files, none is a variable, and what Gitea makes of them stays in memory', () => {
  expect(volumeAt(web, '/etc/gitea-keys').secret).toMatchObject({ secretName: 'gitea-keys', defaultMode: 0o440 });
  for (const pod of [web, db]) {
    expect(volumeAt(pod, '/etc/gitea-database').secret.secretName).toBe('gitea-database');
    expect(secretVariablesOf(pod, '/etc/gitea-')).toEqual([]);
  }
  expect(volumeAt(web, '/etc/gitea').emptyDir.medium).toBe('Memory');
});

test('each writes where its image is documented to write, and nowhere else', () => {
  expect(writablePathsOf(web)).toEqual(['/etc/gitea', '/tmp', '/var/lib/gitea']);
  expect(writablePathsOf(db)).toEqual(['/tmp', '/var/lib/postgresql/data', '/var/run/postgresql']);
  [web, db].forEach((pod) => expect(containerOf(pod).securityContext.readOnlyRootFilesystem).toBe(true));
});

test('each runs as the user of its image, who is nobody on the node, and holds no token', () => {
  expect(web).toMatchObject({ securityContext: { runAsUser: 1000, fsGroup: 1000 }, automountServiceAccountToken: false, hostUsers: false });
  expect(db).toMatchObject({ securityContext: { runAsUser: 999, fsGroup: 999 }, automountServiceAccountToken: false, hostUsers: false });
  expect(JSON.stringify([web, db])).not.toContain('serviceAccountToken"');
});

test('one pod at a time has the repositories', () => {
  expect(written.find('Deployment', 'gitea').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
});
