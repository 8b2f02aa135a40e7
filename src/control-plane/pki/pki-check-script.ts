import { CLUSTER_PKI } from '../paths';

/** The script `pki-check`, which a timer runs daily. The same for every cluster: what it looks at stands in a file next to it. */
export const PKI_CHECK_SCRIPT = `#!/bin/sh
# Looks at every certificate that ${CLUSTER_PKI.checked} lists, also those in kubeconfigs: ends with 1 if one is in the last third of its life,
# with 2 if one is missing, unreadable or not valid now. Shows names, paths and dates alone.
set -uf
umask 077
export LC_ALL=C

# name, certificate | kubeconfig | kubelet, required | optional, file
table=${CLUSTER_PKI.checked}
# What the kubelet has since it asked for a new one.
rotated=/var/lib/kubelet/pki/kubelet-client-current.pem
status=0
now=$(date +%s)

# The journal reads the number as the priority.
say() { # PRIORITY TEXT
  if [ -n "\${JOURNAL_STREAM-}" ]; then
    echo "<$1>$2" >&2
  else
    echo "pki-check: $2" >&2
  fi
}

warn() {
  say 4 "$1"
  [ "$status" -eq 2 ] || status=1
}

error() {
  say 3 "$1"
  status=2
}

field() { # NAME KUBECONFIG
  sed -n "s/^ *$1: *//p" "$2" | tr -d "\\"'" | head -n 1
}

certificates() { # KIND FILE
  if [ "$1" = kubeconfig ]; then
    data=$(field client-certificate-data "$2")
    if [ -n "$data" ]; then
      printf '%s' "$data" | base64 -d
    else
      cat "$(field client-certificate "$2")"
    fi
  else
    cat "$2"
  fi 2>/dev/null | sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p'
}

check_one() { # WHAT CERTIFICATE
  end=$(printf '%s\\n' "$2" | openssl x509 -noout -enddate 2>/dev/null | cut -d = -f 2)
  if [ -z "$end" ]; then
    error "$1 is no certificate"
    return
  fi
  ends=$(date -d "$end" +%s)
  starts=$(date -d "$(printf '%s\\n' "$2" | openssl x509 -noout -startdate | cut -d = -f 2)" +%s)
  if [ "$now" -ge "$ends" ]; then
    error "$1 expired on $end"
  elif [ "$now" -lt "$starts" ]; then
    error "$1 is not valid yet"
  elif [ $(((ends - now) * 3)) -lt $((ends - starts)) ]; then
    warn "$1 is in the last third of its life: renew it before $end"
  fi
}

if [ ! -s "$table" ]; then
  error "$table is missing"
  exit "$status"
fi
while read -r name kind need file; do
  if [ "$kind" = kubelet ] && [ -e "$rotated" ]; then
    file=$rotated
  fi
  if [ ! -e "$file" ]; then
    [ "$need" = optional ] || error "$name: $file is missing"
    continue
  fi
  rest=$(certificates "$kind" "$file")
  [ -n "$rest" ] || error "$name: $file holds no certificate"
  while [ -n "$rest" ]; do
    check_one "$name: $file" "$rest"
    rest=$(printf '%s\\n' "$rest" | sed '1,/-END CERTIFICATE-/d')
  done
done <"$table"
exit "$status"
`;
