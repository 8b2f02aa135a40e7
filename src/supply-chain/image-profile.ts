import { invalid } from '../core/errors';
import { lock } from '../core/immutable';
import { checkProps, KnownProps } from '../core/known-props';
import { checkList } from '../core/list';
import { markAs } from '../core/made-by';
import { checkMountPath } from '../core/mount-path';
import { checkPort } from '../core/port';
import { checkUnixId } from '../core/unix-id';

/** What an image needs to run as an ordinary user on a read-only root filesystem. */
export interface ImageProfileProps {
  /**
   * User id that the image is made for, from 1 on.
   * @default - any
   */
  readonly user?: number;
  /**
   * Group id that the image is made for, from 1 on.
   * @default - the same as `user`
   */
  readonly group?: number;
  /**
   * TCP port that its program listens on.
   * @default - none, or one that the application chooses
   */
  readonly port?: number;
  /**
   * Directories besides `/tmp` that its program writes to and that may begin empty with each pod.
   * @default - none
   */
  readonly writablePaths?: string[];
  /**
   * Directory that its program keeps its data in.
   * @default - it keeps none
   */
  readonly dataPath?: string;
  /**
   * Environment variables without which it wouldn't run so.
   * @default - none
   */
  readonly env?: Record<string, string>;
}

const PROPS: KnownProps<ImageProfileProps> = { user: true, group: true, port: true, writablePaths: true, dataPath: true, env: true };

/**
 * What an image needs to run as an ordinary user on a read-only root filesystem: whose it is, where it writes, where it listens and where its data
 * is. `imageProfile` of a SecureWorkload completes the workload with it; whatever the workload states itself comes first.
 *
 * Each profile names where its facts are from. All hold for the image's defaults: a configuration of your own may need other paths.
 */
export class ImageProfile {
  /**
   * A profile of an image of your own.
   * @throws if an id is root's or none, a port or path is malformed, or the data are in a directory that begins empty
   */
  public static of(props: ImageProfileProps): ImageProfile {
    const at = 'ImageProfile.of';
    checkProps(props, PROPS, { at });
    checkUnixId('user', props.user, at);
    checkUnixId('group', props.group, at);
    if (props.port !== undefined) {
      checkPort(props.port, 'port', at);
    }
    const writable = checkList(props.writablePaths ?? [], 'writablePaths', 'paths', at);
    writable.forEach((path, i) => checkMountPath(path, `writablePaths[${i}]`, at));
    if (props.dataPath !== undefined) {
      checkMountPath(props.dataPath, 'dataPath', at);
      if (writable.some((path) => props.dataPath === path || props.dataPath!.startsWith(`${path}/`))) {
        throw invalid({
          at, property: 'dataPath', got: props.dataPath, allowed: 'a directory outside of writablePaths, which begin empty with each pod', fix: 'Leave it out of one of the two.',
        });
      }
    }
    if (props.env !== undefined && (typeof props.env !== 'object' || props.env === null || Object.values(props.env).some((value) => typeof value !== 'string'))) {
      throw invalid({ at, property: 'env', allowed: 'an object of texts', fix: 'Write it like { NAME: \'value\' }.' });
    }
    return new ImageProfile(props);
  }

  /**
   * The image `nginx`, as user 101 on port 80. Its master process needs no root: a pod below a SecureWorkload may listen on any port.
   * Temporary files are below /var/cache/nginx, the pid file in /run.
   *
   * Source: nginxinc/docker-nginx, Dockerfile-debian.template.
   */
  public static nginx(): ImageProfile {
    return ImageProfile.of({ user: 101, port: 80, writablePaths: ['/var/cache/nginx', '/run'] });
  }

  /**
   * The image `nginxinc/nginx-unprivileged`, as user 101 on port 8080. All that it writes is in /tmp.
   *
   * Source: nginxinc/docker-nginx-unprivileged, Dockerfile-debian.template.
   */
  public static nginxUnprivileged(): ImageProfile {
    return ImageProfile.of({ user: 101, port: 8080 });
  }

  /**
   * nginx as Debian packages it, as user 33 (www-data). Temporary files are below /var/lib/nginx, logs in /var/log/nginx, the pid file in /run.
   * Its site listens on port 80.
   *
   * Source: configure arguments that `nginx -V` prints in Debian 12; base-passwd for the user.
   */
  public static debianNginx(): ImageProfile {
    return ImageProfile.of({ user: 33, port: 80, writablePaths: ['/var/lib/nginx', '/var/log/nginx', '/run'] });
  }

