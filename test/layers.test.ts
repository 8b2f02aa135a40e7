import * as path from 'path';

// eslint's class for .eslintrc files, which projen writes.
const { LegacyESLint } = require('eslint/use-at-your-own-risk');

const ROOT = path.resolve(__dirname, '..');
const eslint = new LegacyESLint({
  cwd: ROOT,
  // Without type information, which only files on disk have; and without cycles, for which everything would be read.
  overrideConfig: { parserOptions: { projectService: false }, rules: { 'import/no-cycle': 'off', '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/return-await': 'off' } },
});

/** What the lint rules of the layers say of a file with one import. */
async function verdict(file: string, imported: string): Promise<string[]> {
  const [{ messages }] = await eslint.lintText(`import * as other from '${imported}';\nexport const planted = other;\n`, { filePath: path.join(ROOT, file) });
  return messages
    .filter(({ ruleId, fatal }: any) => fatal || ['import/no-restricted-paths', 'no-restricted-imports'].includes(ruleId))
    .map(({ message }: any) => message);
}

test.each([
  ['src/core/planted.ts', '../workloads/secure-workload'],
  ['src/core/planted.ts', '../index'],
  ['src/network/planted.ts', '../nodes/node-role'],
  ['src/nodes/planted.ts', '../control-plane/control-plane'],
  ['src/workloads/planted.ts', '../app/hardened-app'],
  ['src/app/planted.ts', '../terraform/index'],
  ['src/terraform/planted.ts', '../workloads/secure-workload'],
  ['src/app/planted.ts', 'cdktf'],
  ['src/planted.ts', 'cdktf'],
  ['src/nodes/planted.ts', '@cdktf/provider-aws/lib/vpc'],
  ['src/terraform/aws/planted.ts', '@cdktf/provider-aws'],
])('a file %s that imports %s is refused', async (file, imported) => {
  expect(await verdict(file, imported)).toHaveLength(1);
});

test.each([
  ['src/workloads/planted.ts', '../core/errors'],
  ['src/app/planted.ts', '../evidence/report'],
  ['src/terraform/planted.ts', '../nodes/node-role'],
  ['src/terraform/aws/planted.ts', '@cdktf/provider-aws/lib/vpc'],
  ['src/terraform/aws/planted.ts', 'cdktf'],
])('a file %s may import %s', async (file, imported) => {
  expect(await verdict(file, imported)).toEqual([]);
});
