import { ApiObject, Chart } from 'cdk8s';

/** The object that a document of a chart was made from, if exactly one fits: a chart that renders itself doesn't tell. */
export function objectOfDocument(chart: Chart, document: unknown): ApiObject | undefined {
  const json = document as { kind?: string; apiVersion?: string; metadata?: { name?: string; namespace?: string } } | null | undefined;
  const candidates = chart.node.findAll().filter((construct): construct is ApiObject =>
    ApiObject.isApiObject(construct) && construct.kind === json?.kind && construct.apiVersion === json?.apiVersion
    && construct.name === json?.metadata?.name && construct.metadata.namespace === json?.metadata?.namespace && Chart.of(construct) === chart);
  return candidates.length === 1 ? candidates[0] : undefined;
}
