import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Yaml } from 'cdk8s';
import { inTurns, table, time } from './measure';
import { diamondApp, MakeApp, OBJECTS, realisticApp } from './realistic-app';
import { report, Size } from './targets';
import { HardenedApp } from '../src/app/hardened-app';
import { evaluateManifests } from '../src/app/synthesis/manifests';

/** Leaves out what takes cdk8s minutes. */
const QUICK = process.argv.includes('--quick');
const SIZES = [1, 10, 100, 300, 1000];
const LAYERS = [4, 8, 12, 16, 20, 30, 40];
/** cdk8s doubles its time with each layer. */
const MOST_LAYERS_OF_CDK8S = 20;

const plainApp: MakeApp = (folder) => new App({ outdir: path.join(folder, 'dist') });
/** Everything that a run of ours does: evidence with its checksums included. */
const hardenedApp: MakeApp = (folder) => new HardenedApp({
  outdir: path.join(folder, 'dist'),
  nodesOutdir: path.join(folder, 'nodes.out'),
  terraformOutdir: path.join(folder, 'cdktf.out'),
  evidenceOutdir: path.join(folder, 'evidence.out'),
  quiet: true,
});

const synth = (app: App) => () => app.synth();

function stringifyOnly(app: App): () => void {
  const files = evaluateManifests(app).files.map((file) => file.documents.map(({ json }) => json));
  return () => files.forEach((documents) => Yaml.stringify(...documents));
}

/** All that is written goes below it. It is removed at the end only: file systems make new files slowly right after they removed others. */
const ROOT = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));

/** Each run gets an app of its own, built before the clock starts, and an empty folder. */
function inEmptyFolder(build: (folder: string) => App, prepare: (app: App) => () => void): number {
  return time(prepare(build(fs.mkdtempSync(path.join(ROOT, 'run-')))));
}

function measureSize(charts: number): Size {
  const build = (make: MakeApp) => (folder: string) => realisticApp(make, folder, charts);
  const rounds = charts >= 300 ? 5 : charts === 100 ? 9 : 25;
  const plainRuns = charts > 300 ? (QUICK ? 0 : 1) : charts === 300 ? (QUICK ? 1 : 3) : rounds;
  const [linear, yaml, plain] = inTurns(rounds, [
    { run: () => inEmptyFolder(build(hardenedApp), synth) },
    { run: () => inEmptyFolder(build(plainApp), stringifyOnly) },
    { run: () => inEmptyFolder(build(plainApp), synth), atMost: plainRuns },
  ]);
  return { charts, linear: linear!, yaml: yaml!, plain, plainRuns };
}

function measureDiamond(layers: number): string[] {
  const build = (make: MakeApp) => (folder: string) => diamondApp(make, folder, layers);
  const [linear, plain] = inTurns(9, [
    { run: () => inEmptyFolder(build(hardenedApp), synth) },
    { run: () => inEmptyFolder(build(plainApp), synth), atMost: layers > MOST_LAYERS_OF_CDK8S ? 0 : layers > 12 ? 1 : 9 },
  ]);
  return [
    `${layers}`, linear!.toFixed(1), plain?.toFixed(1) ?? `not run above ${MOST_LAYERS_OF_CDK8S}`, plain === undefined ? '' : (plain / linear!).toFixed(1),
  ];
}

function main(): void {
  console.log(`Synthesis of charts with ${OBJECTS} objects each, cross-chart dependencies included; medians in milliseconds.`);
  console.log('Whole synth: validate, order, evaluate, YAML, evidence, write. "YAML library" is Yaml.stringify of cdk8s on the same final objects, nothing else.\n');
  measureSize(10);
  console.log(report(SIZES.map(measureSize), OBJECTS));
  console.log('\nDiamonds: layers of two charts, each of which depends on both of the next layer.\n');
  console.log(table(['layers', 'linear', 'cdk8s', 'cdk8s / linear'], LAYERS.map(measureDiamond)));
}

try {
  main();
} finally {
  fs.rmSync(ROOT, { recursive: true });
}
