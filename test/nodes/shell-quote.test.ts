import { shellQuote } from '../../src/nodes/shell-quote';

test.each([
  ['/etc/motd', '/etc/motd'],
  ['', '\'\''],
  ['a b', '\'a b\''],
  ['$(reboot)', '\'$(reboot)\''],
  ['it\'s', '\'it\'\\\'\'s\''],
  ['*', '\'*\''],
  ['é', '\'é\''],
])('%j is one word: %s', (word, quoted) => {
  expect(shellQuote(word)).toBe(quoted);
});
