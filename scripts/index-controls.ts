// Usage: index-controls.ts
//
// Lists the catalog's files in src/controls/catalog/index.generated.ts, so that adding a control is adding a file.
// They are loaded with the first call: whoever imports the package and uses no controls never waits for them.
import { readdirSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';

const CATALOG = resolve(__dirname, '../src/controls/catalog');

export const INDEX_FILE = join(CATALOG, 'index.generated.ts');

/** The index as it has to be: by layer, then by control. */
export function indexOfControls(): string {
  return `// Written by scripts/index-controls.ts from the files beside it. Don't edit: run it again.
import type { Control } from '../control';

let controls: readonly Control[] | undefined;

/** Every control of the catalog, by layer and id. The first call loads them. */
export function catalogControls(): Control[] {
  controls ??= [
${controlFiles().map((file) => `    require('./${file}').control,`).join('\n')}
  ];
  return [...controls];
}
`;
}

/** For instance `pod-security/host-network`. */
function controlFiles(): string[] {
  const layers = readdirSync(CATALOG, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  return layers.flatMap((layer) => readdirSync(join(CATALOG, layer)).filter((file) => file.endsWith('.ts')).sort().map((file) => `${layer}/${file.slice(0, -3)}`));
}

if (require.main === module) {
  writeFileSync(INDEX_FILE, indexOfControls());
}
