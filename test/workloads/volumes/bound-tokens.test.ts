import { Duration } from 'cdk8s';
import { ApiResource } from 'cdk8s-plus-28';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { find, names, refusal, shop, templateOf } from '../fixtures';
import { violations } from '../restricted';

const VAULT = { audience: 'vault', path: '/var/run/secrets/tokens/vault' };

describe('a token for somebody else than the API server', () => {
  const { app, workload } = shop();
  workload('web').addToken(VAULT);
  const template = templateOf(find(app, 'Deployment'));

  test('is bound to the pod, for that audience, for an hour, and only the pod\'s group reads it', () => {
    expect(template.spec.volumes).toContainEqual({
      name: 'tokens', projected: { defaultMode: 0o440, sources: [{ serviceAccountToken: { audience: 'vault', expirationSeconds: 3600, path: 'vault' } }] },
    });
    expect(template.spec.containers[0].volumeMounts).toContainEqual({ mountPath: '/var/run/secrets/tokens', name: 'tokens', readOnly: true });
  });

  test('brings no permissions, no connection and no token for the API server', () => {
    expect(names(app).filter((name) => /Role|NetworkPolicy\/shop\/web/.test(name))).toEqual([]);
    expect(JSON.stringify(template)).not.toContain('kubernetes.io/serviceaccount');
    expect(template.spec.automountServiceAccountToken).toBe(false);
  });

  test('keeps the pods within restricted', () => {
    expect(violations(template)).toEqual([]);
  });
});

test('tokens of one directory share a volume, whatever came first; others have their own, none with a name that is taken', () => {
  const volumes = (...paths: string[]) => {
    const { app, workload } = shop(new ClusterProfile({ name: 'prod', controlPlaneCidrs: ['10.0.16.0/28'] }));
    const web = workload('web', { writablePaths: ['/tokens', '/kube-api-access'] });
    paths.forEach((path) => web.addToken({ ...VAULT, path }));
    web.grantRead(ApiResource.PODS);
    return templateOf(find(app, 'Deployment')).spec.volumes.filter((volume: any) => volume.projected)
      .map(({ name, projected }: any) => [name, ...projected.sources.map(({ serviceAccountToken }: any) => serviceAccountToken?.path).filter(Boolean)].join(' '));
  };
  expect(volumes('/run/a/one', '/run/b/two', '/run/a/three')).toEqual(['tokens-2 one three', 'tokens-3 two', 'kube-api-access-2 token']);
});

test.each(Object.values(WorkloadKind))('every kind may have one: %s', (kind) => {
  const { app, workload } = shop();
  workload('web', { kind }).addToken({ ...VAULT, expiry: Duration.minutes(10) });
  expect(JSON.stringify(templateOf(find(app, kind)).spec.volumes)).toContain('{"audience":"vault","expirationSeconds":600,"path":"vault"}');
});

describe('refused', () => {
  const API = 'Grant what the program needs of the API: grantRead and grantWrite bring a token, permissions and the connection together.';
  const EXPIRY = 'allowed: whole seconds from 10 minutes, the least that the API takes, to 24 hours. Give it like Duration.hours(1): the kubelet renews the token by itself.';
  test.each<[string, object, string]>([
    ['a property that nobody reads', { expires: 1 }, 'token.expires: allowed: audience, path, expiry. Correct or remove it: nobody reads it. Did you mean "expiry"?'],
    ['no audience', { audience: '' }, 'audience: got ""; allowed: who is to accept the token, as it asks for, without blanks. Give the audience that the other side checks, for instance vault.'],
    ['the API server as audience', { audience: 'https://kubernetes.default.svc' }, `audience: got "https://kubernetes.default.svc"; allowed: somebody else than the API server. ${API}`],
    ['the API server by its full name', { audience: 'https://kubernetes.default.svc.cluster.local' }, `audience: got "https://kubernetes.default.svc.cluster.local"; allowed: somebody else than the API server. ${API}`],
    ['less than ten minutes', { expiry: Duration.seconds(599) }, `expiry: got "599 s"; ${EXPIRY}`],
    ['more than a day', { expiry: Duration.hours(25) }, `expiry: got "90000 s"; ${EXPIRY}`],
    ['parts of seconds', { expiry: Duration.millis(700_500) }, `expiry: got "700.5 s"; ${EXPIRY}`],
    ['a number', { expiry: 3600 }, `expiry: got 3600; ${EXPIRY}`],
    ['a relative path', { path: 'vault' }, 'path: got "vault"; allowed: an absolute, normalized path of a directory below the root, without ":" and blanks. Give the path in the container, for instance /var/cache/nginx.'],
    ['a file in the root', { path: '/vault' }, 'path: got "/vault"; allowed: a file in a directory of its own, outside of /var/run/secrets/kubernetes.io/serviceaccount. Give it one, for instance /var/run/secrets/tokens/vault.'],
    ['the place of the API server\'s token', { path: '/var/run/secrets/kubernetes.io/serviceaccount/token' }, 'path: got "/var/run/secrets/kubernetes.io/serviceaccount/token"; allowed: a file in a directory of its own, outside of /var/run/secrets/kubernetes.io/serviceaccount. Give it one, for instance /var/run/secrets/tokens/vault.'],
    ['a path twice', { path: '/run/other/taken' }, 'path: got "/run/other/taken"; allowed: a path that no other token has. Give each token a file of its own.'],
    ['a directory of something else', { path: '/tmp/token' }, 'path: got "/tmp, where something is mounted already"; allowed: a directory that nothing is mounted at. Choose a directory that nothing is mounted at.'],
  ])('%s', (_what, props, message) => {
    const { app, workload } = shop();
    const web = workload('web');
    web.addToken({ audience: 'other', path: '/run/other/taken' });
    const before = find(app, 'Deployment');
    expect(refusal(() => web.addToken({ ...VAULT, ...props } as any))).toBe(`[c/shop/web] ${message}`);
    expect(find(app, 'Deployment')).toEqual(before);
  });
});