  /**
   * The image `postgres` on Debian, as user 999. Up to version 17 its data are in /var/lib/postgresql/data: the variable PGDATA names a directory
   * of its own in there, since the root of a volume may have a `lost+found`, and initdb wants an empty one. From 18 on they are in
   * /var/lib/postgresql. Its password comes from POSTGRES_PASSWORD, or a file that POSTGRES_PASSWORD_FILE names.
   *
   * Source: docker-library/postgres, Dockerfile-debian.template, 18/trixie/Dockerfile and docker-entrypoint.sh.
   * @param majorVersion for instance 17
   */
  public static postgres(majorVersion: number): ImageProfile {
    return ImageProfile.of({ ...postgresProps(majorVersion, 'ImageProfile.postgres'), user: 999 });
  }

  /**
   * The image `postgres` on Alpine, as user 70; else as `postgres`.
   *
   * Source: docker-library/postgres, 18/alpine3.23/Dockerfile.
   * @param majorVersion for instance 17
   */
  public static postgresAlpine(majorVersion: number): ImageProfile {
    return ImageProfile.of({ ...postgresProps(majorVersion, 'ImageProfile.postgresAlpine'), user: 70 });
  }

  /**
   * PostgreSQL as Debian packages it. Its data are in /var/lib/postgresql, sockets in /var/run/postgresql; PGDATA is the cluster `main`.
   *
   * Source: postgresql-common of Debian 12: pg_createcluster.
   * @param majorVersion for instance 15
   * @param user user and group id of `postgres` in the image: Debian gives it whichever is free
   */
  public static debianPostgres(majorVersion: number, user: number): ImageProfile {
    checkMajorVersion(majorVersion, 'ImageProfile.debianPostgres');
    return ImageProfile.of({
      user, port: 5432, writablePaths: ['/var/run/postgresql'], dataPath: '/var/lib/postgresql', env: { PGDATA: `/var/lib/postgresql/${majorVersion}/main` },
    });
  }

  /**
   * The image `redis`, as user 999. Its data are in /data; on Alpine too, where the group has another id, which does not matter to a volume.
   *
   * Source: docker-library/repo-info, `redis:8-bookworm` and `redis:alpine`.
   */
  public static redis(): ImageProfile {
    return ImageProfile.of({ user: 999, port: 6379, dataPath: '/data' });
  }

  /**
   * Redis as Debian packages it: data in /var/lib/redis, logs in /var/log/redis, pid file and socket in /run/redis.
   *
   * Source: redis.conf of Debian 12.
   * @param user user and group id of `redis` in the image: Debian gives it whichever is free
   */
  public static debianRedis(user: number): ImageProfile {
    return ImageProfile.of({ user, port: 6379, writablePaths: ['/var/log/redis', '/run/redis'], dataPath: '/var/lib/redis' });
  }

  /**
   * The image `valkey/valkey`, as user 999. Its data are in /data.
   *
   * Source: valkey-io/valkey-container, Dockerfile.template.
   */
  public static valkey(): ImageProfile {
    return ImageProfile.of({ user: 999, port: 6379, dataPath: '/data' });
  }

  /**
   * The image `mysql`, as user 999. Its data are in /var/lib/mysql, sockets in /var/run/mysqld.
   *
   * Source: docker-library/mysql, template/Dockerfile.oracle.
   */
  public static mysql(): ImageProfile {
    return ImageProfile.of({ user: 999, port: 3306, writablePaths: ['/var/run/mysqld'], dataPath: '/var/lib/mysql' });
  }

  /**
   * The image `mariadb`, as user 999. Its data are in /var/lib/mysql, sockets in /run/mysqld, which it makes writable to any user.
   *
   * Source: MariaDB/mariadb-docker, 11.4/Dockerfile; docker-library/repo-info for the user of its UBI variant.
   */
  public static mariadb(): ImageProfile {
    return ImageProfile.of({ user: 999, port: 3306, writablePaths: ['/run/mysqld'], dataPath: '/var/lib/mysql' });
  }

  /**
   * The image `rabbitmq` on Ubuntu, as user 999, for AMQP on port 5672. Its data, and the cookie of its cluster, are in /var/lib/rabbitmq.
   *
   * Source: docker-library/rabbitmq, Dockerfile-ubuntu.template.
   */
  public static rabbitmq(): ImageProfile {
    return ImageProfile.of({ user: 999, port: 5672, writablePaths: ['/var/log/rabbitmq'], dataPath: '/var/lib/rabbitmq' });
  }

