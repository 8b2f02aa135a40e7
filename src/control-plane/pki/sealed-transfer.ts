/**
 * Functions of a shell script by which keys go from one node to another: sealed for that one by CMS (RFC 5652), with fingerprints that people compare.
 * The script has a function `fail`, and says `set -eu` and `umask 077`.
 */
export const SEALED_TRANSFER = `fingerprint() {
  sha256sum | cut -d ' ' -f 1
}

ask() { # FILE, without its end
  rm -f "$1.crt" "$1.key"
  openssl req -x509 -newkey rsa:3072 -nodes -days 1 -subj "/CN=$(hostname -s)" -keyout "$1.key" -out "$1.crt" 2>/dev/null
  echo "$1.crt $(fingerprint <"$1.crt")"
}

seal() { # CERTIFICATE FINGERPRINT TEXT
  # A copy, so that nobody changes it between the look and its use.
  recipient=$(mktemp)
  trap 'rm -f "$recipient"' EXIT
  cp "$1" "$recipient"
  [ "$(fingerprint <"$recipient")" = "$2" ] || fail "$1 is not the certificate with the fingerprint $2"
  [ -n "$3" ] || fail "there is nothing to seal"
  printf '%s\\n' "$3" | openssl cms -encrypt -binary -aes-256-gcm -outform PEM -out "$1.sealed" -recip "$recipient" -keyopt rsa_padding_mode:oaep
  echo "$1.sealed $(printf '%s\\n' "$3" | fingerprint)"
}

unsealed() { # FILE OF ask, SEALED FILE, FINGERPRINT
  [ -e "$1.key" ] || fail "nothing was asked for here, or it has been opened already"
  opened=$(openssl cms -decrypt -binary -inform PEM -in "$2" -recip "$1.crt" -inkey "$1.key") || fail "$2 was not sealed for this node"
  [ "$(printf '%s\\n' "$opened" | fingerprint)" = "$3" ] || fail "$2 does not hold the keys with the fingerprint $3"
  printf '%s\\n' "$opened"
}

forget() { # FILE OF ask
  rm -f "$1.key" "$1.crt"
}
`;
