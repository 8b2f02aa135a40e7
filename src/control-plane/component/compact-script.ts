/**
 * A script as it lies on a node: of its comments only what it is for, in the lines before an empty one, and what is said to shellcheck. User data of
 * a machine has little room (16 KB on AWS); how scripts are used stands in the documentation, and they say so themselves.
 */
export function compactScript(script: string): string {
  const [header, ...rest] = script.split('\n#\n');
  return [header, rest.join('\n#\n').replace(/^ *#(?! shellcheck).*\n/gm, '').replace(/^\n+/, '')].join('\n');
}
