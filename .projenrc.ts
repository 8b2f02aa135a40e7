import { readdirSync } from 'fs';
import { cdk8s, javascript, JsonFile } from 'projen';

/**
 * The folders of src/, lowest first. A folder may import from lower rows only; folders of one row don't know each other.
 * src/terraform stands apart: it uses core and nodes, and nothing but the root's index uses it.
 */
const LAYERS = [
  ['core'],
  ['controls'],
  ['rbac', 'network', 'secrets', 'supply-chain', 'runtime', 'mesh', 'nodes'],
  ['control-plane', 'workloads'],
  ['analysis'],
  ['evidence'],
  ['app'],
  ['cli'],
];
const TERRAFORM_USES = ['core', 'nodes'];

function layerZones(): Array<{ target: string; from: string; message: string }> {
  const all = [...LAYERS.flat(), 'terraform'];
  const unlisted = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory() && !all.includes(entry.name));
  if (unlisted.length > 0) {
    throw new Error(`src/${unlisted[0].name} is in no layer. Put it into LAYERS in .projenrc.ts.`);
  }
  const index = all.map((folder) => ({ target: `./src/${folder}`, from: './src/index.ts', message: 'Import the file itself, not the index.' }));
  return index.concat(all.flatMap((folder) => {
    const row = LAYERS.findIndex((names) => names.includes(folder));
    const allowed = folder === 'terraform' ? TERRAFORM_USES : LAYERS.slice(0, row).flat();
    return all
      .filter((other) => other !== folder && !allowed.includes(other))
      .map((other) => ({
        target: `./src/${folder}`,
        from: `./src/${other}`,
        message: `src/${folder} may import from ${allowed.map((name) => `src/${name}`).join(', ') || 'no other folder'} only.`,
      }));
  }));
}

// Types are checked once for everything by the task `typecheck`, so that tests only transpile.
const TS_JEST_OPTIONS = { tsconfig: '<rootDir>/tsconfig.jest.json', diagnostics: false };

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-hardened',
  description: 'Kubernetes security primitives as high-level constructs: hardened manifests, node files and Terraform from one statement.',
  author: 'The cdk8s-hardened authors',
  authorAddress: 'https://github.com/cdk8s-hardened',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-hardened/cdk8s-hardened.git',
  keywords: ['cdk8s', 'kubernetes', 'security', 'hardening', 'pod-security', 'cis', 'networkpolicy', 'cdktf'],
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk8s-hardened authors',
  copyrightPeriod: '2026-',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  sampleCode: false,
  github: false,
  release: false,
  depsUpgrade: false,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  stability: 'experimental',

  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.4.2',
  peerDeps: ['cdk8s-plus-28@^2.5.6', 'cdktf@^0.21.0', '@cdktf/provider-aws@^21.22.1'],
  bundledDeps: ['commander@^14.0.3', 'fflate@^0.8.2', 'ipaddr.js@^2.2.0', 'yaml@^2.9.1'],
  bin: { 'cdk8s-hardened': 'bin/cdk8s-hardened' },
  devDeps: [
    '@types/node@^20',
    '@types/jest@^30',
    '@xmldom/xmldom@^0.9',
    'ajv@^8',
    'cdk8s-cli@^2.207.0',
    'fast-check@^4',
    'jest@^30',
    'ts-jest@^29',
    'tsx@^4',
  ],
  docgenFilePath: 'API.md',

  jestOptions: {
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/lib/'],
      modulePathIgnorePatterns: ['<rootDir>/lib/'],
      moduleNameMapper: { '^cdk8s-hardened$': '<rootDir>/src/index.ts' },
      transform: { '^.+\\.[t]sx?$': new javascript.Transform('ts-jest', TS_JEST_OPTIONS) },
    },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'bench', 'scripts', '.projenrc.ts'],
    commandOptions: { fix: false, extraArgs: ['--max-warnings=0'] },
  },
  gitignore: ['.DS_Store', '/examples/*/dist/', '/examples/*/nodes.out/', '/examples/*/cdktf.out/', '/examples/*/evidence.out/',
    '/.jsii.tabl.json', '/bench/out/'],
});

