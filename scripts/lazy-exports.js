#!/usr/bin/env node
// Usage: lazy-exports.js FILE NAME…
//
// Rewrites, in a compiled CommonJS module, each `exports.NAME = __importStar(require("…"));` (what `export * as NAME from '…'` becomes)
// into a getter, so that the submodule loads when it's first touched. Running it again changes nothing.
// The hoisted `exports.NAME = void 0` stays, and Reflect is used in place of Object: so Node still finds NAME among the names that
// an ES module can import. (It reads them all at once then, and leaves undefined what can't be loaded.)
const fs = require('fs');

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
