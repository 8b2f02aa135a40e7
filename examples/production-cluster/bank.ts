import { Duration, Size } from 'cdk8s';
import { ContainerResources, Cpu, Probe } from 'cdk8s-plus-28';
import { HardenedNamespace, SecretKey, SecureWorkload, SecureWorkloadProps, WorkloadKind } from 'cdk8s-hardened';

const REGISTRY = 'us-central1-docker.pkg.dev/bank-of-anthos-ci/bank-of-anthos';
const COMMON = { LOCAL_ROUTING_NUM: '883745000', PUB_KEY_PATH: '/tmp/.ssh/publickey', ENABLE_TRACING: 'false', ENABLE_METRICS: 'false' };
const ADDRESSES = {
  TRANSACTIONS_API_ADDR: 'ledgerwriter:8080',
  BALANCES_API_ADDR: 'balancereader:8080',
  HISTORY_API_ADDR: 'transactionhistory:8080',
  CONTACTS_API_ADDR: 'contacts:8080',
  USERSERVICE_API_ADDR: 'userservice:8080',
};
const PUBLIC_KEY = { 'jwtRS256.key.pub': 'publickey' };

/** Bank of Anthos v0.6.10: nine services as published, each with the connections it needs and no others. */
export function bank(namespace: HardenedNamespace): void {
  const run = (name: string, digest: string, props: Omit<SecureWorkloadProps, 'image'>) =>
    new SecureWorkload(namespace, name, { image: `${REGISTRY}/${name}:v0.6.10@sha256:${digest}`, user: 1000, ...props });
  const service = (name: string, digest: string, props: Partial<SecureWorkloadProps>) => run(name, digest, {
    port: 8080,
    readiness: httpGet('/ready'),
    secretFiles: [{ secretName: 'jwt-key', path: '/tmp/.ssh', items: PUBLIC_KEY }],
    ...props,
    env: { ...COMMON, VERSION: 'v0.6.10', PORT: '8080', LOG_LEVEL: 'info', ...props.env },
  });
  const java = (name: string, digest: string, props: Partial<SecureWorkloadProps> = {}) => service(name, digest, {
    resources: resources(100, 500, 256, 512),
    startup: httpGet('/ready', 30),
    liveness: httpGet('/healthy'),
    secretEnv: keysOf('ledger-db', 'SPRING_DATASOURCE_URL', 'SPRING_DATASOURCE_USERNAME', 'SPRING_DATASOURCE_PASSWORD'),
    ...props,
    env: { JVM_OPTS: '-XX:+UseContainerSupport -XX:MaxRAMPercentage=70', ...props.env },
  });
  const database = (name: string, digest: string, size: ContainerResources) => run(name, digest, {
    kind: WorkloadKind.STATEFUL_SET,
    port: 5432,
    user: 70,
    resources: size,
    persistentPaths: [{ path: '/var/lib/postgresql/data', size: Size.gibibytes(10) }],
    writablePaths: ['/var/run/postgresql'],
    env: { LOCAL_ROUTING_NUM: COMMON.LOCAL_ROUTING_NUM, PGDATA: '/var/lib/postgresql/data/pgdata', USE_DEMO_DATA: 'False' },
    secretEnv: keysOf(name, 'POSTGRES_DB', 'POSTGRES_USER', 'POSTGRES_PASSWORD'),
  });

  const accountsDb = database('accounts-db', 'd95c4094c75f69069b915ef3adc99a8f95e43077885140cdeeb90d807ea74eff', resources(100, 250, 128, 512));
  const ledgerDb = database('ledger-db', '891cb7afe34f358ce7ed7002a1923b25e113b30bca44fecb10cc8b116d665a03', resources(100, 250, 512, 1024));

  const userservice = service('userservice', 'd8c4412edc46ab105000f721788b73301651cc43b19cee7e7302739f81882dcc', {
    resources: resources(260, 500, 128, 256),
    env: { PRIV_KEY_PATH: '/tmp/.ssh/privatekey', TOKEN_EXPIRY_SECONDS: '3600' },
    secretEnv: keysOf('accounts-db', 'ACCOUNTS_DB_URI'),
    secretFiles: [{ secretName: 'jwt-key', path: '/tmp/.ssh', items: { ...PUBLIC_KEY, 'jwtRS256.key': 'privatekey' } }],
  });
  const contacts = service('contacts', '90d47594270e64f8dafa6da52c89ff70c2483cca0821dff2cc38b1450ac7a6b9', {
    resources: resources(100, 250, 64, 128),
    secretEnv: keysOf('accounts-db', 'ACCOUNTS_DB_URI'),
  });
  const balancereader = java('balancereader', 'feae443c650786c253bbfa3447d0902dd1689122c13962f97ccc37068d73733b');
  const transactionhistory = java('transactionhistory', '109cdad9c29a46af2708574ac4635dd73afa30cc020a4fef0266abcde87db744');
  const ledgerwriter = java('ledgerwriter', 'eae37de0d9b28fec7534c1ea860868c87279b0a85b405f8fd66c3d7734e3e42f', {
    readiness: Probe.fromHttpGet('/ready', { port: 8080, initialDelaySeconds: Duration.seconds(60) }),
    liveness: httpGet('/ready'),
    env: ADDRESSES,
  });
  const frontend = service('frontend', '076294ce717309f711743fa3b72a9809c7f156edf1c4fa58505fd9f436d65345', {
    servicePort: 80,
    liveness: httpGet('/ready'),
    resources: resources(100, 250, 64, 128),
    env: { ...ADDRESSES, SCHEME: 'https' },
    secretEnv: keysOf('demo-login', 'DEFAULT_USERNAME', 'DEFAULT_PASSWORD'),
  });
  const loadgenerator = run('loadgenerator', 'dd7e27f1b1bcbb9c85070eb900a6060d098d06d62ef03f98182424919895df83', {
    replicas: 1,
    resources: resources(100, 250, 512, 1024),
    env: { FRONTEND_ADDR: 'frontend:80', USERS: '5', LOG_LEVEL: 'error' },
  });

  [userservice, contacts, balancereader, transactionhistory, ledgerwriter].forEach((backend) => frontend.allowTo(backend));
  ledgerwriter.allowTo(balancereader);
  [userservice, contacts].forEach((user) => user.allowTo(accountsDb));
  [ledgerwriter, balancereader, transactionhistory].forEach((reader) => reader.allowTo(ledgerDb));
  loadgenerator.allowTo(frontend);
  frontend.allowFromIngress();
}

function httpGet(path: string, failureThreshold = 3): Probe {
  return Probe.fromHttpGet(path, { port: 8080, failureThreshold });
}

/** Variables that take the key of their own name from one Secret, which an operator or a secret store puts there. */
function keysOf(secretName: string, ...keys: string[]): Record<string, SecretKey> {
  return Object.fromEntries(keys.map((key) => [key, { secretName, key }]));
}

function resources(cpu: number, cpuLimit: number, memory: number, memoryLimit: number): ContainerResources {
  return {
    cpu: { request: Cpu.millis(cpu), limit: Cpu.millis(cpuLimit) },
    memory: { request: Size.mebibytes(memory), limit: Size.mebibytes(memoryLimit) },
  };
}
