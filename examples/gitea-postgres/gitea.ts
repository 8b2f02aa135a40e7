import { Chart, Duration, Size } from 'cdk8s';
import { Cpu, Probe } from 'cdk8s-plus-28';
import {
  ClusterProfile, ControlPack, Controls, EphemeralMedium, HardenedApp, HardenedAppProps, HardenedNamespace, ImageProfile, KubernetesVersion,
  SecureWorkload, WorkloadKind,
} from 'cdk8s-hardened';

// The README names where each of these digests, paths and settings is documented.
const GITEA = 'docker.io/gitea/gitea:1.25.3-rootless@sha256:68362381faad5f237edda9cf2d81a72acb42ec52968ace3da80a1b112ddbd815';
const POSTGRES = 'docker.io/library/postgres:17.11-trixie@sha256:f4c66b820c6f974249089d3d16d86a3698eae11e8746eb6644b2271031e91232';

const HOST = 'git.example.com';
const KEYS = '/etc/gitea-keys';
const DATABASE = '/etc/gitea-database';

/** Gitea with its repositories on a volume and everything else in PostgreSQL, reached by HTTPS alone. */
export function gitea(outputs: HardenedAppProps = {}): HardenedApp {
  const cluster = new ClusterProfile({
    name: 'prod',
    kubernetesVersion: KubernetesVersion.V1_36,
    ingress: [{ namespaceName: 'ingress-nginx', podLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } }],
  });
  const app = new HardenedApp({ cluster, ...outputs });
  Controls.of(app).enforce(ControlPack.recommended());
  const namespace = new HardenedNamespace(new Chart(app, 'gitea'), 'gitea');

  const image = ImageProfile.postgres(17);
  const db = new SecureWorkload(namespace, 'db', {
    kind: WorkloadKind.STATEFUL_SET,
    image: POSTGRES,
    imageProfile: image,
    persistentPaths: [{ path: image.dataPath!, size: Size.gibibytes(10) }],
    env: { POSTGRES_USER: 'gitea', POSTGRES_DB: 'gitea', POSTGRES_PASSWORD_FILE: `${DATABASE}/password` },
    secretFiles: [{ secretName: 'gitea-database', path: DATABASE }],
    userNamespace: true,
    readiness: Probe.fromCommand(['pg_isready', '--username=gitea', '--dbname=gitea']),
    resources: { cpu: { request: Cpu.millis(250), limit: Cpu.units(1) }, memory: { limit: Size.mebibytes(512) } },
    terminationGracePeriod: Duration.minutes(2),
  });

  const web = new SecureWorkload(namespace, 'gitea', {
    image: GITEA,
    imageProfile: ImageProfile.of({ user: 1000, port: 3000, dataPath: '/var/lib/gitea' }),
    persistentPaths: [{ path: '/var/lib/gitea', size: Size.gibibytes(50) }],
    // At each start it writes its configuration there, with the secrets: they never reach the node's disk.
    ephemeralPaths: [{ path: '/etc/gitea', size: Size.mebibytes(16), medium: EphemeralMedium.MEMORY }],
    env: {
      GITEA__database__DB_TYPE: 'postgres',
      GITEA__database__HOST: 'db:5432',
      GITEA__database__NAME: 'gitea',
      GITEA__database__USER: 'gitea',
      GITEA__database__PASSWD__FILE: `${DATABASE}/password`,
      GITEA__server__DOMAIN: HOST,
      GITEA__server__ROOT_URL: `https://${HOST}/`,
      GITEA__server__DISABLE_SSH: 'true',
      GITEA__server__LFS_JWT_SECRET__FILE: `${KEYS}/lfs-jwt`,
      GITEA__oauth2__JWT_SECRET__FILE: `${KEYS}/oauth2-jwt`,
      GITEA__security__INSTALL_LOCK: 'true',
      GITEA__security__SECRET_KEY__FILE: `${KEYS}/secret-key`,
      GITEA__security__INTERNAL_TOKEN__FILE: `${KEYS}/internal-token`,
      GITEA__service__DISABLE_REGISTRATION: 'true',
      GITEA__session__COOKIE_SECURE: 'true',
    },
    secretFiles: [
      { secretName: 'gitea-database', path: DATABASE },
      { secretName: 'gitea-keys', path: KEYS },
    ],
    userNamespace: true,
    readiness: Probe.fromHttpGet('/api/healthz'),
    resources: { cpu: { request: Cpu.millis(250), limit: Cpu.units(1) }, memory: { limit: Size.mebibytes(512) } },
    terminationGracePeriod: Duration.minutes(1),
  });
  web.allowTo(db);
  web.exposeByIngress({ hosts: [HOST], clusterIssuer: 'letsencrypt-dns', ingressClassName: 'nginx' });

  return app;
}
