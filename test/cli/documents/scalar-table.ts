/** Forms of scalars in YAML 1.1, in YAML 1.2 and next to both. */
export function scalarForms(): string[] {
  const words = ['y', 'yes', 'true', 'on', 'n', 'no', 'false', 'off', 'null', 'nan', 'inf', '.nan', '.inf', '-.inf', '+.inf'].flatMap(word => [
    word, word.toUpperCase(), word[0].toUpperCase() + word.slice(1), word[0] + word.slice(1).toUpperCase(), `.${word}`, `${word}_`, `-${word}`,
  ]);
  const numbers = ['', '+', '-'].flatMap(sign => ['', '0', '0x', '0b', '0o', '00', '1', '12', '1_2', '9', '0x1', '08', '.', '5.', '5.5', '_'].flatMap(
    start => ['', 'e', 'e1', 'E+1', 'e-1', '_', '_1', '.', '.5', 'f', 'F', '7', '8', 'x', 'b1', 'o1'].map(end => sign + start + end)));
  return [...new Set([...words, ...numbers, ...SINGLE])];
}

const SINGLE = [
  '.NaN', '.Nan', 'tRue', '~', '<<', '=', '!', '-', '--', '...x', '.5_0', '._5', '.5_', '.5__0', '.5e1_0', '.5e400', '.e5', '-.5_0', '1.5.2', '1e400',
  '-1e400', '1e-400', '12e03', '0X1f', '0xg', '0x1e3', '0x_1f', '0B11', '0b102', '0b-1', '0b+1', '-0b-1', '-0b+1', '0O17', '0o8', '017', '-017', '09.5',
  '0777', '0o777', '0_7', '1_000', '1__0', '1_', '+_1', '-_', '1_000.5_0', '1:30', '190:20:30', '12:30:45.5', '2001-01-01', '2001-1-1',
  '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10', '2001-13-45', '2001-', '9007199254740993', '9223372036854775807', '9223372036854775808',
  '-9223372036854775808', '-9223372036854775809', '+9223372036854775808', '18446744073709551615', '18446744073709551616', '99999999999999999999',
  '0xFFFFFFFFFFFFFFFF', '0x1FFFFFFFFFFFFFFFF', '0777777777777777777777777', '16777217.5', '0.1', '1e300', '123456789.5', '1234567.0', '0.00001', '0.0001',
  '3.4028235e38', '3.5e38', '1.1754944e-38', '1e6', '100000.5', '999999.9', '1e20', 'a:b', 'a#b', 'a b', '- 5', '--5', '5-', '5 5', '1,000', '1.2.3.4',
  '10.0.0.0/8', '0d5', 'e5', '0x1.8p3', 'Infinity', '1_e5', '1e5_', '1_0e1_0', '0b1_0', '0__', '0x1_', '½', 'é', '🎉', '0777L', '100m', '128Mi', '1e3Mi',
];

/** Every place where a scalar can stand, as the text of a document. */
export function placesOf(scalar: string): string[] {
  const double = JSON.stringify(scalar);
  const single = `'${scalar.replace(/'/g, "''")}'`;
  const places = (text: string) => [
    `a: ${text}\n`, `a:   ${text}   # comment\nb: 1\n`, `a:\n  - ${text}\n`, `a:\n- ${text}\nb: c\n`, `a: [${text}]\n`, `a: [${text}, x]\n`,
    `a: {k: ${text}}\n`, `a: {k: ${text}, l: m}\n`, `${text}: v\n`, `a:\n  ${text}: v\n`, `a: {${text}: v}\n`, `? ${text}\n: v\n`, `a:\n  ${text}\n`,
    `a: &x ${text}\nb: *x\n`, `a: &x ${text}\n*x : v\n`,
  ];
  const tagged = ['!!str', '!!int', '!!float', '!!bool', '!!null', '!!binary', '!custom', '!', '!<tag:yaml.org,2002:int>'].flatMap(
    tag => [`a: ${tag} ${scalar}\n`, `a: ${tag} ${single}\n`, `${tag} ${scalar}: v\n`]);
  return [
    ...places(scalar), ...places(double), ...places(single), ...tagged,
    `a: |\n  ${scalar}\n`, `a: >-\n  ${scalar}\n`, `a: ${scalar}\n  ${scalar}\n`, `{"a": ${scalar}}`, `{"a": ${scalar}}\n---\n{"a": ${scalar}}`,
  ];
}
