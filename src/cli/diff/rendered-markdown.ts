import { Change, countsOf, SECTIONS, sectionOf } from './change';
import { Compared, placeOf, summary, valuesOf } from './rendered-text';
import { plural } from '../../core/plural';
import { cut, printable } from '../../evidence/plain-text';

/** GitHub takes 65,536 characters in a comment; what a bot puts around it needs some. */
export const MOST_CHARACTERS = 60_000;
const MOST_DETAILS = 10;
const LONGEST = 300;

const TITLES = {
  weaker: 'Weaker', recreated: 'Must be recreated', changed: 'Changed', removed: 'Removed', new: 'New', stronger: 'Stronger',
};
/** What a reviewer has to see without a click. */
const OPEN: readonly string[] = ['weaker', 'recreated'];

/** The comparison for a comment on a pull request: the worst first, cut with a word where it would be too long. */
export function renderedMarkdown(changes: readonly Change[], { before, after, kubernetesVersion }: Compared): string {
  const counts = countsOf(changes);
  const head = [
    `### cdk8s-hardened diff: ${summary(changes)}`,
    '',
    `From ${code(before)} to ${code(after)}, judged for Kubernetes ${escaped(kubernetesVersion)}.`,
    '',
    ...(changes.length === 0 ? [] : [
      `| ${SECTIONS.map((section) => TITLES[section]).join(' | ')} |`, `| ${SECTIONS.map(() => '---:').join(' | ')} |`,
      `| ${SECTIONS.map((section) => counts[section]).join(' | ')} |`, '',
    ]),
  ].join('\n');
  return `${head}\n${body(changes, MOST_CHARACTERS - head.length - 300)}`;
}

function body(changes: readonly Change[], most: number): string {
  let text = '';
  let told = 0;
  for (const section of SECTIONS) {
    const all = changes.filter((change) => sectionOf(change) === section);
    if (all.length === 0) {
      continue;
    }
    const isOpen = OPEN.includes(section);
    const start = isOpen ? `\n#### ${TITLES[section]} (${all.length})\n\n` : `\n<details><summary>${TITLES[section]} (${all.length})</summary>\n\n`;
    const end = isOpen ? '' : '\n</details>\n';
    let part = start;
    let inPart = 0;
    for (const change of all) {
      const item = itemOf(change);
      if (text.length + part.length + item.length + end.length > most) {
        break;
      }
      part += item;
      inPart++;
    }
    text += inPart === 0 ? '' : part + end;
    told += inPart;
    if (inPart < all.length) {
      return `${text}\n**${plural(changes.length - told, 'more change')} left out here: a comment has a limit.** Run \`cdk8s-hardened diff\` on both folders for all of them.\n`;
    }
  }
  return text;
}

function itemOf(change: Change): string {
  const { subject, severity, rule, also = [], message, details = [] } = change;
  const place = placeOf(change);
  const values = valuesOf(change);
  const lines = [
    `- ${code(subject)}: ${severity === undefined ? '' : `**${severity}** `}${[rule, ...also].map(escaped).join(', ')}: ${escaped(message)}`
      + `${place === '' ? '' : ` at ${code(place)}`}${values === '' ? '' : `: ${code(values)}`}`,
    ...details.slice(0, MOST_DETAILS).map((detail) => `  - ${code(detail)}`),
    ...(details.length > MOST_DETAILS ? [`  - … and ${details.length - MOST_DETAILS} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Code, which makes neither links nor mentions, whatever is in it. */
function code(text: string): string {
  const shown = cut(printable(text), LONGEST);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${shown === '' ? ' ' : shown}${space}${fence}`;
}

/** What GitHub makes links and mentions of, in the text as it is shown: escapes and entities are gone by then. */
const LINKS = /[@#]|:(?=\/\/)|www(?=\.)|\bGH-(?=\d)/gi;
const ZERO_WIDTH_SPACE = '\u200b';

function escaped(text: string): string {
  return cut(printable(text), LONGEST).replace(/[\\`*_{}[\]<>|#!~$&]/g, '\\$&').replace(LINKS, `$&${ZERO_WIDTH_SPACE}`);
}
