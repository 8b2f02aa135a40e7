import * as fs from 'fs';
import { Chart, Include } from 'cdk8s';
import { contents, useTempFolder } from './temp-folder';
import { HardenedApp, HardenedAppProps } from '../../src/app/hardened-app';
import { ClusterProfile } from '../../src/core/cluster-profile';

function app(name: string, props: HardenedAppProps = {}): HardenedApp {
  const made = new HardenedApp({ cluster: new ClusterProfile({ name }), quiet: true, ...props });
  fs.writeFileSync('object.yaml', `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  clusterIP: None\n`);
  new Include(new Chart(made, 'shop'), 'object', { url: 'object.yaml' });
  return made;
}

describe('folders in which the outputs of a cluster are', () => {
  useTempFolder();

  test('take no other cluster\'s: the second synth is refused, and nothing changes', () => {
    app('dev').synth();
    const before = contents('.');
    const prod = new HardenedApp({ cluster: new ClusterProfile({ name: 'prod' }), quiet: true });
    expect(() => prod.synth()).toThrow(new Error(
      '[HardenedApp] evidenceOutdir: got "evidence.out"; allowed: folders in which no other cluster\'s outputs are (these hold those of "dev", and this app is "prod"). '
      + 'Give each cluster its own outdir, nodesOutdir, terraformOutdir and evidenceOutdir. Where the old outputs are no longer wanted, delete them.'));
    expect(contents('.')).toEqual(before);
  });

  test('also where the manifests alone go to a folder of their own', () => {
    app('dev', { outdir: 'dist/dev' }).synth();
    expect(() => app('prod', { outdir: 'dist/prod' }).synth()).toThrow('these hold those of "dev"');
    expect(fs.existsSync('dist/prod')).toBe(false);
  });

  test('take the same cluster\'s again, by the same app and by another run', () => {
    const first = app('dev');
    first.synth();
    const before = contents('evidence.out');
    first.synth();
    app('dev').synth();
    expect(contents('evidence.out')).toEqual(before);
  });

  test('take another cluster\'s once the evidence was deleted', () => {
    app('dev').synth();
    fs.rmSync('evidence.out', { recursive: true });
    expect(() => app('prod').synth()).not.toThrow();
  });

  test('are each cluster\'s own in a fleet', () => {
    for (const name of ['dev', 'prod']) {
      app(name, { outdir: `dist/${name}`, nodesOutdir: `nodes.out/${name}`, terraformOutdir: `cdktf.out/${name}`, evidenceOutdir: `evidence.out/${name}` }).synth();
    }
    expect(fs.readdirSync('evidence.out')).toEqual(['dev', 'prod']);
  });

  test.each(['', 'null', '7', '{}', '{"cluster":{}}', '{"cluster":"x"}'])('hold no evidence in a report.json of somebody else (%j)', (text) => {
    fs.mkdirSync('evidence.out');
    fs.writeFileSync('evidence.out/report.json', text);
    expect(() => app('dev').synth()).not.toThrow();
  });
});
