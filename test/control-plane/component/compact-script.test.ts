import { compactScript } from '../../../src/control-plane/component/compact-script';

test('keeps what a script is for, what is said to shellcheck, and every line that does something', () => {
  const script = '#!/bin/sh\n# What for.\n#\n#   usage\nset -eu\n\n# Why.\nrun() { # WORD\n  # Inside.\n  # shellcheck disable=SC2016\n  echo "# $1"\n}\n';

  expect(compactScript(script)).toBe('#!/bin/sh\n# What for.\nset -eu\n\nrun() { # WORD\n  # shellcheck disable=SC2016\n  echo "# $1"\n}\n');
});