for (const path of ['/bench/', '/scripts/', '/examples/', '/docs/ARCHITECTURE.md', '/.ci/', '/test/', '/CONTRIBUTING.md', '/rosetta/', '/tsconfig.dev.json', '/tsconfig.jest.json', '/.jsii.tabl.json', '*.tgz']) {
  project.addPackageIgnore(path);
}

// --- package.json ----------------------------------------------------------------------------------------------------
project.package.addField('exports', {
  '.': './lib/index.js',
  './package.json': './package.json',
  './.jsii': './.jsii',
});
project.package.addField('peerDependenciesMeta', {
  'cdktf': { optional: true },
  '@cdktf/provider-aws': { optional: true },
});
// A later unrs-resolver lacks platform packages, so that `npm ci` fails.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

// --- lint: layers, cycles, and what must stay behind src/terraform -----------------------------------------------------
const eslint = project.eslint!;
eslint.addRules({
  'import/no-cycle': ['error', { ignoreExternal: true }],
  'import/no-restricted-paths': ['error', { zones: layerZones() }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@stylistic/object-property-newline': 'off',
  'no-restricted-imports': ['error', {
    paths: [{ name: '@cdktf/provider-aws', message: 'Import one resource, e.g. @cdktf/provider-aws/lib/vpc: the root takes seconds and 500 MB.' }],
  }],
});
eslint.addOverride({
  files: ['src/*.ts', 'src/!(terraform)/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [{ group: ['cdktf', 'cdktf/*', '@cdktf/*'], message: 'Only src/terraform may import cdktf: it is an optional peer.' }],
    }],
  },
});
eslint.addOverride({
  files: ['test/**', 'examples/**', 'bench/**', 'scripts/**', '.projenrc.ts'],
  rules: {
    '@typescript-eslint/no-explicit-any': 'off',
    '@typescript-eslint/no-require-imports': 'off',
    'import/no-extraneous-dependencies': 'off',
    'no-bitwise': 'off',
  },
});

// --- type checking of everything: the package is known by its own name --------------------------------------------------
const OWN_NAME = (root: string) => ({ 'cdk8s-hardened': [`${root}/src/index.ts`] });
new JsonFile(project, 'tsconfig.dev.json', {
  obj: {
    extends: './tsconfig.json',
    compilerOptions: { noEmit: true, rootDir: '.', paths: OWN_NAME('.') },
    include: ['.projenrc.ts', 'src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    exclude: ['node_modules', 'lib'],
  },
});
new JsonFile(project, 'tsconfig.jest.json', { obj: { extends: './tsconfig.dev.json', compilerOptions: { isolatedModules: true } } });
// The nearest tsconfig.json is what eslint, tsx and editors take.
for (const folder of ['examples', 'bench', 'scripts']) {
  new JsonFile(project, `${folder}/tsconfig.json`, {
    obj: {
      extends: '../tsconfig.json',
      compilerOptions: { noEmit: true, rootDir: '..', paths: OWN_NAME('..') },
      include: ['**/*.ts'],
    },
  });
}
// A command loads what it needs when it needs it.
eslint.addOverride({ files: ['src/cli/**'], rules: { '@typescript-eslint/no-require-imports': 'off' } });
project.tsconfigDev.file.addOverride('compilerOptions.paths', OWN_NAME('..'));
project.tsconfigDev.file.addDeletionOverride('compilerOptions.isolatedModules');

// --- tasks ------------------------------------------------------------------------------------------------------------
project.testTask.reset();
project.testTask.exec('jest --passWithNoTests=false', { receiveArgs: true });

const indexControls = project.addTask('index-controls', {
  description: 'Lists the files of the controls catalog in an index that loads them lazily',
  exec: 'tsx --tsconfig scripts/tsconfig.json scripts/index-controls.ts',
});
project.preCompileTask.spawn(indexControls);
const controlsTable = project.addTask('controls-table', {
  description: 'Writes docs/controls-table.md from the catalog',
  exec: 'tsx --tsconfig scripts/tsconfig.json scripts/controls-table.ts',
});
project.preCompileTask.spawn(controlsTable);

