import { ImageProfile, ImageProfileProps } from '../../src/supply-chain/image-profile';
import { refusal } from '../workloads/fixtures';

const refused = (props: unknown) => refusal(() => ImageProfile.of(props as ImageProfileProps));

describe('what is known of an image', () => {
  const facts = ({ user, group, port, dataPath, writablePaths, env }: ImageProfile) => ({ user, group, port, dataPath, writablePaths, env });
  const known = (given: object) => (
    { user: undefined, group: undefined, port: undefined, dataPath: undefined, writablePaths: [], env: {}, ...given });

  test.each<[string, ImageProfile, object]>([
    ['nginx', ImageProfile.nginx(), { user: 101, group: 101, port: 80, writablePaths: ['/var/cache/nginx', '/run'] }],
    ['nginx-unprivileged', ImageProfile.nginxUnprivileged(), { user: 101, group: 101, port: 8080 }],
    ['Debian\'s nginx', ImageProfile.debianNginx(), { user: 33, group: 33, port: 80, writablePaths: ['/var/lib/nginx', '/var/log/nginx', '/run'] }],
    ['postgres 17', ImageProfile.postgres(17), {
      user: 999, group: 999, port: 5432, writablePaths: ['/var/run/postgresql'], dataPath: '/var/lib/postgresql/data', env: { PGDATA: '/var/lib/postgresql/data/pgdata' },
    }],
    ['postgres 18', ImageProfile.postgres(18), { user: 999, group: 999, port: 5432, writablePaths: ['/var/run/postgresql'], dataPath: '/var/lib/postgresql' }],
    ['postgres on Alpine', ImageProfile.postgresAlpine(18), { user: 70, group: 70, port: 5432, writablePaths: ['/var/run/postgresql'], dataPath: '/var/lib/postgresql' }],
    ['Debian\'s PostgreSQL', ImageProfile.debianPostgres(15, 105), {
      user: 105, group: 105, port: 5432, writablePaths: ['/var/run/postgresql'], dataPath: '/var/lib/postgresql', env: { PGDATA: '/var/lib/postgresql/15/main' },
    }],
    ['redis', ImageProfile.redis(), { user: 999, group: 999, port: 6379, dataPath: '/data' }],
    ['Debian\'s Redis', ImageProfile.debianRedis(101), { user: 101, group: 101, port: 6379, writablePaths: ['/var/log/redis', '/run/redis'], dataPath: '/var/lib/redis' }],
    ['valkey', ImageProfile.valkey(), { user: 999, group: 999, port: 6379, dataPath: '/data' }],
    ['mysql', ImageProfile.mysql(), { user: 999, group: 999, port: 3306, writablePaths: ['/var/run/mysqld'], dataPath: '/var/lib/mysql' }],
    ['mariadb', ImageProfile.mariadb(), { user: 999, group: 999, port: 3306, writablePaths: ['/run/mysqld'], dataPath: '/var/lib/mysql' }],
    ['rabbitmq', ImageProfile.rabbitmq(), { user: 999, group: 999, port: 5672, writablePaths: ['/var/log/rabbitmq'], dataPath: '/var/lib/rabbitmq' }],
    ['rabbitmq on Alpine', ImageProfile.rabbitmqAlpine(), { user: 100, group: 101, port: 5672, writablePaths: ['/var/log/rabbitmq'], dataPath: '/var/lib/rabbitmq' }],
    ['memcached', ImageProfile.memcached(), { user: 11211, group: 11211, port: 11211 }],
    ['node', ImageProfile.node(), { user: 1000, group: 1000 }],
    ['java', ImageProfile.java(), {}],
    ['python', ImageProfile.python(), {}],
    ['dotnet', ImageProfile.dotnet(), { user: 1654, group: 1654, port: 8080 }],
    ['distroless', ImageProfile.distroless(), { user: 65532, group: 65532 }],
    ['one of your own', ImageProfile.of({ user: 5, group: 6, port: 1, dataPath: '/d', writablePaths: ['/a', '/a'], env: { A: 'b' } }),
      { user: 5, group: 6, port: 1, dataPath: '/d', writablePaths: ['/a'], env: { A: 'b' } }],
  ])('%s', (_, profile, expected) => {
    expect(facts(profile)).toEqual(known(expected));
  });

  test('can\'t be changed by who reads it', () => {
    const profile = ImageProfile.of({ user: 5, writablePaths: ['/a'], env: { A: 'b' } });
    profile.writablePaths.push('/b');
    profile.env.C = 'd';
    expect([profile.writablePaths, profile.env]).toEqual([['/a'], { A: 'b' }]);
    expect(() => Object.assign(profile, { user: 0 })).toThrow(TypeError);
  });
});

describe('a profile is refused', () => {
  test.each<[object, string]>([
    [{ user: 0 }, 'user: got 0; allowed: a whole number from 1 to 2147483647 (PSS restricted, CIS 5.2.7). Give an id other than root\'s.'],
    [{ group: -1 }, 'group: got -1; allowed: a whole number from 1 to 2147483647 (PSS restricted, CIS 5.2.7). Give an id other than root\'s.'],
    [{ port: 65536 }, 'port: got 65536; allowed: a whole number from 1 to 65535. Give the port that the program listens on.'],
    [{ writablePaths: '/run' }, 'writablePaths: got "/run"; allowed: a list of paths. Put it in a list: writablePaths: [ … ].'],
    [{ writablePaths: ['run'] },
      'writablePaths[0]: got "run"; allowed: an absolute, normalized path of a directory below the root, without ":" and blanks. Give the path in the container, for instance /var/cache/nginx.'],
    [{ dataPath: '/proc/1' }, 'dataPath: got "/proc/1"; allowed: a path outside of /proc, /sys and /dev (but for /dev/shm). Leave it out: the container runtime mounts these.'],
    [{ dataPath: '/data', writablePaths: ['/data'] }, 'dataPath: got "/data"; allowed: a directory outside of writablePaths, which begin empty with each pod. Leave it out of one of the two.'],
    [{ dataPath: '/var/lib/x', writablePaths: ['/var/lib'] },
      'dataPath: got "/var/lib/x"; allowed: a directory outside of writablePaths, which begin empty with each pod. Leave it out of one of the two.'],
    [{ env: { A: 1 } }, 'env: allowed: an object of texts. Write it like { NAME: \'value\' }.'],
    [{ uid: 5 }, 'uid: allowed: user, group, port, writablePaths, dataPath, env. Correct or remove it: nobody reads it.'],
  ])('%j', (props, message) => {
    expect(refused(props)).toBe(`[ImageProfile.of] ${message}`);
  });

  test.each([
    ['ImageProfile.postgres', () => ImageProfile.postgres('17' as any), '"17"'], ['ImageProfile.postgresAlpine', () => ImageProfile.postgresAlpine(9), '9'],
    ['ImageProfile.debianPostgres', () => ImageProfile.debianPostgres(15.4, 105), '15.4'],
  ])('of %s with a version that is none', (name, make, got) => {
    expect(refusal(make)).toBe(`[${name}] majorVersion: got ${got}; allowed: a major version of PostgreSQL from 10 on. Give it as a number, for instance 17.`);
  });
});
