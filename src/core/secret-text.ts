import { SECRET_FORMS } from './secret-forms';

let forms: { what: string; patterns: RegExp[] }[] | undefined;

/**
 * Tells keys, tokens and credentials of well-known forms, whatever they are called.
 *
 * It guesses nothing: a password in plain words passes, a secret that only its name gives away too.
 *
 * @returns what the text holds, with its article, for errors, which never show the text itself; undefined if it holds none
 */
export function secretIn(text: string): string | undefined {
  forms ??= SECRET_FORMS.map(({ what, patterns, more = [] }) => ({ what, patterns: [...patterns.map((pattern) => new RegExp(pattern)), ...more] }));
  return forms.find(({ patterns }) => patterns.some((pattern) => pattern.test(text)))?.what;
}
