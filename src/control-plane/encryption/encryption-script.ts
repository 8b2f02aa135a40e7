import { compactScript } from '../component/compact-script';
import { ENCRYPTION } from '../paths';
import { SEALED_TRANSFER } from '../pki/sealed-transfer';

/** The script `secrets-encryption`: keys are made on one node, reach others sealed for each, and stand nowhere else. The same for every cluster. */
export const ENCRYPTION_SCRIPT = compactScript(`#!/bin/sh
# Keys for the encryption of objects in etcd, and the API server's file that holds them. Keys are never printed, and an existing one is never overwritten.
#
#   secrets-encryption make first                     on the first control-plane node alone: makes keys that the cluster does not have yet
#   secrets-encryption ask                            on a node that lacks keys: makes a certificate to seal them for
#   secrets-encryption seal CERTIFICATE FINGERPRINT   on a node that has them: writes CERTIFICATE.sealed
#   secrets-encryption open FILE FINGERPRINT          on the node that asked: installs what was sealed for it
#   secrets-encryption apply [rewritten]              on every node: writes ${ENCRYPTION.config}, unless it would make objects unreadable
#   secrets-encryption verify [RESOURCE…]             on one node, with etcdctl: whether all that etcd holds was written by the first key
#
# Certificates and sealed files are not secret. Fingerprints are printed by the step before: bring them by another way than the files, so that
# nobody can put a certificate or keys of his own in their place. The file of apply is the same on every node if its fingerprint is.
set -euf
umask 077

template=${ENCRYPTION.template}
config=${ENCRYPTION.config}
keys=${ENCRYPTION.keys}
asked=$keys/asked
manifest=/etc/kubernetes/manifests/kube-apiserver.yaml

fail() {
  echo "secrets-encryption: $*" >&2
  exit 1
}

${SEALED_TRANSFER}
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
  [ -e "$keys/$1.key" ] || fail "$keys/$1.key is missing: make it if the cluster has none, or ask a node that has it"
  key=$(cat "$keys/$1.key")
  is_key "$key" || fail "$keys/$1.key is no key of 32 bytes in base64"
}

store() { # NAME KEY
  printf '%s\\n' "$2" >"$keys/$1.new"
  ln "$keys/$1.new" "$keys/$1.key"
  rm "$keys/$1.new"
}

# Every machine could make keys, and objects of one would be unreadable to the others: only who says that it is the first may.
make() { # WORD
  names=$(needed)
  for name in $names; do
    if [ ! -e "$keys/$name.key" ]; then
      [ "$1" = first ] || fail "$keys/$name.key is missing: ask a node that has it, or on the first control-plane node alone: secrets-encryption make first"
      [ -e "$config" ] || [ "$names" = "$name" ] || fail "this node lacks the cluster's keys: ask a node that has them"
      ! { [ -e "$config" ] && has "$(header keys "$config")" "$name"; } || fail "the cluster has $name, and this node has lost it: ask a node that has it"
      store "$name" "$(openssl rand -base64 32)"
      echo "made $keys/$name.key"
    fi
  done
}

content() {
  for name in $(needed); do
    key_of "$name"
    printf '%s %s\\n' "$name" "$key"
  done
}

open_sealed() { # FILE FINGERPRINT
  text=$(unsealed "$asked" "$1" "$2")
  printf '%s\\n' "$text" | while read -r name sealed; do
    has "$(needed | tr '\\n' ' ')" "$name" || fail "$1 holds a key for which $template has no place"
    is_key "$sealed" || fail "$1 holds something other than a key as $name"
    if [ ! -e "$keys/$name.key" ]; then
      store "$name" "$sealed"
    else
      [ "$(cat "$keys/$name.key")" = "$sealed" ] || fail "$keys/$name.key is another key than the cluster's: remove it if it was never used"
    fi
  done
  forget "$asked"
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
    # An installation waits for that word, and goes on.
    if ! has "$wanted" "$name" && [ "$1" = installing ]; then
      echo "secrets-encryption: $config still has $name: rewrite all objects, then say: secrets-encryption apply rewritten" >&2
      exit 0
    fi
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
  [ ! -e "$manifest" ] || grep -q -e '--encryption-provider-config=' "$manifest" ||
    echo "secrets-encryption: nothing is encrypted yet: $manifest does not name that file. With kubeadm: kubeadm-here init phase control-plane apiserver" >&2
}

flag() { # NAME
  value=$(sed -n "s/^ *- --$1=//p" "$manifest")
  [ -n "$value" ] || fail "$manifest does not say --$1"
  printf '%s\\n' "$value"
}

# How many values lie below a key of etcd, and how many of them do not begin with these bytes.
count() { # KEY HEXADECIMAL
  { etcdctl get "$1" --prefix --write-out=json || : >"$keys/failed"; } | tr '{' '\\n' | sed -n 's/.*"value":"\\([^"=]*\\).*/\\1/p' |
    awk '{ head = substr($0, 1, 128); while (length(head) < 128) head = head "A"; print head }' | base64 -d | od -An -v -tx1 -w96 | tr -d ' ' |
    awk -v prefix="$2" 'index($0, prefix) != 1 { others++ } END { print NR, others + 0 }'
}

# Where the API server keeps what it does not keep below the name.
place_of() { # RESOURCE
  case $1 in
    services) echo services/specs ;;
    endpoints) echo services/endpoints ;;
    nodes) echo minions ;;
    replicationcontrollers) echo controllers ;;
    ingresses.networking.k8s.io) echo ingress ;;
    *.*) echo "\${1%%.*} \${1#*.}/\${1%%.*}" ;;
    *) echo "$1" ;;
  esac
}

verify() { # RESOURCE…
  command -v etcdctl >/dev/null || fail "etcdctl is missing: it is part of etcd's release"
  [ -e "$config" ] || fail "$config is missing: apply it first"
  ETCDCTL_ENDPOINTS=$(flag etcd-servers)
  ETCDCTL_CACERT=$(flag etcd-cafile)
  ETCDCTL_CERT=$(flag etcd-certfile)
  ETCDCTL_KEY=$(flag etcd-keyfile)
  export ETCDCTL_ENDPOINTS ETCDCTL_CACERT ETCDCTL_CERT ETCDCTL_KEY
  name=$(header keys "$config")
  name=\${name%% *}
  case $name in
    kms-*) prefix=k8s:enc:kms:v2:\${name#kms-}: ;;
    *) prefix=k8s:enc:\${name%-*}:v1:\${name##*-}: ;;
  esac
  prefix=$(printf %s "$prefix" | od -An -v -tx1 | tr -d ' \\n')
  rm -f "$keys/failed"
  found=0
  wrong=0
  resources=$*
  [ -n "$resources" ] || resources=$(header resources "$config")
  for resource in $resources; do
    case $resource in
      *'*'*) fail "$resource stands for many: say which, such as secrets-encryption verify secrets deployments.apps" ;;
      *) ;;
    esac
    all=0
    others=0
    for place in $(place_of "$resource"); do
      counts=$(count "/registry/$place/" "$prefix")
      [ ! -e "$keys/failed" ] || fail "etcd did not answer"
      all=$((all + \${counts% *}))
      others=$((others + \${counts#* }))
    done
    echo "$resource: $all in etcd, $others of them not written by $name"
    found=$((found + all))
    wrong=$((wrong + others))
  done
  [ "$wrong" = 0 ] || fail "rewrite these objects, then verify again"
  [ "$found" != 0 ] || fail "etcd holds none of it: is it this cluster's?"
}

mkdir -p "$keys" "\${config%/*}"
case "\${1-}" in
  make) make "\${2-}" ;;
  ask) ask "$asked" ;;
  seal)
    text=$(content)
    seal "\${2?a certificate is missing}" "\${3?a fingerprint is missing}" "$text"
    ;;
  open) open_sealed "\${2?a file is missing}" "\${3?a fingerprint is missing}" ;;
  apply) apply "\${2-}" ;;
  verify)
    shift
    verify "$@"
    ;;
  *) fail "say what: make, ask, seal, open, apply or verify" ;;
esac
`);
