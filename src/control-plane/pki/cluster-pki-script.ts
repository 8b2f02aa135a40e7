import { CLUSTER_PKI } from '../paths';
import { CERTIFICATE_CHECKS, TAKEN_FOLDER } from './requests-and-certificates';
import { SEALED_TRANSFER } from './sealed-transfer';

/**
 * The script `cluster-pki`: keys are made where they are used; requests go to the machine that keeps the CAs' keys, certificates come back; what all
 * control-plane nodes share travels sealed. The same for every cluster: what it makes stands in files next to it.
 */
export const CLUSTER_PKI_SCRIPT = `#!/bin/sh
# Keys and certificates of the control plane and of etcd. Keys are never printed, and none is overwritten but by one that renew made.
#
#   cluster-pki ca first                       once, on the machine that keeps the CAs' keys: makes what is missing
#   cluster-pki request [HOST [NAME]]          on every node: makes missing keys, and requests in ${CLUSTER_PKI.requests}
#   cluster-pki sign FOLDER HOST DIGEST [NAME] on the machine that keeps the CAs' keys: signs HOST's requests in FOLDER that need it
#   cluster-pki install FOLDER [DIGEST [HOST]] on every node: checks and installs what was signed
#   cluster-pki renew [HOST [NAME]]            as request, but for new keys, which install puts in the place of the old ones
#
#   cluster-pki keys first                     once, on the first control-plane node: makes the key that signs service accounts' tokens
#   cluster-pki ask                            on each of the others: makes a certificate to seal the shared keys for
#   cluster-pki seal CERTIFICATE FINGERPRINT   on the first: writes CERTIFICATE.sealed
#   cluster-pki open FILE FINGERPRINT          on the node that asked: installs what was sealed for it
#
# HOST is the machine's short host name. NAME is a certificate that exists on demand only, such as super-admin: never made or signed but by name.
# FOLDER holds requests, certificates and the CAs' certificates; it is not secret, nor is what ask and seal write. request prints a digest of its
# requests, which sign wants, or the word mine for requests of this machine's own keys; sign prints one of the CAs' certificates, which install wants
# where they are not trusted yet. Bring digests and fingerprints by another way than the files, so that nobody can put a request, a certificate, a CA or
# keys of his own in their place.
set -eu
umask 077
export LC_ALL=C

configs=${CLUSTER_PKI.requestConfigs}
authorities=${CLUSTER_PKI.authorities}
requests=${CLUSTER_PKI.requests}
# name, CA, certificate, key, the CA's certificate, owner of the key
table=${CLUSTER_PKI.certificates}
# name, curve, key, public key or -, owner
shared=${CLUSTER_PKI.sharedKeys}
asked=${CLUSTER_PKI.asked}

fail() {
  echo "cluster-pki: $*" >&2
  exit 1
}

new_key() { # CURVE FILE OWNER
  [ ! -e "$2" ] || return 0
  openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$1" -out "$2.new" 2>/dev/null
  chown "$3:" "$2.new"
  ln "$2.new" "$2"
  rm "$2.new"
}

# Every machine could make them, and what one made would be worth nothing to the others: only who says that it is the first may.
first() { # WORD WHAT COMMAND
  [ "$1" = first ] || fail "$2 is missing: ask a machine that has it, or on the first alone: cluster-pki $3 first"
}

${TAKEN_FOLDER}
# Owned by root, so that who may read a key can't replace a certificate.
folder_of() { # FILE OWNER
  [ -d "\${1%/*}" ] || install -d -m 0750 -g "$(id -gn "$2")" "\${1%/*}"
}

# What the plan says about a certificate.
planned() { # WORD CONFIG
  sed -n "s/^# $1: //p" "$2"
}

config_of() { # NAME.HOST
  printf '%s\\n' "$1" | grep -Eqx '[a-z-]+\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?' || fail "$1 is not the name of a certificate and a machine"
  if [ -f "$configs/$1.cnf" ]; then
    echo "$configs/$1.cnf"
  elif [ -f "$configs/\${1%%.*}.cnf" ]; then
    echo "$configs/\${1%%.*}.cnf"
  else
    fail "no certificate \${1%%.*} is planned for the machine \${1#*.}"
  fi
}

on_demand() { # CONFIG
  [ "$(planned made "$1")" = 'on demand' ]
}

serial() {
  echo "0x1$(openssl rand -hex 15)"
}

ca() { # WORD
  names=$(find "$configs" -name '*.cnf' -exec grep -l '^# issuer: itself' {} + | sed 's|.*/||; s|[.]cnf$||' | sort)
  [ -n "$names" ] || fail "$configs has no CA: this is no machine that may keep the CAs' keys"
  mkdir -p "$authorities"
  for name in $names; do
    if [ ! -e "$authorities/$name.crt" ]; then
      [ ! -e "$authorities/$name.key" ] || fail "$authorities/$name.key has no certificate here: it came from another machine, or making it was interrupted"
      first "$1" "$authorities/$name.crt" ca
    fi
  done
  for name in $names; do
    config=$configs/$name.cnf
    if [ ! -e "$authorities/$name.crt" ]; then
      new_key "$(planned curve "$config")" "$authorities/$name.key" root
      openssl req -x509 -new -config "$config" -extensions certificate -key "$authorities/$name.key" \\
        -set_serial "$(serial)" -days "$(planned days "$config")" -out "$authorities/$name.crt.new"
      chmod 0644 "$authorities/$name.crt.new"
      mv "$authorities/$name.crt.new" "$authorities/$name.crt"
    fi
  done
}

request() { # HOST NAME WORD
  [ -z "$2" ] || cut -d ' ' -f 1 "$table" | grep -Fqx -e "$2" || fail "no certificate $2 is planned for this machine"
  mkdir -p "$requests"
  while read -r name _ certificate key _ owner; do
    config=$(config_of "$name.$1")
    if [ "$name" = "$2" ] || ! on_demand "$config"; then
      folder_of "$certificate" "$owner"
      folder_of "$key" "$owner"
      if [ "$3" = renew ] && [ -e "$key" ] && [ "$name" = "\${2:-$name}" ]; then
        new_key "$(planned curve "$config")" "$key.next" "$owner"
      fi
      new_key "$(planned curve "$config")" "$key" "$owner"
      openssl req -new -config "$config" -key "$(newest "$key")" -out "$requests/$name.$1.csr"
    fi
  done <"$table"
  echo "$requests $1 $(requests_digest "$requests" "$1")"
}

${CERTIFICATE_CHECKS}
# A certificate needs no new one if it holds the request's key, is as planned, and is not in the last third of its life.
still_good() { # REQUEST CERTIFICATE CONFIG DAYS
  [ -e "$2" ] &&
    [ "$(openssl req -in "$1" -noout -pubkey)" = "$(openssl x509 -in "$2" -noout -pubkey)" ] &&
    as_planned "$2" "$3" &&
    openssl x509 -in "$2" -noout -checkend "$((($4 - $4 * 2 / 3) * 86400))" >/dev/null
}

# Whether all requests are for keys of this machine.
all_mine() { # FOLDER
  for request in "$taken"/*.csr; do
    name=$(basename "$request" .csr)
    key=$(sed -n "s/^\${name%%.*} [^ ]* [^ ]* \\([^ ]*\\) .*/\\1/p" "$table")
    { [ -n "$key" ] && [ "$(openssl req -in "$request" -noout -pubkey)" = "$(openssl pkey -in "$(newest "$key")" -pubout)" ]; } ||
      fail "$1/$name.csr is not for a key of this machine: say the digest that request printed where it was made"
  done
}

sign() { # FOLDER HOST DIGEST NAME
  take "$1" "[a-z-]*[.]$2[.]csr"
  [ -n "$(find "$taken" -name '*.csr')" ] || fail "no requests of $2 in $1"
  if [ "$3" = mine ]; then
    all_mine "$1"
  else
    [ "$(requests_digest "$taken" "$2")" = "$3" ] || fail "$1 does not hold the requests of $2 with the digest $3: ask there, and bring all of them again"
  fi
  for request in "$taken"/*.csr; do
    id=$(basename "$request" .csr)
    certificate=$1/$id.crt
    config=$(config_of "$id")
    days=$(planned days "$config")
    if still_good "$request" "$certificate" "$config" "$days"; then
      continue
    fi
    if on_demand "$config" && [ "\${id%%.*}" != "$4" ]; then
      echo "not signed: $1/$id.csr. If you want it: cluster-pki sign $1 $2 $3 \${id%%.*}" >&2
      continue
    fi
    authority=$(planned issuer "$config")
    subject=$(planned subject "$config")
    openssl req -in "$request" -noout -verify 2>/dev/null || fail "$1/$id.csr: its signature is wrong"
    [ "$(openssl req -in "$request" -noout -subject -nameopt RFC2253)" = "subject=$subject" ] || fail "$1/$id.csr: the subject is not $subject"
    openssl x509 -req -in "$request" -CA "$authorities/$authority.crt" -CAkey "$authorities/$authority.key" -set_serial "$(serial)" \\
      -days "$days" -sha256 -extfile "$config" -extensions certificate -out "$taken/$id.crt" 2>/dev/null ||
      fail "$1/$id.csr could not be signed by $authorities/$authority.key"
    install -m 0644 "$taken/$id.crt" "$certificate"
    echo "signed $certificate"
  done
  for certificate in "$authorities"/*.crt; do
    install -m 0644 "$certificate" "$1"
  done
  echo "$1 $(authorities_digest "$authorities")"
}

trust() { # CERTIFICATE OF CA, WHERE IT IS TRUSTED, DIGEST, NAME OF CA
  if [ -e "$2" ]; then
    cmp -s "$2" "$1" || fail "$2 is another CA than the $4 that was brought: remove it to trust the new one"
  elif ! cmp -s "$authorities/$4.crt" "$1"; then
    [ -n "$3" ] || fail "nothing is known here about the $4 that was brought: cluster-pki install FOLDER DIGEST, with the digest that sign printed"
  fi
}

install_signed() { # FOLDER DIGEST HOST
  take "$1" '[a-z0-9.-]*[.]crt'
  [ -z "$2" ] || [ "$(authorities_digest "$taken")" = "$2" ] || fail "$1 does not hold the CAs with the digest $2"
  while read -r name authority certificate key trusted owner; do
    file=$name.$3.crt
    signed=$taken/$file
    config=$(config_of "$name.$3")
    if on_demand "$config" && { [ ! -e "$signed" ] || [ ! -e "$key" ]; }; then
      continue
    fi
    [ -e "$signed" ] || fail "$1/$file is missing"
    # By this CA, be it no root, and by nobody whom the system trusts.
    openssl verify -no-CApath -no-CAstore -partial_chain -CAfile "$taken/$authority.crt" "$signed" >/dev/null || fail "$1/$file is not signed by $1/$authority.crt"
    as_planned "$signed" "$config" || fail "$1/$file is not what $config says"
    lives_as_planned "$signed" "$config" || fail "$1/$file lives longer than $(planned days "$config") days"
    own=$key
    if ! belongs "$signed" "$key"; then
      own=$key.next
      belongs "$signed" "$own" || fail "$1/$file does not belong to $key"
    fi
    trust "$taken/$authority.crt" "$trusted" "$2" "$authority"
    folder_of "$trusted" "$owner"
    install -m 0644 "$taken/$authority.crt" "$trusted"
    [ "$own" = "$key" ] || mv "$own" "$key"
    install -m 0644 "$signed" "$certificate"
  done <"$table"
}

put_public() { # KEY PUBLIC OWNER
  if [ "$2" != - ]; then
    openssl pkey -in "$1" -pubout -out "$2.new"
    chmod 0644 "$2.new"
    mv "$2.new" "$2"
  fi
}

keys() { # WORD
  [ -s "$shared" ] || fail "this machine shares no keys"
  while read -r _ curve key public owner; do
    if [ "$public" != - ]; then
      [ -e "$key" ] || first "$1" "$key" keys
      folder_of "$key" "$owner"
      new_key "$curve" "$key" "$owner"
      put_public "$key" "$public"
      echo "$public $(fingerprint <"$public")"
    fi
  done <"$shared"
}

${SEALED_TRANSFER}
shared_text() {
  while read -r name _ key _ _; do
    [ -e "$key" ] || fail "$key is missing: make it if the cluster has none, or ask a node that has it"
    printf '%s %s\\n' "$name" "$(base64 -w 0 "$key")"
  done <"$shared"
}

open_shared() { # FILE FINGERPRINT
  text=$(unsealed "$asked" "$1" "$2")
  while read -r name _ key public owner; do
    folder_of "$key" "$owner"
    rm -f "$key.new"
    printf '%s\\n' "$text" | sed -n "s/^$name //p" | base64 -d >"$key.new"
    openssl pkey -in "$key.new" -noout 2>/dev/null || fail "$1 holds no key $name"
    if [ -e "$key" ]; then
      cmp -s "$key" "$key.new" || fail "$key is another key than the cluster's: remove it if it was never used"
    else
      chown "$owner:" "$key.new"
      ln "$key.new" "$key"
    fi
    rm "$key.new"
    put_public "$key" "$public"
  done <"$shared"
  forget "$asked"
}

case "\${1-}" in
  ca) ca "\${2-}" ;;
  request | renew) request "\${2-$(hostname -s)}" "\${3-}" "$1" ;;
  sign) sign "\${2?a folder is missing}" "\${3?a host is missing}" "\${4?a digest is missing}" "\${5-}" ;;
  install) install_signed "\${2?a folder is missing}" "\${3-}" "\${4-$(hostname -s)}" ;;
  keys) keys "\${2-}" ;;
  ask) ask "$asked" ;;
  seal)
    text=$(shared_text)
    seal "\${2?a certificate is missing}" "\${3?a fingerprint is missing}" "$text"
    ;;
  open) open_shared "\${2?a file is missing}" "\${3?a fingerprint is missing}" ;;
  *) fail "say what: ca, request, sign, install, renew, keys, ask, seal or open" ;;
esac
`;
