import { Fn, Token } from 'cdktf';
import { messageOf } from './message-of';
import { refuseTerraformToken } from '../../src/core/terraform-token';

const refused = (text: string) => messageOf(() => refuseTerraformToken(text, 'content', 'NodeFile /etc/x', 'Give it literally.'));

test.each<[string, string]>([
  ['a text', Fn.timestamp()],
  ['a part of a text', `https://${Token.asString({ resolve: () => 'x' })}/`],
  ['a list', Token.asList({ resolve: () => ['x'] }).join(',')],
  ['a key of a map', Object.keys(Token.asStringMap({ resolve: () => ({}) }))[0]],
  ['a number', String(Token.asNumber({ resolve: () => 7 }))],
  ['a list of numbers', String(Token.asNumberList({ resolve: () => [7] }))],
])('%s that Terraform makes is refused', (_what, text) => {
  expect(refused(text)).toBe('[NodeFile /etc/x] content: got "(a value that is not known until Terraform applies it)"; allowed: literal text. Give it literally.');
});

test.each(['${TOKEN}', '${aws_vpc.main.id}', 'TfToken[TOKEN.0]', '-1.5e+289', '-8.1e+298', '', '$(NAME)'])('%j is text as any other', (text) => {
  expect(() => refuseTerraformToken(text, 'content', undefined, '')).not.toThrow();
});