  /**
   * The image `rabbitmq` on Alpine, as user 100 and group 101; else as `rabbitmq`.
   *
   * Source: docker-library/rabbitmq, Dockerfile-alpine.template.
   */
  public static rabbitmqAlpine(): ImageProfile {
    return ImageProfile.of({ user: 100, group: 101, port: 5672, writablePaths: ['/var/log/rabbitmq'], dataPath: '/var/lib/rabbitmq' });
  }

  /**
   * The image `memcached`, as user 11211. It writes nothing.
   *
   * Source: docker-library/memcached, 1/debian/Dockerfile.
   */
  public static memcached(): ImageProfile {
    return ImageProfile.of({ user: 11211, port: 11211 });
  }

  /**
   * The image `node`, as user 1000. Node.js writes nothing but /tmp; the port is the application's.
   *
   * Source: nodejs/docker-node, 22/trixie-slim/Dockerfile.
   */
  public static node(): ImageProfile {
    return ImageProfile.of({ user: 1000 });
  }

  /**
   * Images with a Java virtual machine, such as `eclipse-temurin`: any user will do. What the JVM writes, such as its performance data
   * (hsperfdata) and what libraries unpack, is in /tmp, which is writable; the port is the application's.
   *
   * Source: JDK, `-XX:+UsePerfData` and the property `java.io.tmpdir`.
   */
  public static java(): ImageProfile {
    return ImageProfile.of({});
  }

  /**
   * The image `python`: any user will do. Python leaves out its byte code (`__pycache__`) where it can't write; the port is the application's.
   *
   * Source: The Python Language Reference, the import system, cached bytecode.
   */
  public static python(): ImageProfile {
    return ImageProfile.of({});
  }

  /**
   * Microsoft's images of .NET from version 8 on, as user 1654 on port 8080.
   *
   * Source: dotnet/dotnet-docker, runtime-deps of 8.0: APP_UID and ASPNETCORE_HTTP_PORTS.
   */
  public static dotnet(): ImageProfile {
    return ImageProfile.of({ user: 1654, port: 8080 });
  }

  /**
   * Distroless images with the tag `nonroot`, as user 65532; the port is the application's.
   *
   * Source: GoogleContainerTools/distroless, common/variables.bzl.
   */
  public static distroless(): ImageProfile {
    return ImageProfile.of({ user: 65532 });
  }

  /** User id that the image is made for. */
  public readonly user?: number;
  /** Group id that the image is made for. */
  public readonly group?: number;
  /** TCP port that its program listens on. */
  public readonly port?: number;
  /** Directory that its program keeps its data in: give it a persistent volume, or let the data end with the pod. */
  public readonly dataPath?: string;
  private readonly writable: readonly string[];
  private readonly variables: Readonly<Record<string, string>>;

  private constructor({ user, group, port, dataPath, writablePaths, env }: ImageProfileProps) {
    this.user = user;
    this.group = group ?? user;
    this.port = port;
    this.dataPath = dataPath;
    this.writable = [...new Set(writablePaths)];
    this.variables = { ...env };
    lock(this);
    markAs('ImageProfile', this);
  }

  /** Directories besides `/tmp` that its program writes to. */
  public get writablePaths(): string[] {
    return [...this.writable];
  }

  /** Environment variables that it needs. */
  public get env(): Record<string, string> {
    return { ...this.variables };
  }
}

function postgresProps(majorVersion: number, at: string): ImageProfileProps {
  checkMajorVersion(majorVersion, at);
  const common = { port: 5432, writablePaths: ['/var/run/postgresql'] };
  return majorVersion >= 18
    ? { ...common, dataPath: '/var/lib/postgresql' }
    : { ...common, dataPath: '/var/lib/postgresql/data', env: { PGDATA: '/var/lib/postgresql/data/pgdata' } };
}

function checkMajorVersion(majorVersion: number, at: string): void {
  if (!Number.isInteger(majorVersion) || majorVersion < 10 || majorVersion > 99) {
    throw invalid({ at, property: 'majorVersion', got: majorVersion, allowed: 'a major version of PostgreSQL from 10 on', fix: 'Give it as a number, for instance 17.' });
  }
}
