import { Chart, Cron, Duration, Size } from 'cdk8s';
import { Cpu, Probe } from 'cdk8s-plus-28';
import {
  ClusterProfile, ControlPack, Controls, HardenedApp, HardenedAppProps, HardenedNamespace, ImageProfile, KubernetesVersion, SecureWorkload,
  VolumeAccess, WorkloadKind,
} from 'cdk8s-hardened';

// The README names where each of these digests, paths and settings is documented.
const NEXTCLOUD = 'docker.io/library/nextcloud:34.0.3-apache@sha256:b97df9e0e1ee3c8c6cc009cb3f12ddce915d624d543b3bb93882025fe323a407';
const MARIADB = 'docker.io/library/mariadb:11.8.9-noble@sha256:2d2f4095530294735a857cfe22bb101e19b0849b416911c796ec4aa81b164a62';

const HOST = 'cloud.example.com';
const HTML = '/var/www/html';
const DATABASE = '/etc/nextcloud-database';
const ADMIN = '/etc/nextcloud-admin';
const PODS = '10.244.0.0/16';
/** How it is reached, behind ingress controllers that run as pods. */
const OUTSIDE = { OVERWRITEHOST: HOST, OVERWRITEPROTOCOL: 'https', OVERWRITECLIURL: `https://${HOST}`, TRUSTED_PROXIES: PODS };

/** Nextcloud as Apache serves it, the files of its users on a volume that its background jobs share, and MariaDB. */
export function nextcloud(outputs: HardenedAppProps = {}): HardenedApp {
  const cluster = new ClusterProfile({
    name: 'prod',
    kubernetesVersion: KubernetesVersion.V1_36,
    podCidrs: [PODS],
    ingress: [{ namespaceName: 'ingress-nginx', podLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } }],
  });
  const app = new HardenedApp({ cluster, ...outputs });
  Controls.of(app).enforce(ControlPack.recommended());
  const namespace = new HardenedNamespace(new Chart(app, 'nextcloud'), 'nextcloud');

  const image = ImageProfile.mariadb();
  const db = new SecureWorkload(namespace, 'db', {
    kind: WorkloadKind.STATEFUL_SET,
    image: MARIADB,
    imageProfile: image,
    persistentPaths: [{ path: image.dataPath!, size: Size.gibibytes(10) }],
    args: ['--transaction-isolation=READ-COMMITTED', '--log-bin=binlog', '--binlog-format=ROW'],
    env: {
      MARIADB_DATABASE: 'nextcloud',
      MARIADB_USER: 'nextcloud',
      MARIADB_PASSWORD_FILE: `${DATABASE}/password`,
      MARIADB_ROOT_PASSWORD_FILE: `${DATABASE}/root-password`,
      MARIADB_AUTO_UPGRADE: '1',
    },
    secretFiles: [{ secretName: 'nextcloud-database', path: DATABASE }],
    userNamespace: true,
    readiness: Probe.fromCommand(['healthcheck.sh', '--connect', '--innodb_initialized'], { timeoutSeconds: Duration.seconds(5) }),
    resources: { cpu: { request: Cpu.millis(250), limit: Cpu.units(1) }, memory: { limit: Size.gibibytes(1) } },
    terminationGracePeriod: Duration.minutes(2),
  });

  const apache = ImageProfile.of({ user: 33, port: 80, dataPath: HTML, writablePaths: ['/run'] });
  const web = new SecureWorkload(namespace, 'nextcloud', {
    image: NEXTCLOUD,
    imageProfile: apache,
    replicas: 1,
    persistentPaths: [{ path: HTML, size: Size.gibibytes(100), access: VolumeAccess.READ_WRITE_MANY }],
    ephemeralPaths: [{ path: '/tmp', size: Size.gibibytes(2) }],
    env: {
      MYSQL_HOST: 'db',
      MYSQL_DATABASE: 'nextcloud',
      MYSQL_USER: 'nextcloud',
      MYSQL_PASSWORD_FILE: `${DATABASE}/password`,
      NEXTCLOUD_ADMIN_USER_FILE: `${ADMIN}/user`,
      NEXTCLOUD_ADMIN_PASSWORD_FILE: `${ADMIN}/password`,
      NEXTCLOUD_TRUSTED_DOMAINS: HOST,
      ...OUTSIDE,
    },
    secretFiles: [
      { secretName: 'nextcloud-database', path: DATABASE, items: { password: 'password' } },
      { secretName: 'nextcloud-admin', path: ADMIN },
    ],
    userNamespace: true,
    // It answers to its own name alone.
    readiness: Probe.fromCommand(['curl', '-fsS', '-o', '/dev/null', '-H', `Host: ${HOST}`, 'http://localhost/status.php'], {
      timeoutSeconds: Duration.seconds(5),
    }),
    startup: Probe.fromTcpSocket({ periodSeconds: Duration.seconds(10), failureThreshold: 90 }),
    resources: {
      cpu: { request: Cpu.millis(500), limit: Cpu.units(2) },
      memory: { limit: Size.gibibytes(1) },
      ephemeralStorage: { limit: Size.gibibytes(3) },
    },
  });
  const jobs = new SecureWorkload(namespace, 'nextcloud-jobs', {
    kind: WorkloadKind.CRON_JOB,
    schedule: { cron: Cron.schedule({ minute: '*/5' }) },
    image: NEXTCLOUD,
    imageProfile: apache,
    command: ['php', '-f', `${HTML}/cron.php`],
    env: OUTSIDE,
    persistentPaths: [{ path: HTML, claimName: web.claimName(HTML) }],
    userNamespace: true,
    resources: { memory: { limit: Size.gibibytes(1) } },
  });
  web.allowTo(db);
  jobs.allowTo(db);
  web.exposeByIngress({
    hosts: [HOST],
    clusterIssuer: 'letsencrypt-dns',
    ingressClassName: 'nginx',
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '512m' },
  });

  return app;
}
