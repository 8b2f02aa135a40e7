import { printableLines } from './plain-text';
import { WaiverTarget } from '../controls/results/waiver-target';

/**
 * A waiver that lacks nothing but reason, owner and expires. What is in braces means the same in TypeScript and, behind `- `, in a waiver file;
 * both refuse it until it is filled in.
 */
export function waiverDraft({ control, resource, container, path, value }: WaiverTarget): string {
  const fields = Object.entries({ control, resource, container, path, value, reason: '', owner: '', expires: '' }).filter(([, each]) => each !== undefined);
  return `Controls.of(app).waive({ ${fields.map(([name, each]) => `${name}: ${printableLines(JSON.stringify(each))}`).join(', ')} });`;
}
