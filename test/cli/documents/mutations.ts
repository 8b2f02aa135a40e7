import { FOREIGN_MANIFESTS, manifestText } from '../../support/foreign-manifests';

/** Documents of many styles to start from. */
const STYLES = [
  'a: &x\n  k: 1\n  l: [1, two]\nb:\n  <<: *x\n  k: 2\nc: *x\n',
  'a: 1\nb:\n  - c: "x\n      y\n\n      z"\n    d: \'it\'\'s\n      so\'\n  - |\n    text\n      more\n\n    end\n  - >-\n    folded\n    text\n\n      kept\n    end\n',
  'c: plain\n  more\n\n  lines # comment\nd: >+\n  keep\n\ne: |2\n   x\n',
  'key: {a: b, "c": \'d\', e: [f, g, {h: i}], j: k l}\nlist: [\n  a,\n  b, # c\n]\n',
  'a: "esc \\n \\x41 \\u00e9 \\" \\\\ \\\n  joined"\n"q k": v\n\'q\'\'k\': w\n? cx\n: v\n',
  'a: !!int "5"\nb: !x y\nc: !!str 5\n',
  '- a\n- - b\n  - c\n- d: e\n  f: g\n-\n  h: i\n',
  'a:\n- b\n- c\nd:\n- e: f\n  g:\n  - h\n',
  'm:\n  k: v\n  <<: {k: w, z: 1}\n  y: &q [1]\n  x: *q\n',
  '{"a": {"b": [1, 2.5, "x", null, true]}}\n{"c": 1}\n',
  '{"a": 1}\n---\nb: 2\n',
  'a: 1\n---\n# c\n---\nb: 2\n...\n---\nc: 3\n',
  'a: yes\nb: 0x1F\nc: 1_000\n80: x\non: y\n1.5: z\n',
  'description: "long text that\n  goes on: and\n  on"\nother: \'single\n  quoted: text\n\n  with break\'\nplain: some text: here\n',
];

const PIECES = [
  '\n', '\n\n', ' ', '  ', '\t', ': ', ':', '- ', '-', '"', "'", '#', ' #', '|', '>', '|-', '>-', '|+', '>+', '|2', '&x ', '*x', '<<: *x\n', '!!str ', '!!int ',
  '!t ', '? ', '?', '{', '}', '[', ']', ', ', ',', '\\', '\\n', '\\u0041', '%', '@', '`', '---\n', '...\n', '\n---\n', '\n...\n', '--- ', 'yes', '~', 'null',
  '0x1F', '1e3', '.5', 'é', '🎉', '\u00a0', '\r\n', '\r', '\ufeff', '\u2028', '\0', '=', '<<', "''", '\\\n', 'k: v', '\n  k: v\n', '- a\n', '0', '_', '{{ x }}',
  '\n ', '\n  ', '{}', '[]', '""', ': |\n  ', ': >\n  ', '"a": ', '$(X)', '(', ';', '\n\n\n  x',
];

/** Whole numbers below a limit, one after another, the same for the same seed. */
export type Numbers = (limit: number) => number;

export function numbersFrom(seed: number): Numbers {
  let state = seed >>> 0;
  return limit => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return Math.floor(((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32 * limit);
  };
}

/** The documents that are changed: the styles, and parts of manifests as they are around. */
export function samples(): string[] {
  const manifests = Object.keys(FOREIGN_MANIFESTS).flatMap(name => manifestText(name).split(/^---$/m)).filter(text => text.trim() !== '' && text.length < 1500);
  return [...manifests, ...STYLES, ...STYLES, ...STYLES];
}

/** A sample with one to three changes. */
export function mutated(all: readonly string[], numbers: Numbers): string {
  let text = all[numbers(all.length)];
  for (let changes = 1 + numbers(3); changes > 0; changes--) {
    text = numbers(10) < 7 ? changedPlace(text, numbers) : changedLine(text, numbers);
  }
  return text;
}

function changedPlace(text: string, numbers: Numbers): string {
  const at = numbers(text.length + 1);
  const piece = PIECES[numbers(PIECES.length)];
  switch (numbers(7)) {
    case 0:
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + numbers(3));
    case 2:
      return text.slice(0, at) + piece + text.slice(at + 1);
    default:
      return text.slice(0, at) + piece + text.slice(at);
  }
}

function changedLine(text: string, numbers: Numbers): string {
  const lines = text.split('\n');
  const at = numbers(lines.length);
  const piece = PIECES[numbers(PIECES.length)];
  switch (numbers(6)) {
    case 0:
      lines[at] = ' '.repeat(1 + numbers(3)) + lines[at];
      break;
    case 1:
      lines[at] = lines[at].replace(/^ {1,2}/, '');
      break;
    case 2:
      lines.splice(at, 0, lines[numbers(lines.length)]);
      break;
    case 3:
      lines.splice(at, 1);
      break;
    case 4:
      lines[at] += piece;
      break;
    default:
      lines[at] = lines[at].replace(/^ */, space => space + piece);
  }
  return lines.join('\n');
}
