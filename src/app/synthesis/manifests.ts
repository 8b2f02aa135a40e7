import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';
import { evaluate, EvaluatedChart, Evaluation, ManifestDocument } from './evaluation';
import { OutputFile } from './write-files';
import { YamlEmitter } from './yaml-emitter';

export type { ManifestDocument } from './evaluation';

/** A file of manifests. */
export interface ManifestFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly documents: readonly ManifestDocument[];
}

/** Everything that an app writes as manifests, evaluated but not yet written. */
export class ManifestSet {
  private readonly emitter = new YamlEmitter();

  constructor(
    public readonly files: readonly ManifestFile[],
    /** Folders that exist even if nothing is in them. */
    public readonly folders: readonly string[],
    /** Documents that never reach a file, since a later one has the same file name; cdk8s loses them without a word. */
    public readonly overwritten: readonly ManifestDocument[],
    private readonly objects: () => ApiObject[],
  ) {}

  /** Every document that is written. */
  public get documents(): ManifestDocument[] {
    return this.files.flatMap((file) => file.documents);
  }

  /** The same files, with the objects that fit written anew. */
  public rewritten(fits: (object: ApiObject) => boolean): ManifestSet {
    const files = this.files.map((file) => ({
      ...file,
      documents: file.documents.map((document) => (
        document.object && fits(document.object) ? { ...document, json: document.object.toJson() as unknown } : document
      )),
    }));
    return new ManifestSet(files, this.folders, this.overwritten, this.objects);
  }

  /** The text of a file. */
  public render(file: ManifestFile): string {
    return this.emitter.stringify(file.documents.map(({ json }) => json));
  }

  /**
   * All files, ready to be written.
   * @param recordConstructMetadata adds `construct-metadata.json`, which tells the construct path of every object
   */
  public outputFiles(recordConstructMetadata = false): OutputFile[] {
    const texts = this.emitter.stringifyFiles(this.files.map((file) => file.documents.map(({ json }) => json)));
    const files = this.files.map((file, i) => ({ path: file.path, content: texts[i] }));
    return recordConstructMetadata ? [...files, { path: 'construct-metadata.json', content: this.constructMetadata() }] : files;
  }

  private constructMetadata(): string {
    const resources: Record<string, { path: string }> = {};
    for (const object of this.objects()) {
      resources[object.name] = { path: object.node.path };
    }
    return JSON.stringify({ version: '1.0.0', resources });
  }
}

/**
 * What `App.synth` of cdk8s would write: validates once, orders once, evaluates each object once, writes nothing.
 *
 * @throws the errors of cdk8s, with their text: failed validations, circular dependencies, objects that can't be serialized
 */
export function evaluateManifests(app: App): ManifestSet {
  const honourChartToJson = app.yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  const evaluation = evaluate(app, { honourChartToJson });
  const { files, folders } = LAYOUTS[app.yamlOutputType]?.(evaluation, app.outputFileExtension) ?? { files: [], folders: [] };
  const last = new Map(files.map((file) => [file.path, file]));
  const overwritten = files.filter((file) => last.get(file.path) !== file).flatMap((file) => file.documents);
  return new ManifestSet([...last.values()], folders, overwritten, evaluation.objects);
}

/**
 * What `App.synthYaml` of cdk8s would return, as one file without a path of its own: all documents of all charts.
 *
 * @throws as `evaluateManifests`, but names constructs outside any chart before it validates
 */
export function evaluateYaml(app: App): ManifestSet {
  const evaluation = evaluate(app, { resolveFirst: true });
  const file = { path: '', documents: evaluation.charts.flatMap((chart) => chart.documents) };
  return new ManifestSet([file], [], [], evaluation.objects);
}

interface Layout {
  readonly files: ManifestFile[];
  readonly folders: string[];
}

const LAYOUTS: Record<YamlOutputType, (evaluation: Evaluation, extension: string) => Layout> = {
  [YamlOutputType.FILE_PER_APP]: ({ charts }, extension) => {
    const documents = charts.flatMap((chart) => chart.documents);
    return { files: charts.length > 0 ? [{ path: `app${extension}`, documents }] : [], folders: [] };
  },
  [YamlOutputType.FILE_PER_CHART]: (evaluation, extension) => ({
    files: named(evaluation).map(({ name, documents }) => ({ path: `${name}${extension}`, documents })),
    folders: [],
  }),
  [YamlOutputType.FILE_PER_RESOURCE]: ({ charts }, extension) => ({
    files: charts.flatMap((chart) => chart.documents).filter(({ json }) => json !== undefined)
      .map((document) => ({ path: `${resourceName(document.json as NamedResource)}${extension}`, documents: [document] })),
    folders: [],
  }),
  [YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE]: (evaluation, extension) => ({
    files: named(evaluation).flatMap(({ name, documents }) => documents
      .map((document) => ({ path: `${name}/${resourceName(document.object!)}${extension}`, documents: [document] }))),
    folders: named(evaluation).map(({ name }) => name),
  }),
};

interface NamedResource {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

function resourceName(resource: NamedResource): string {
  return `${resource.kind}.${resource.metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

function named({ charts, hasDependentCharts }: Evaluation): (EvaluatedChart & { readonly name: string })[] {
  return charts.map((evaluated, i) => ({ ...evaluated, name: chartName(evaluated.chart, hasDependentCharts ? i : undefined) }));
}

function chartName(chart: Chart, index: number | undefined): string {
  const label = Names.toDnsLabel(chart);
  return index === undefined ? label : `${index.toString().padStart(4, '0')}-${label}`;
}
