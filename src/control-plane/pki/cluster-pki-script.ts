import { CLUSTER_PKI } from '../paths';
import { SEALED_TRANSFER } from './sealed-transfer';

/**
 * The script `cluster-pki`: keys are made where they are used; requests go to the machine that keeps the CAs' keys, certificates come back; what all
 * control-plane nodes share travels sealed. The same for every cluster: what it makes stands in files next to it.
 */
export const CLUSTER_PKI_SCRIPT = `#!/bin/sh
# Keys and certificates of the control plane and of etcd. Keys are never printed, and an existing one is never overwritten.
#
#   cluster-pki ca                          once, on the machine that keeps the CAs' keys: makes what is missing
#   cluster-pki request [HOST [NAME]]       on every node: makes missing keys, and requests in ${CLUSTER_PKI.requests}
#   cluster-pki sign FOLDER [NAME]          on the machine that keeps the CAs' keys: signs the requests in FOLDER that need it
#   cluster-pki install FOLDER [HOST]       on every node: checks and installs what was signed
#
#   cluster-pki keys                        once, on the first control-plane node: makes the key that signs service accounts' tokens
#   cluster-pki ask                         on each of the others: makes a certificate to seal the shared keys for
#   cluster-pki seal CERTIFICATE FINGERPRINT  on the first: writes CERTIFICATE.sealed
#   cluster-pki open FILE FINGERPRINT       on the node that asked: installs what was sealed for it
#
# HOST is the machine's short host name. NAME is a certificate that exists on demand only, such as super-admin: never made or signed but by name.
# FOLDER holds requests, certificates and the CAs' certificates; it is not secret, nor is what ask and seal write. Fingerprints are printed by the
# step before: bring them by another way than the files, so that nobody can put a certificate or keys of his own in their place.
set -eu
umask 077

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

ca() {
  names=$(find "$configs" -name '*.cnf' -exec grep -l '^# issuer: itself' {} + | sed 's|.*/||; s|[.]cnf$||' | sort)
  [ -n "$names" ] || fail "$configs has no CA: this is no machine that may keep the CAs' keys"
  mkdir -p "$authorities"
  for name in $names; do
    config=$configs/$name.cnf
    if [ ! -e "$authorities/$name.crt" ]; then
      [ ! -e "$authorities/$name.key" ] || fail "$authorities/$name.key has no certificate here: it came from another machine, or making it was interrupted"
      new_key "$(planned curve "$config")" "$authorities/$name.key" root
      openssl req -x509 -new -config "$config" -extensions certificate -key "$authorities/$name.key" \\
        -set_serial "$(serial)" -days "$(planned days "$config")" -out "$authorities/$name.crt.new"
      chmod 0644 "$authorities/$name.crt.new"
      mv "$authorities/$name.crt.new" "$authorities/$name.crt"
    fi
  done
}

request() { # HOST NAME
  [ -z "$2" ] || cut -d ' ' -f 1 "$table" | grep -Fqx -e "$2" || fail "no certificate $2 is planned for this machine"
  mkdir -p "$requests"
  while read -r name _ certificate key _ owner; do
    config=$(config_of "$name.$1")
    if [ "$name" = "$2" ] || ! on_demand "$config"; then
      folder_of "$certificate" "$owner"
      folder_of "$key" "$owner"
      new_key "$(planned curve "$config")" "$key" "$owner"
      openssl req -new -config "$config" -key "$key" -out "$requests/$name.$1.csr"
    fi
  done <"$table"
  echo "requests are in $requests"
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

# A certificate needs no new one if it holds the request's key, is as planned, and is not in the last third of its life.
still_good() { # REQUEST CERTIFICATE CONFIG DAYS
  [ -e "$2" ] &&
    [ "$(openssl req -in "$1" -noout -pubkey)" = "$(openssl x509 -in "$2" -noout -pubkey)" ] &&
    as_planned "$2" "$3" &&
    openssl x509 -in "$2" -noout -checkend "$((($4 - $4 * 2 / 3) * 86400))" >/dev/null
}

sign() { # FOLDER NAME
  for request in "$1"/*.csr; do
    [ -e "$request" ] || fail "no requests in $1"
    id=$(basename "$request" .csr)
    certificate=$1/$id.crt
    config=$(config_of "$id")
    days=$(planned days "$config")
    if still_good "$request" "$certificate" "$config" "$days"; then
      continue
    fi
    if on_demand "$config" && [ "\${id%%.*}" != "$2" ]; then
      echo "not signed: $request. If you want it: cluster-pki sign $1 \${id%%.*}" >&2
      continue
    fi
    authority=$(planned issuer "$config")
    subject=$(planned subject "$config")
    openssl req -in "$request" -noout -verify 2>/dev/null || fail "$request: its signature is wrong"
    [ "$(openssl req -in "$request" -noout -subject -nameopt RFC2253)" = "subject=$subject" ] || fail "$request: the subject is not $subject"
    openssl x509 -req -in "$request" -CA "$authorities/$authority.crt" -CAkey "$authorities/$authority.key" -set_serial "$(serial)" \\
      -days "$days" -sha256 -extfile "$config" -extensions certificate -out "$certificate.new" 2>/dev/null ||
      fail "$request could not be signed by $authorities/$authority.key"
    chmod 0644 "$certificate.new"
    mv "$certificate.new" "$certificate"
    echo "signed $certificate"
  done
  for certificate in "$authorities"/*.crt; do
    install -m 0644 "$certificate" "$1"
  done
}

install_signed() { # FOLDER HOST
  while read -r name authority certificate key trusted owner; do
    signed=$1/$name.$2.crt
    config=$(config_of "$name.$2")
    if on_demand "$config" && { [ ! -e "$signed" ] || [ ! -e "$key" ]; }; then
      continue
    fi
    [ -e "$signed" ] || fail "$signed is missing"
    openssl verify -CAfile "$1/$authority.crt" "$signed" >/dev/null || fail "$signed is not signed by $1/$authority.crt"
    as_planned "$signed" "$config" || fail "$signed is not what $config says"
    [ "$(openssl x509 -in "$signed" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout)" ] || fail "$signed does not belong to $key"
    [ ! -e "$trusted" ] || cmp -s "$trusted" "$1/$authority.crt" || fail "$trusted is another CA than $1/$authority.crt: remove it to trust the new one"
    folder_of "$trusted" "$owner"
    install -m 0644 "$1/$authority.crt" "$trusted"
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

keys() {
  [ -s "$shared" ] || fail "this machine shares no keys"
  while read -r _ curve key public owner; do
    if [ "$public" != - ]; then
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
  ca) ca ;;
  request) request "\${2-$(hostname -s)}" "\${3-}" ;;
  sign) sign "\${2?a folder is missing}" "\${3-}" ;;
  install) install_signed "\${2?a folder is missing}" "\${3-$(hostname -s)}" ;;
  keys) keys ;;
  ask) ask "$asked" ;;
  seal)
    text=$(shared_text)
    seal "\${2?a certificate is missing}" "\${3?a fingerprint is missing}" "$text"
    ;;
  open) open_shared "\${2?a file is missing}" "\${3?a fingerprint is missing}" ;;
  *) fail "say what: ca, request, sign, install, keys, ask, seal or open" ;;
esac
`;
