import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { HardenedApp, HardenedAppProps } from '../../src/app/hardened-app';

/** What an app wrote, in a folder of its own below the system's temporary one. */
export class Synthesized {
  public readonly folder = mkdtempSync(join(tmpdir(), 'synthesized-'));
  /** Of the manifests, in the order in which they were written. */
  public readonly objects: any[];

  constructor(build: (outputs: HardenedAppProps) => HardenedApp) {
    const at = (output: string) => join(this.folder, output);
    build({
      outdir: at('dist'), nodesOutdir: at('nodes.out'), terraformOutdir: at('cdktf.out'), evidenceOutdir: at('evidence.out'), quiet: true,
    }).synth();
    this.objects = readdirSync(this.manifests).sort()
      .flatMap((file) => parseAllDocuments(readFileSync(join(this.manifests, file), 'utf8')).map((document) => document.toJS()));
  }

  /** The folder with nothing but manifests. */
  public get manifests(): string {
    return join(this.folder, 'dist');
  }

  public text(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  public find(kind: string, name: string): any {
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name);
  }

  /** Everything with a pod template, by kind and name: `Deployment web`. */
  public get pods(): Record<string, any> {
    const templateOf = ({ spec }: any) => spec?.template ?? spec?.jobTemplate?.spec.template;
    return Object.fromEntries(this.objects.filter(templateOf).map((object) => [`${object.kind} ${object.metadata.name}`, templateOf(object).spec]));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The one container of a pod that has no others. */
export function containerOf({ containers: [only] }: any): any {
  return only;
}

/** What a pod has at a path. */
export function volumeAt(pod: any, path: string): any {
  const { name } = containerOf(pod).volumeMounts.find(({ mountPath }: any) => mountPath === path);
  return pod.volumes.find((each: any) => each.name === name);
}

/** Where the pod's one container may write. */
export function writablePathsOf(pod: any): string[] {
  return containerOf(pod).volumeMounts.filter(({ readOnly }: any) => !readOnly).map(({ mountPath }: any) => mountPath).sort();
}

/** Variables that take a Secret, or are named like one and say anything but where its file is. */
export function secretVariablesOf(pod: any, files: string): any[] {
  const isNamedSo = (name: string) => /passw|secret|token/i.test(name);
  return containerOf(pod).env.filter(({ name, value, valueFrom }: any) => valueFrom || (isNamedSo(name) && !value.startsWith(files)));
}

/** Whom one direction of a policy opens which port to: pods by their name, or a range. */
export function openedTo(rules: any[] | undefined): [peer: string, port: number][] {
  return (rules ?? []).map(({ from, to, ports: [{ port }] }) => {
    const [{ ipBlock, podSelector }] = from ?? to;
    return [ipBlock?.cidr ?? podSelector.matchLabels['app.kubernetes.io/name'], port];
  });
}
