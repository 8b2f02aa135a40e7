import { ImageRecipe } from './container-images';

/** Parts of dependencies that programs load for other features than those that are tested; they are most of the bytes. */
const HEAVY = [
  'usr/lib/*/libLLVM*', 'usr/lib/locale', 'usr/lib/*/libz3*', 'usr/lib/postgresql/*/lib/bitcode', 'usr/lib/postgresql/*/lib/llvmjit*', 'usr/lib/*/perl*', 'usr/share/perl*',
  'usr/lib/jvm/*/jmods', 'usr/lib/jvm/*/lib/*.zip',
];

/** As in the public image and in Debian's package, on a port that has been root's. */
const SITE = 'server { listen 80; root /usr/share/nginx/html; location / { index index.html; } }\n';

/** As in the image `nginx`: temporary files below /var/cache/nginx, a pid file below /run, logs to the container's output. */
const NGINX_CONF = `user nginx;
worker_processes 1;
pid /run/nginx.pid;
error_log /dev/stderr notice;
events { worker_connections 64; }
http {
  access_log /dev/stdout;
  client_body_temp_path /var/cache/nginx/client_temp;
  proxy_temp_path /var/cache/nginx/proxy_temp;
  fastcgi_temp_path /var/cache/nginx/fastcgi_temp;
  uwsgi_temp_path /var/cache/nginx/uwsgi_temp;
  scgi_temp_path /var/cache/nginx/scgi_temp;
  include /etc/nginx/conf.d/*.conf;
}
`;

const POSTGRES_ENTRYPOINT = `#!/bin/sh
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username=postgres --auth-local=trust --auth-host=scram-sha-256 --no-sync
fi
exec "$@"
`;

const NODE_PROGRAM = `const { createServer } = require('http');
const server = createServer((_, response) => response.end('node\\n')).listen(8080);
process.on('SIGTERM', () => server.close(() => console.log('stopped')));
`;

const JAVA_PROGRAM = `import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;

public class Server {
  public static void main(String[] args) throws Exception {
    Files.createTempFile("server", ".tmp");
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, 5);
      exchange.getResponseBody().write("java\\n".getBytes());
      exchange.close();
    });
    server.start();
  }
}
`;

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Real servers from Debian's packages. Those without a suffix have the user, entrypoint and paths of the popular public image of the name, as
 * far as they matter to a read-only root; those that end in `-debian` are set up as Debian does it.
 */
export const IMAGES = {
  /** The first process of each pod. */
  'pause': { config: { Entrypoint: ['/probe', 'pause'] } },
  /** Nothing but the test program. */
  'probe': { config: { Entrypoint: ['/probe'], Cmd: ['serve', '8080'] } },
  'nginx': {
    packages: ['nginx'],
    files: { '/etc/nginx/nginx.conf': NGINX_CONF, '/etc/nginx/conf.d/default.conf': SITE, '/usr/share/nginx/html/index.html': 'nginx\n' },
    folders: { '/var/cache/nginx': 101 },
    accounts: { nginx: 101 },
    config: { Entrypoint: ['nginx'], Cmd: ['-g', 'daemon off;'], Env: [PATH] },
  },
  'nginx-debian': {
    packages: ['nginx'],
    files: { '/etc/nginx/sites-enabled/default': SITE, '/usr/share/nginx/html/index.html': 'nginx\n' },
    folders: { '/var/log/nginx': 33, '/var/lib/nginx': 33 },
    accounts: { 'www-data': 33 },
    config: { Entrypoint: ['nginx'], Cmd: ['-g', 'daemon off;'], Env: [PATH] },
  },
  'redis': {
    packages: ['redis-server'],
    without: HEAVY,
    folders: { '/data': 999 },
    accounts: { redis: 999 },
    config: { Cmd: ['redis-server', '--protected-mode', 'no'], Env: [PATH], WorkingDir: '/data' },
  },
  'redis-debian': {
    packages: ['redis-server'],
    without: HEAVY,
    folders: { '/var/lib/redis': 101, '/var/log/redis': 101, '/run/redis': 101 },
    accounts: { redis: 101 },
    config: { Cmd: ['redis-server', '/etc/redis/redis.conf', '--daemonize', 'no', '--bind', '*', '--protected-mode', 'no'], Env: [PATH] },
  },
  'postgres': {
    packages: ['postgresql-15', 'dash', 'coreutils'],
    without: HEAVY,
    files: { '/usr/local/bin/docker-entrypoint.sh': POSTGRES_ENTRYPOINT },
    folders: { '/var/lib/postgresql': 999, '/var/lib/postgresql/data': 999, '/run/postgresql': 999 },
    accounts: { postgres: 999 },
    config: {
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['postgres', '-c', 'listen_addresses=*'],
      Env: ['PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin', 'PGDATA=/var/lib/postgresql/data'],
    },
  },
  'node': {
    packages: ['libstdc++6', 'libc6'],
    copies: { '/usr/local/bin/node': process.execPath },
    files: { '/app/server.js': NODE_PROGRAM },
    accounts: { node: 1000 },
    config: { Cmd: ['node', '/app/server.js'], Env: [PATH] },
  },
  'java': {
    packages: ['openjdk-17-jdk-headless'],
    without: HEAVY,
    files: { '/app/Server.java': JAVA_PROGRAM },
    config: { Cmd: ['/usr/lib/jvm/java-17-openjdk-amd64/bin/java', '-Xmx64m', '-Xshare:auto', '/app/Server.java'], Env: [PATH] },
  },
} satisfies Record<string, ImageRecipe>;

export type ImageName = keyof typeof IMAGES;
