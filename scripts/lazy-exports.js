#!/usr/bin/env node
// Usage: lazy-exports.js FILE NAME…
//
// Rewrites, in a compiled CommonJS module, each `exports.NAME = __importStar(require("…"));` (what `export * as NAME from '…'` becomes)
// into a getter, so that the submodule loads when it's first touched. Running it again changes nothing.
// Its types load only where they can: in the declarations that belong to the submodule, each import of an optional peer is marked so that a
// program that doesn't have the peer compiles all the same, also without skipLibCheck. Where the peer is installed, nothing changes.
// The hoisted `exports.NAME = void 0` stays, and Reflect is used in place of Object: so Node still finds NAME among the names that
// an ES module can import. (It reads them all at once then, and leaves undefined what can't be loaded.)
const fs = require('fs');
const path = require('path');

const [file, ...names] = process.argv.slice(2);
if (!file || names.length === 0) {
  throw new Error('usage: lazy-exports.js FILE NAME…');
}

function lazy(name, load) {
  const once = `const value = ${load}; Reflect.defineProperty(exports, "${name}", { enumerable: true, value }); return value;`;
  return `${opening(name)} ${once} } });`;
}

function opening(name) {
  return `Reflect.defineProperty(exports, "${name}", { enumerable: true, configurable: true, get() {`;
}

const before = fs.readFileSync(file, 'utf8');
const after = names.reduce((text, name) => {
  const eager = new RegExp(`^exports\\.${name} = ((?:__importStar\\()?require\\("[^"]+"\\)\\)?);$`, 'm');
  if (eager.test(text)) {
    return text.replace(eager, (_line, load) => lazy(name, load));
  }
  if (text.includes(opening(name))) {
    return text;
  }
  throw new Error(`${file}: found no "export * as ${name}" to make lazy`);
}, before);
if (after !== before) {
  fs.writeFileSync(file, after);
}

/** All declarations below a folder. */
function declarations(folder) {
  return fs.readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)).filter((name) => name.endsWith('.d.ts')).sort();
}

const IGNORE = '// @ts-ignore: an optional peer';
const { peerDependenciesMeta = {} } = JSON.parse(fs.readFileSync(path.join(__dirname, '../package.json'), 'utf8'));
const peers = Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name].optional);
const imported = new RegExp(`(?<!${IGNORE}\\n)^(?:import|export) .*from '(?:${peers.join('|')})(?:/[^']*)?';$`, 'gm');
for (const name of names) {
  const [, module] = new RegExp(`^export \\* as ${name} from '([^']+)';$`, 'm').exec(read(file.replace(/\.js$/, '.d.ts'))) ?? [];
  const folder = module && path.join(path.dirname(file), module);
  for (const each of folder && fs.existsSync(folder) ? declarations(folder) : []) {
    const text = read(each);
    const marked = text.replace(imported, (line) => `${IGNORE}\n${line}`);
    if (marked !== text) {
      fs.writeFileSync(each, marked);
    }
  }
}

function read(name) {
  return fs.existsSync(name) ? fs.readFileSync(name, 'utf8') : '';
}
