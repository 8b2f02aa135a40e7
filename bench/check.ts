import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync, closeSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { inTurns, table, time, Way } from './measure';
import { findProgram } from '../test/oracles/programs';

const COUNT = 10_000;
const ROUNDS = 5;
/** How many times as fast as kube-score the program has to be, parsing included. */
const FASTER = 1.5;
const MEGABYTES = 100;
const MOST_MEMORY = 1000;
/** Milliseconds that starting may take besides what Node itself takes. */
const LONGEST_START = 60;

/** A Deployment as people write it: nothing is terribly wrong, much is missing. */
function deployment(i: number): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${i}
  namespace: shop-${i % 50}
  labels:
    app.kubernetes.io/name: web-${i}
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: web-${i}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web-${i}
    spec:
      serviceAccountName: web-${i}
      securityContext:
        runAsNonRoot: true
      containers:
        - name: app
          image: "ghcr.io/acme/web:1.${i}"
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
            - name: PORT
              value: "8080"
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
          resources:
            limits:
              cpu: 500m
              memory: 256Mi
            requests:
              cpu: 100m
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
        - name: proxy
          image: ghcr.io/acme/proxy:2.0
          args: ["--listen", ":8443"]
          resources:
            limits:
              memory: 64Mi
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
`;
}

const PROGRAM = resolve(__dirname, '../bin/cdk8s-hardened');

/** Runs a program to its end, as a shell does; what it writes goes nowhere. */
function whole(command: string, ...argv: string[]): Way {
  return {
    run: () => time(() => {
      const { status, error } = spawnSync(command, argv, { stdio: 'ignore' });
      if (error || status === null || status > 1) {
        throw error ?? new Error(`${command} ${argv.join(' ')} ended with ${status}`);
      }
    }),
  };
}

/** The most memory that a run of the program has held, in megabytes, and its milliseconds. */
function memory(file: string): { megabytes: number; milliseconds: number } {
  const program = `process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)));
    process.argv.splice(1, 0, 'cdk8s-hardened');
    require(${JSON.stringify(resolve(__dirname, '../lib/cli/main'))}).run();`;
  let megabytes = NaN;
  const milliseconds = time(() => {
    const { stderr } = spawnSync('node', ['-e', program, 'check', file], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    megabytes = Number(stderr) / 1024;
  });
  return { megabytes, milliseconds };
}

function verdict(met: boolean, what: string, target: string): string {
  return `${met ? 'met   ' : 'MISSED'}  ${what} (target: ${target})`;
}

function main(folder: string): void {
  const file = join(folder, 'deployments.yaml');
  writeFileSync(file, Array.from({ length: COUNT }, (_, i) => deployment(i)).join(''));
  const small = join(folder, 'one.yaml');
  writeFileSync(small, deployment(1));
  const kubeScore = findProgram('kube-score');
  const ways: [string, Way][] = [
    ['cdk8s-hardened check', whole('node', PROGRAM, 'check', file)],
    ['check of one Deployment', whole('node', PROGRAM, 'check', small)],
    ['--version', whole('node', PROGRAM, '--version')],
    ['node alone', whole('node', '-e', '0')],
    ...(kubeScore ? [
      ['kube-score, -o ci', whole(kubeScore, 'score', '-o', 'ci', file)],
      ['kube-score, -o human', whole(kubeScore, 'score', file)],
    ] as [string, Way][] : []),
  ];
  const times = inTurns(ROUNDS, ways.map(([, way]) => way)).map((each) => each!);
  console.log(`${COUNT} Deployments of two containers, as whole processes; medians of ${ROUNDS}.\n`);
  console.log(table(['program', 'ms'], ways.map(([name], i) => [name, times[i].toFixed(0)])));
  const big = join(folder, 'big.yaml');
  const descriptor = openSync(big, 'w');
  for (let i = 0, written = 0; written < MEGABYTES * 1e6; i++) {
    written += writeSync(descriptor, deployment(i));
  }
  closeSync(descriptor);
  const { megabytes, milliseconds } = memory(big);
  const best = Math.min(...times.slice(4));
  console.log([
    '',
    ...(kubeScore ? [verdict(best / times[0] >= FASTER, `${(best / times[0]).toFixed(1)} times as fast as kube-score`, `at least ${FASTER}`)]
      : ['kube-score is missing: npx tsx test/oracles/build-programs.ts kube-score']),
    verdict(times[2] - times[3] <= LONGEST_START, `--version takes ${(times[2] - times[3]).toFixed(0)} ms more than Node alone`, `at most ${LONGEST_START} ms`),
    verdict(megabytes <= MOST_MEMORY, `${MEGABYTES} MB of YAML in ${(milliseconds / 1000).toFixed(1)} s and ${megabytes.toFixed(0)} MB of memory`, `at most ${MOST_MEMORY} MB`),
  ].join('\n'));
}

if (!existsSync(resolve(__dirname, '../lib/cli/main.js'))) {
  throw new Error('There is no compiled program. Run `npx projen assemble` first.');
}
const scratch = mkdtempSync(join(tmpdir(), 'check-bench-'));
try {
  main(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
