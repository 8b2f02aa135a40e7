import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { ImageName } from './images';
import { TestNode } from './node';
import { ImageProfile } from '../../../src/supply-chain/image-profile';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';

/** A program, how it's declared, and what it must be able to do. */
export interface Server {
  readonly image: ImageName;
  readonly props: Omit<SecureWorkloadProps, 'image'>;
  /** Who it runs as, whatever the image says. */
  readonly user: number;
  /** Proves that it does its work, not only that its port is open. */
  readonly answers: (node: TestNode, pod: any) => Promise<void>;
  /** Folders that it may write to, as the kernel names them. */
  readonly writes: readonly string[];
  /** How paths begin that it leaves behind once it has answered: something in each folder of its image's profile. */
  readonly leaves: readonly string[];
}

/** The servers that must run as workloads, by the workload's name. Each claim of a postgres takes a volume: add them to the node before. */
export const SERVERS: Record<string, Server> = {
  'probe': {
    image: 'probe',
    props: { port: 8080, replicas: 2 },
    user: 10001,
    answers: (node, pod) => answersHttp(node, pod, 8080, 'ok\n'),
    writes: ['/tmp'],
    leaves: [],
  },
  'distroless': {
    image: 'probe',
    props: { imageProfile: ImageProfile.distroless(), port: 8080, replicas: 1 },
    user: 65532,
    answers: (node, pod) => answersHttp(node, pod, 8080, 'ok\n'),
    writes: ['/tmp'],
    leaves: [],
  },
  'nginx': {
    image: 'nginx',
    props: { imageProfile: ImageProfile.nginx(), replicas: 1 },
    user: 101,
    answers: (node, pod) => answersHttp(node, pod, 80, 'nginx\n'),
    writes: ['/tmp', '/var/cache/nginx', '/run'],
    leaves: ['/run/nginx.pid', '/var/cache/nginx/client_temp'],
  },
  'nginx-debian': {
    image: 'nginx-debian',
    props: { imageProfile: ImageProfile.debianNginx(), replicas: 1 },
    user: 33,
    answers: (node, pod) => answersHttp(node, pod, 80, 'nginx\n'),
    writes: ['/tmp', '/var/lib/nginx', '/var/log/nginx', '/run'],
    leaves: ['/run/nginx.pid', '/var/lib/nginx/body', '/var/log/nginx/access.log', '/var/log/nginx/error.log'],
  },
  'redis': {
    image: 'redis',
    props: { imageProfile: ImageProfile.redis(), replicas: 1, writablePaths: ['/data'] },
    user: 999,
    answers: savesInRedis,
    writes: ['/tmp', '/data'],
    leaves: ['/data/dump.rdb'],
  },
  'redis-debian': {
    image: 'redis-debian',
    props: { imageProfile: ImageProfile.debianRedis(101), replicas: 1, writablePaths: ['/var/lib/redis'] },
    user: 101,
    answers: savesInRedis,
    writes: ['/tmp', '/var/lib/redis', '/var/log/redis', '/run/redis'],
    leaves: ['/run/redis/redis-server.pid', '/var/lib/redis/dump.rdb', '/var/log/redis/redis-server.log'],
  },
  'postgres': {
    image: 'postgres',
    props: {
      kind: WorkloadKind.STATEFUL_SET, imageProfile: ImageProfile.postgres(15), persistentPaths: [{ path: '/var/lib/postgresql/data', size: Size.mebibytes(512) }],
    },
    user: 999,
    answers: answersSql,
    writes: ['/tmp', '/var/lib/postgresql/data', '/run/postgresql'],
    leaves: ['/run/postgresql/.s.PGSQL.5432', '/var/lib/postgresql/data/pgdata/PG_VERSION'],
  },
  'postgres-debian': {
    image: 'postgres',
    props: {
      kind: WorkloadKind.STATEFUL_SET, imageProfile: ImageProfile.debianPostgres(15, 999), persistentPaths: [{ path: '/var/lib/postgresql', size: Size.mebibytes(512) }],
    },
    user: 999,
    answers: answersSql,
    writes: ['/tmp', '/var/lib/postgresql', '/run/postgresql'],
    leaves: ['/run/postgresql/.s.PGSQL.5432', '/var/lib/postgresql/15/main/PG_VERSION'],
  },
  'node': {
    image: 'node',
    props: { imageProfile: ImageProfile.node(), port: 8080, replicas: 1 },
    user: 1000,
    answers: (node, pod) => answersHttp(node, pod, 8080, 'node\n'),
    writes: ['/tmp'],
    leaves: [],
  },
  'java': {
    image: 'java',
    props: { imageProfile: ImageProfile.java(), port: 8080, replicas: 1, resources: { cpu: { request: Cpu.millis(100), limit: Cpu.units(2) } } },
    user: 10001,
    answers: (node, pod) => answersHttp(node, pod, 8080, 'java\n'),
    writes: ['/tmp'],
    leaves: ['/tmp/server'],
  },
};

async function answersHttp(node: TestNode, pod: any, port: number, text: string): Promise<void> {
  expect(await node.http(pod.metadata, port)).toMatchObject({ status: 200, body: text });
}

async function savesInRedis(node: TestNode, pod: any): Promise<void> {
  const answer = '+OK\r\n+OK\r\n$2\r\n42\r\n';
  expect(await talk(node, pod, 6379, 'SET answer 42\r\nSAVE\r\nGET answer\r\n', answer.length)).toBe(answer);
}

async function answersSql(node: TestNode, pod: any): Promise<void> {
  const sql = 'create table t (n int); insert into t values (41); checkpoint; select n + 1 from t';
  const { stdout, stderr } = await node.exec(pod.metadata, ['psql', '--username=postgres', '--tuples-only', '--no-align', `--command=${sql}`]);
  expect({ answer: stdout.trim().split('\n').at(-1), stderr }).toEqual({ answer: '42', stderr: '' });
  // An SSLRequest, which it answers by one letter.
  expect(await talk(node, pod, 5432, Buffer.from('0000000804d2162f', 'hex'), 1)).toBe('N');
}

/** Sends bytes to a pod's port and returns as many as are expected. */
async function talk(node: TestNode, pod: any, port: number, request: string | Buffer, length: number): Promise<string> {
  const socket = await node.connect(pod.status.podIP, port);
  try {
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer from port ${port}`)));
    socket.write(request);
    let answer = '';
    for await (const chunk of socket.setEncoding('latin1')) {
      answer += chunk;
      if (answer.length >= length) {
        break;
      }
    }
    return answer;
  } finally {
    socket.destroy();
  }
}
