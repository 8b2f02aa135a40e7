import { subjectOf } from './etcd-request-config';
import { ETCD_PKI } from '../paths';
import { PkiCertificate, PkiPlan } from './pki-plan';

/**
 * The script `etcd-pki`: keys are made where they are used and stay there; requests go to the machine that keeps the CAs, certificates come back.
 *
 * @param plan the whole plan of etcd's certificates
 * @param ofThisRole names of those that machines of the role need
 */
export function etcdPkiScript(plan: PkiPlan, ofThisRole: string[]): string {
  const leaves = firstOfEachName(plan.rows.filter((row) => row.issuer !== undefined));
  const authorities = plan.authorities;
  const days = Math.min(...leaves.map((row) => plan.validityDays(row)));
  const lastThird = days - Math.min(...leaves.map((row) => plan.renewAfterDays(row)));
  return SCRIPT
    .replaceAll('@AUTHORITIES@', authorities.map((row) => row.name).join(' '))
    .replace('@PLANNED@', leaves.map((row) => `${row.name} ${row.issuer} ${subjectOf(row)}`).join('\n'))
    .replace('@HERE@', leaves.filter((row) => ofThisRole.includes(row.name)).map(hereRow).join('\n'))
    .replace('@AUTHORITY_DAYS@', String(Math.min(...authorities.map((row) => plan.validityDays(row)))))
    .replace('@DAYS@', String(days))
    .replace('@LAST_THIRD@', String(lastThird));
}

/** Where a machine keeps the certificate of the CA that signs a leaf. */
export function trustedAuthorityPath(leaf: PkiCertificate): string {
  if (leaf.name === 'apiserver-etcd-client') {
    return '/etc/kubernetes/pki/etcd/ca.crt';
  }
  return `${ETCD_PKI.leaves}/${leaf.issuer}.crt`;
}

function hereRow(row: PkiCertificate): string {
  return [row.name, row.issuer, row.certificatePath, row.keyPath, trustedAuthorityPath(row), row.owner ?? 'root'].join(' ');
}

function firstOfEachName(rows: PkiCertificate[]): PkiCertificate[] {
  return rows.filter((row, i) => rows.findIndex((other) => other.name === row.name) === i);
}

