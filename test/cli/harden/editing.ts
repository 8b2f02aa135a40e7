import { readYaml } from '../../../src/cli/documents/yaml-document';
import { editedJson, editedYaml, EditedText } from '../../../src/cli/harden/edited-text';
import { DocumentHardening } from '../../../src/cli/harden/hardened-document';
import { HardenedFile, hardenedContent, hardenFile } from '../../../src/cli/harden/hardened-file';
import { edited } from '../../../src/cli/harden/text-edits';
import { ControlPack } from '../../../src/controls/pack';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const budget = () => ({ left: 1_000_000 });

/** YAML text after it was made to say another value, or why not. */
export function changed(source: string, change: (value: any) => void): string {
  const before = readYaml(source, false, budget()).value;
  return resultOf(source, (after) => editedYaml(source, before, after, budget()), before, change);
}

/** The same for JSON. */
export function changedJson(source: string, change: (value: any) => void): string {
  const before: unknown = JSON.parse(source);
  return resultOf(source, (after) => editedJson(source, before, after), before, change);
}

type Edited = EditedText | { problem: { message: string; offset: number } };

function resultOf(source: string, edit: (after: unknown) => Edited, before: unknown, change: (value: any) => void): string {
  const after = JSON.parse(JSON.stringify(before)) as unknown;
  change(after);
  const result = edit(after);
  return 'problem' in result ? `line ${source.slice(0, result.problem.offset).split('\n').length}: ${result.problem.message}` : edited(source, result.edits);
}

/** A file, hardened as `f.yaml`. */
export function hardened(content: string | Buffer, pack = ControlPack.pssRestricted()): HardenedFile & { readonly content: string } {
  const file = hardenFile('f.yaml', Buffer.from(content as string), new DocumentHardening([pack], KubernetesVersion.V1_35), budget());
  return { ...file, content: hardenedContent(file) };
}

/** Lines without their common indentation. */
export function text(template: TemplateStringsArray): string {
  const lines = template[0].replace(/^\n/, '').replace(/ *$/, '').split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join('\n');
}
