import { existsSync, readdirSync } from 'fs';
import * as path from 'path';

const FLAGSHIP = 'production-cluster';
const examples = path.resolve(__dirname, '../examples');
const name = process.argv[2] ?? FLAGSHIP;
const folder = path.join(examples, name);

if (!existsSync(path.join(folder, 'main.ts'))) {
  const known = readdirSync(examples).filter((entry) => existsSync(path.join(examples, entry, 'main.ts')));
  console.error(`There is no example "${name}". Examples: ${known.join(', ')}.`);
  process.exit(2);
}
// An example writes below the folder that it runs in, as any app does.
process.chdir(folder);
require(path.join(folder, 'main.ts'));