const SCRIPT = `#!/bin/sh
# Keys and certificates of etcd and its clients. Keys are made where they are used and never leave; an existing key is never overwritten.
#
#   etcd-pki ca                      once, on the machine that keeps the CAs' keys: makes what is missing
#   etcd-pki request [HOST]          on every node: makes missing keys, and requests in ${ETCD_PKI.requests}
#   etcd-pki sign FOLDER             on the machine that keeps the CAs' keys: signs the requests in FOLDER that need it
#   etcd-pki install FOLDER [HOST]   on every node: checks and installs what was signed
#   etcd-pki check                   on every node: fails if a certificate is missing or in the last third of its life
#
# FOLDER holds requests, certificates and the CAs' certificates: nothing in it is secret.
set -eu
umask 077

configs=${ETCD_PKI.requestConfigs}
authorities=${ETCD_PKI.authorities}
requests=${ETCD_PKI.requests}
authority_days=@AUTHORITY_DAYS@
days=@DAYS@
last_third=$((@LAST_THIRD@ * 86400))

# name, CA, subject
planned() {
  cat <<'END'
@PLANNED@
END
}

# name, CA, certificate, key, the CA's certificate, owner of the key
here() {
  cat <<'END'
@HERE@
END
}

fail() {
  echo "etcd-pki: $*" >&2
  exit 1
}

new_key() { # FILE OWNER
  [ ! -e "$1" ] || return 0
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.new" 2>/dev/null
  chown "$2:" "$1.new"
  ln "$1.new" "$1"
  rm "$1.new"
}

# Owned by root, so that who may read a key can't replace a certificate.
folder_of() { # FILE OWNER
  [ -d "\${1%/*}" ] || install -d -m 0750 -g "$(id -gn "$2")" "\${1%/*}"
}

config_of() { # NAME.HOST
  if [ -f "$configs/$1.cnf" ]; then
    echo "$configs/$1.cnf"
  elif [ -f "$configs/\${1%%.*}.cnf" ]; then
    echo "$configs/\${1%%.*}.cnf"
  else
    fail "no certificate \${1%%.*} is planned for the machine \${1#*.}"
  fi
}

serial() {
  echo "0x1$(openssl rand -hex 15)"
}

authorities() {
  mkdir -p "$authorities"
  for name in @AUTHORITIES@; do
    [ -f "$configs/$name.cnf" ] || fail "$configs/$name.cnf is missing: this is no machine that may keep the CAs"
    new_key "$authorities/$name.key" root
    if [ ! -e "$authorities/$name.crt" ]; then
      openssl req -x509 -new -config "$configs/$name.cnf" -extensions certificate -key "$authorities/$name.key" \\
        -set_serial "$(serial)" -days "$authority_days" -out "$authorities/$name.crt.new"
      chmod 0644 "$authorities/$name.crt.new"
      mv "$authorities/$name.crt.new" "$authorities/$name.crt"
    fi
  done
}

request() { # HOST
  mkdir -p "$requests"
  here | while read -r name _ certificate key _ owner; do
    config=$(config_of "$name.$1")
    folder_of "$certificate" "$owner"
    folder_of "$key" "$owner"
    new_key "$key" "$owner"
    openssl req -new -config "$config" -key "$key" -out "$requests/$name.$1.csr"
  done
  echo "requests are in $requests"
}

# A certificate needs no new one if it holds the request's key and is not in the last third of its life.
still_good() { # REQUEST CERTIFICATE
  [ -e "$2" ] &&
    [ "$(openssl req -in "$1" -noout -pubkey)" = "$(openssl x509 -in "$2" -noout -pubkey)" ] &&
    openssl x509 -in "$2" -noout -checkend "$last_third" >/dev/null
}

sign() { # FOLDER
  for request in "$1"/*.csr; do
    [ -e "$request" ] || fail "no requests in $1"
    id=$(basename "$request" .csr)
    certificate=$1/$id.crt
    ! still_good "$request" "$certificate" || continue
    row=$(planned | grep "^\${id%%.*} ") || fail "$request: no certificate \${id%%.*} is planned"
    authority=$(echo "$row" | cut -d ' ' -f 2)
    subject=$(echo "$row" | cut -d ' ' -f 3-)
    config=$(config_of "$id")
    openssl req -in "$request" -noout -verify 2>/dev/null || fail "$request: its signature is wrong"
    [ "$(openssl req -in "$request" -noout -subject -nameopt RFC2253)" = "subject=$subject" ] || fail "$request: the subject is not $subject"
    openssl x509 -req -in "$request" -CA "$authorities/$authority.crt" -CAkey "$authorities/$authority.key" -set_serial "$(serial)" \\
      -days "$days" -sha256 -extfile "$config" -extensions certificate -out "$certificate.new" 2>/dev/null ||
      fail "$request could not be signed by $authorities/$authority.key"
    chmod 0644 "$certificate.new"
    mv "$certificate.new" "$certificate"
    echo "signed $certificate"
  done
  for name in @AUTHORITIES@; do
    install -m 0644 "$authorities/$name.crt" "$1/$name.crt"
  done
}

install_signed() { # FOLDER HOST
  here | while read -r name authority certificate key trusted owner; do
    signed=$1/$name.$2.crt
    [ -e "$signed" ] || fail "$signed is missing"
    openssl verify -CAfile "$1/$authority.crt" "$signed" >/dev/null || fail "$signed is not signed by $1/$authority.crt"
    [ "$(openssl x509 -in "$signed" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout)" ] || fail "$signed does not belong to $key"
    [ ! -e "$trusted" ] || cmp -s "$trusted" "$1/$authority.crt" || fail "$trusted is another CA than $1/$authority.crt: remove it to trust the new one"
    folder_of "$trusted" "$owner"
    install -m 0644 "$1/$authority.crt" "$trusted"
    install -m 0644 "$signed" "$certificate"
  done
}

check() {
  here | while read -r _ _ certificate _ _ _; do
    [ -e "$certificate" ] || fail "$certificate is missing"
    openssl x509 -in "$certificate" -noout -checkend "$last_third" >/dev/null || fail "$certificate is in the last third of its life: renew it"
  done
}

case "\${1-}" in
  ca) authorities ;;
  request) request "\${2-$(hostname -s)}" ;;
  sign) sign "\${2?a folder is missing}" ;;
  install) install_signed "\${2?a folder is missing}" "\${3-$(hostname -s)}" ;;
  check) check ;;
  *) fail "say what: ca, request, sign, install or check" ;;
esac
`;
