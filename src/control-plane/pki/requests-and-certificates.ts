/**
 * Functions of a shell script for a folder that comes from elsewhere: one digest says whether it holds what was sent.
 * The script has SEALED_TRANSFER's `fingerprint`, and says `LC_ALL=C`.
 */
export const TAKEN_FOLDER = `# Names of files, of known letters alone: who writes to the folder can make others.
named() { # FOLDER PATTERN
  (cd "$1" && find . -maxdepth 1 -type f) | sed -n "s|^[.]/\\($2\\)\$|\\1|p" | sort
}

digest() { # FOLDER PATTERN
  (cd "$1" && named . "$2" | xargs -r sha256sum) | fingerprint
}

requests_digest() { # FOLDER HOST
  digest "$1" "[a-z-]*[.]$2[.]csr"
}

authorities_digest() { # FOLDER
  digest "$1" '[a-z-]*-ca[.]crt'
}

# Copies, so that nobody changes them between a look and their use.
take() { # FOLDER PATTERN
  taken=$(mktemp -d)
  trap 'rm -rf "$taken"' EXIT
  for file in $(named "$1" "$2"); do
    cp "$1/$file" "$taken"
  done
}
`;

/** Functions of a shell script that look at certificates. The script has a function `planned`, which reads a word of a plan's file, and says `LC_ALL=C`. */
export const CERTIFICATE_CHECKS = `# The key that is asked a certificate for.
newest() { # KEY
  if [ -e "$1.next" ]; then
    echo "$1.next"
  else
    echo "$1"
  fi
}

# Subject, usages and names, and whether it is a CA; in any order.
grants() { # < CERTIFICATE
  openssl x509 -noout -subject -nameopt RFC2253 -ext basicConstraints,extendedKeyUsage,subjectAltName 2>/dev/null |
    grep -v -e '^X509v3' -e CA:FALSE | tr -d ' ' | tr ',' '\\n' | sort
}

# Whether a certificate grants what is planned and nothing else: a CA that is not this script may have signed it.
as_planned() { # CERTIFICATE CONFIG
  wanted=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -config "$2" -extensions certificate 2>/dev/null | grants)
  [ -n "$wanted" ] && [ "$(grants <"$1")" = "$wanted" ]
}

belongs() { # CERTIFICATE KEY
  [ -e "$2" ] && [ "$(openssl x509 -in "$1" -noout -pubkey)" = "$(openssl pkey -in "$2" -pubout)" ]
}

# An hour more than planned: CAs date certificates back because of clocks.
lives_as_planned() { # CERTIFICATE CONFIG
  dates=$(openssl x509 -in "$1" -noout -dates)
  starts=$(date -d "$(printf '%s\\n' "$dates" | sed -n 's/^notBefore=//p')" +%s)
  ends=$(date -d "$(printf '%s\\n' "$dates" | sed -n 's/^notAfter=//p')" +%s)
  [ -n "$starts" ] && [ -n "$ends" ] && [ "$((ends - starts))" -le "$(($(planned days "$2") * 86400 + 3600))" ]
}
`;
