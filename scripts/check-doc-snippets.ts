import { existsSync, readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

// Type-checks every ```ts block of README.md, docs/ and the examples' READMEs as a module of its own, against src/ by the package's name.
// (jsii-rosetta compiles the README's and the doc comments' against the compiled package.)

const ROOT = path.resolve(__dirname, '..');

function markdownFiles(): string[] {
  const docs = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name));
  const examples = readdirSync(path.join(ROOT, 'examples')).map((name) => path.join('examples', name, 'README.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs, ...examples].filter((file) => existsSync(path.join(ROOT, file))).sort();
}

/** Blocks by the path of a file that does not exist, so that errors name page and line. */
function snippets(file: string): Map<string, string> {
  const found = new Map<string, string>();
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  for (const match of text.matchAll(/^```ts\n(.*?)^```$/gms)) {
    const line = text.slice(0, match.index).split('\n').length;
    found.set(path.join(ROOT, `${file}.line${line}.ts`), `${match[1]}\nexport {};\n`);
  }
  return found;
}

const sources = new Map(markdownFiles().flatMap((file) => [...snippets(file)]));
if (sources.size === 0) {
  throw new Error('No snippet was found: the pattern no longer fits the pages.');
}
const config = ts.getParsedCommandLineOfConfigFile(path.join(ROOT, 'tsconfig.dev.json'), { noUnusedLocals: false, noEmit: true }, {
  ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => { throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')); },
})!;
const host = ts.createCompilerHost(config.options);
const { fileExists, readFile, getSourceFile } = host;
host.fileExists = (name) => sources.has(path.normalize(name)) || fileExists(name);
host.readFile = (name) => sources.get(path.normalize(name)) ?? readFile(name);
host.getSourceFile = (name, version, ...rest) => {
  const snippet = sources.get(path.normalize(name));
  return snippet === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, snippet, version);
};
const program = ts.createProgram([...sources.keys()], config.options, host);
const errors = [...sources.keys()].flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)));
if (errors.length > 0) {
  console.error(ts.formatDiagnostics(errors, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' }));
  process.exit(1);
}
console.error(`${sources.size} snippets in the documentation compile.`);
