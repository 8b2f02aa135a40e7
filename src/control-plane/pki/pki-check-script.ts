import { CLUSTER_PKI } from '../paths';

/** The script `pki-check`, which a timer runs daily. The same for every cluster: what it looks at stands in a file next to it. */
export const PKI_CHECK_SCRIPT = `#!/bin/sh
# Looks at every certificate that ${CLUSTER_PKI.checked} lists, also those in kubeconfigs: ends with 1 if one is due, with 2 if one is missing,
# unreadable or not valid now. Due is what is in the last third of its life, but of the kubelet's own what is in the last 8 %: it replaces them when
# 70 to 90 % of their life are over. Shows names, paths and dates alone.
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

# Where a certificate lies: a kubeconfig may name another file.
place_of() { # KIND FILE
  if [ "$1" = kubeconfig ] && [ -z "$(field client-certificate-data "$2")" ]; then
    field client-certificate "$2"
  else
    echo "$2"
  fi
}

certificates() { # KIND FILE
  if [ "$1" = kubeconfig ] && [ "$(place_of "$1" "$2")" = "$2" ]; then
    field client-certificate-data "$2" | base64 -d
  else
    cat "$(place_of "$1" "$2")"
  fi 2>/dev/null | sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p'
}

is_kubelets() { # PLACE
  case $1 in
    */kubelet-client-current.pem | */kubelet-server-current.pem) return 0 ;;
    *) return 1 ;;
  esac
}

check_one() { # WHAT CERTIFICATE PLACE
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
  elif is_kubelets "$3"; then
    [ $(((ends - now) * 100)) -ge $(((ends - starts) * 8)) ] || warn "$1 should have been replaced by the kubelet: its log says why not; it ends on $end"
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
    check_one "$name: $file" "$rest" "$(place_of "$kind" "$file")"
    rest=$(printf '%s\\n' "$rest" | sed '1,/-END CERTIFICATE-/d')
  done
done <"$table"
exit "$status"
`;