project.addTask('typecheck', {
  description: 'Checks the types of sources, tests, examples and benches',
  exec: 'tsc --noEmit -p tsconfig.dev.json',
});
project.addTask('lint', { description: 'Runs eslint, with the layer rule', steps: [{ spawn: 'eslint' }] });

const lazy = project.addTask('lazy-exports', {
  description: 'Makes the exports of heavy submodules lazy, so that the root never loads an optional peer',
  exec: 'node scripts/lazy-exports.js lib/index.js terraform',
});
project.compileTask.spawn(lazy);

const snippets = project.addTask('snippets', {
  description: 'Compiles every code snippet of the README, docs and doc comments',
  steps: [{ exec: 'jsii-rosetta extract .jsii --strict' }, { exec: 'tsx scripts/check-doc-snippets.ts' }],
});
project.postCompileTask.spawn(snippets);

project.addTask('example', {
  description: 'Synthesizes examples/NAME (default: the flagship) into its own dist/, nodes.out/, cdktf.out/ and evidence.out/',
  exec: 'tsx --tsconfig examples/tsconfig.json scripts/run-example.ts',
  receiveArgs: true,
});
project.addTask('test:oracles', {
  description: 'Holds the outputs against real programs (REQUIRE_ORACLES=1: a missing program fails; BUILD_ORACLES=1: build it)',
  exec: 'jest --config test/oracles/jest.config.json --runInBand',
  receiveArgs: true,
});
project.addTask('bench', {
  description: 'Prints the synthesis ratios against cdk8s and the YAML library, measured in one run',
  exec: 'tsx --tsconfig bench/tsconfig.json bench/synth.ts',
  receiveArgs: true,
});
project.addTask('bench:controls', {
  description: 'Prints how many objects the whole catalog judges a second',
  exec: 'tsx --tsconfig bench/tsconfig.json bench/controls.ts',
});
project.addTask('bench:admission', {
  description: 'Prints what all recommended policies add to the creation of a Pod on a real API server (needs the oracle programs)',
  exec: 'tsx --tsconfig bench/tsconfig.json bench/admission.ts',
});
project.addTask('bench:check', {
  description: 'Prints how fast the whole program checks 10,000 Deployments, beside kube-score (after a build; needs the oracle program)',
  exec: 'tsx --tsconfig bench/tsconfig.json bench/check.ts',
});
project.addTask('fuzz:documents', {
  description: 'Reads and judges 20,000 mangled manifests, hardens and compares every tenth; fails at the first that crashes or hangs',
  exec: 'tsx --tsconfig bench/tsconfig.json scripts/fuzz-documents.ts',
  receiveArgs: true,
});
project.addTask('coverage', { description: 'Unit tests with coverage', exec: 'jest --coverage --coverageProvider=babel' });

new JsonFile(project, 'test/oracles/jest.config.json', {
  obj: {
    rootDir: '../..',
    testMatch: ['<rootDir>/test/oracles/**/*.oracle.ts'],
    testTimeout: 240000,
    moduleNameMapper: { '^cdk8s-hardened$': '<rootDir>/src/index.ts' },
    modulePathIgnorePatterns: ['<rootDir>/lib/'],
    transform: { '^.+\\.[t]sx?$': ['ts-jest', TS_JEST_OPTIONS] },
  },
  marker: false,
});

// `projen build` is the gate's second half and a developer's whole loop: generate, compile, docs, snippets, types, lint, tests, package.
project.postCompileTask.spawn(project.tasks.tryFind('typecheck')!);
project.postCompileTask.spawn(project.tasks.tryFind('lint')!);
const assemble = project.addTask('assemble', { description: 'Everything that `build` does but tests and packages' });
assemble.spawn(project.defaultTask!);
assemble.spawn(project.preCompileTask);
assemble.spawn(project.compileTask);
assemble.spawn(project.postCompileTask);

project.synth();
