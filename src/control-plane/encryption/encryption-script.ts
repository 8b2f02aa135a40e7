import { ENCRYPTION } from '../paths';

/** The script `secrets-encryption`: keys are made on one node, reach others sealed for each, and stand nowhere else. The same for every cluster. */
export const ENCRYPTION_SCRIPT = `#!/bin/sh
# Keys for the encryption of objects in etcd, and the API server's file that holds them. Keys are never printed, and an existing one is never overwritten.
#
#   secrets-encryption make                           on one control-plane node: makes keys that the cluster does not have yet
#   secrets-encryption request                        on a node that lacks keys: makes a certificate to seal them for
#   secrets-encryption seal CERTIFICATE FINGERPRINT   on a node that has them: writes CERTIFICATE.sealed
#   secrets-encryption open FILE FINGERPRINT          on the node that asked: installs what was sealed for it
#   secrets-encryption apply [rewritten]              on every node: writes ${ENCRYPTION.config}, unless it would make objects unreadable
#
# Certificates and sealed files are not secret. Fingerprints are printed by the step before: bring them by another way than the files, so that
# nobody can put a certificate or keys of his own in their place. The file of apply is the same on every node if its fingerprint is.
set -euf
umask 077

template=${ENCRYPTION.template}
config=${ENCRYPTION.config}
keys=${ENCRYPTION.keys}
request=$keys/request
manifest=/etc/kubernetes/manifests/kube-apiserver.yaml

fail() {
  echo "secrets-encryption: $*" >&2
  exit 1
}

fingerprint() {
  sha256sum | cut -d ' ' -f 1
}

header() { # NAME FILE
  sed -n "s/^# $1: //p" "$2"
}

has() { # LIST WORD
  case " $1 " in
    *" $2 "*) return 0 ;;
    *) return 1 ;;
  esac
}

needed() {
  sed -n 's/.*"@\\([a-z]*-k[0-9]*\\)@".*/\\1/p' "$template"
}

# 32 bytes, not all of them zero.
is_key() {
  printf '%s\\n' "$1" | grep -Eqx '[A-Za-z0-9+/]{43}=' && [ "\${1#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA}" = "$1" ]
}

key_of() { # NAME
  [ -e "$keys/$1.key" ] || fail "$keys/$1.key is missing: make it if the cluster has none, or request it from a node that has it"
  key=$(cat "$keys/$1.key")
  is_key "$key" || fail "$keys/$1.key is no key of 32 bytes in base64"
}

store() { # NAME KEY
  printf '%s\\n' "$2" >"$keys/$1.new"
  ln "$keys/$1.new" "$keys/$1.key"
  rm "$keys/$1.new"
}

make() {
  names=$(needed)
  for name in $names; do
    if [ ! -e "$keys/$name.key" ]; then
      [ -e "$config" ] || [ "$names" = "$name" ] || fail "this node lacks the cluster's keys: request them"
      ! { [ -e "$config" ] && has "$(header keys "$config")" "$name"; } || fail "the cluster has $name, and this node has lost it: request it"
      store "$name" "$(openssl rand -base64 32)"
      echo "made $keys/$name.key"
    fi
  done
}

request() {
  rm -f "$request.crt" "$request.key"
  openssl req -x509 -newkey rsa:3072 -nodes -days 1 -subj "/CN=$(hostname -s)" -keyout "$request.key" -out "$request.crt" 2>/dev/null
  echo "$request.crt $(fingerprint <"$request.crt")"
}

content() {
  for name in $(needed); do
    key_of "$name"
    printf '%s %s\\n' "$name" "$key"
  done
}

seal() { # CERTIFICATE FINGERPRINT
  [ "$(fingerprint <"$1")" = "$2" ] || fail "$1 is not the certificate with the fingerprint $2"
  text=$(content)
  [ -n "$text" ] || fail "$template has no place for a key"
  printf '%s\\n' "$text" | openssl cms -encrypt -binary -aes-256-gcm -outform PEM -out "$1.sealed" -recip "$1" -keyopt rsa_padding_mode:oaep
  echo "$1.sealed $(printf '%s\\n' "$text" | fingerprint)"
}

open_sealed() { # FILE FINGERPRINT
  [ -e "$request.key" ] || fail "nothing was requested here, or it has been opened already"
  text=$(openssl cms -decrypt -binary -inform PEM -in "$1" -recip "$request.crt" -inkey "$request.key") || fail "$1 was not sealed for this request"
  [ "$(printf '%s\\n' "$text" | fingerprint)" = "$2" ] || fail "$1 does not hold the keys with the fingerprint $2"
  printf '%s\\n' "$text" | while read -r name sealed; do
    has "$(needed | tr '\\n' ' ')" "$name" || fail "$1 holds a key for which $template has no place"
    is_key "$sealed" || fail "$1 holds something other than a key as $name"
    if [ ! -e "$keys/$name.key" ]; then
      store "$name" "$sealed"
    else
      [ "$(cat "$keys/$name.key")" = "$sealed" ] || fail "$keys/$name.key is another key than the cluster's: remove it if it was never used"
    fi
  done
  rm -f "$request.key" "$request.crt"
}

# Whether objects of a resource are encrypted by a list of resources and wildcards.
covered() { # LIST RESOURCE
  case $2 in
    *.*) group=\${2#*.} ;;
    *) group= ;;
  esac
  has "$1" "$2" || has "$1" '*.*' || has "$1" "*.$group"
}

# Whether the node's API server stored objects without the file: one that waits for it has stored nothing, but where static pods are installed
# its manifest is there before it.
has_stored() {
  [ -e "$manifest" ] || return 1
  ! grep -q -e '--encryption-provider-config=' "$manifest" || find /var/log/pods -maxdepth 1 -name 'kube-system_kube-apiserver*' 2>/dev/null | grep -q .
}

# Refuses what this API server, or another that has not come as far, could not read.
check_step() { # WORD
  wanted=$(header keys "$template")
  resources=$(header resources "$template")
  if [ ! -e "$config" ]; then
    ! has_stored || has "$wanted" identity || fail "this API server stored objects in plain text: set plaintextReadable until all are rewritten"
    return 0
  fi
  present=$(header keys "$config")
  present_resources=$(header resources "$config")
  { [ -n "$present" ] && [ -n "$present_resources" ]; } || fail "$config was not written by this script: nothing is known about its keys"
  for resource in $present_resources; do
    covered "$resources" "$resource" || fail "$resource would not be decrypted any more: keep it in the list of resources"
  done
  for resource in $resources; do
    covered "$present_resources" "$resource" || has "$wanted" identity || fail "$resource was stored in plain text: set plaintextReadable until all is rewritten"
  done
  has "$present" "\${wanted%% *}" || fail "no API server can read with \${wanted%% *} yet: first add it as the second, on every node"
  has "$wanted" "\${present%% *}" || fail "\${present%% *} still writes: first use the new key, on every node, and rewrite all objects"
  for name in $present; do
    has "$wanted" "$name" || [ "$1" = rewritten ] || fail "what is stored by $name would be lost: rewrite all objects, then say: secrets-encryption apply rewritten"
  done
}

fill() {
  while IFS= read -r line; do
    case $line in
      *'"@'*'@"'*)
        rest=\${line#*@}
        key_of "\${rest%%@*}"
        printf '%s%s%s\\n' "\${line%%@*}" "$key" "\${rest#*@}"
        ;;
      *) printf '%s\\n' "$line" ;;
    esac
  done
}

apply() { # WORD
  check_step "$1"
  trap 'rm -f "$keys/config.new"' EXIT
  fill <"$template" >"$keys/config.new"
  # At once, so that the API server never sees a part of it.
  cmp -s "$keys/config.new" "$config" || mv "$keys/config.new" "$config"
  echo "$config $(fingerprint <"$config")"
}

mkdir -p "$keys" "\${config%/*}"
case "\${1-}" in
  make) make ;;
  request) request ;;
  seal) seal "\${2?a certificate is missing}" "\${3?a fingerprint is missing}" ;;
  open) open_sealed "\${2?a file is missing}" "\${3?a fingerprint is missing}" ;;
  apply) apply "\${2-}" ;;
  *) fail "say what: make, request, seal, open or apply" ;;
esac
`;
