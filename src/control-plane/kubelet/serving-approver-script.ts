import { SERVING_NAMES_SCRIPT } from './serving-names-script';
import { shellQuote } from '../../nodes/shell-quote';
import { compactScript } from '../component/compact-script';

/** What differs from cluster to cluster; lists are separated by spaces. */
export interface ApproverFacts {
  /** Ranges of nodes' addresses, or nothing where they aren't known. */
  readonly nodeRanges: string[];
  /** Ranges of control-plane nodes' addresses, or nothing. */
  readonly controlPlaneRanges: string[];
  /** Ranges that no node has an address in. */
  readonly foreignRanges: string[];
  /** Names and domains that no node may have. */
  readonly foreignNames: string[];
  readonly foreignDomains: string[];
  /** Domains of nodes' names besides those of Node objects. */
  readonly nodeDomains: string[];
  /** Ranges of further addresses of any node, such as public ones. */
  readonly externalRanges: string[];
}

/** Where the approver and what it needs lie. */
export const APPROVER = {
  script: '/usr/local/sbin/kubelet-serving-approver',
  objects: '/etc/kubernetes/kubelet-serving-approver.yaml',
  account: 'kubelet-serving-approver',
} as const;

/** The script `kubelet-serving-approver`. */
export function servingApproverScript(facts: ApproverFacts): string {
  const lists: [string, string[]][] = [
    ['@NODE_RANGES@', facts.nodeRanges],
    ['@CONTROL_PLANE_RANGES@', facts.controlPlaneRanges],
    ['@FOREIGN_RANGES@', facts.foreignRanges],
    ['@FOREIGN_NAMES@', facts.foreignNames],
    ['@FOREIGN_DOMAINS@', facts.foreignDomains],
    ['@NODE_DOMAINS@', facts.nodeDomains],
    ['@EXTERNAL_RANGES@', facts.externalRanges],
  ];
  return lists.reduce((text, [place, list]) => text.replace(`'${place}'`, () => shellQuote(list.join(' '))), compactScript(SCRIPT));
}

/* The request decides nothing by itself: a node also writes its own Node object, so that names and ranges of the cluster limit what it may claim. */
const SCRIPT = `#!/bin/sh
# Approves requests of kubelets for the certificates of their own servers, which Kubernetes leaves to each cluster.
#
#   kubelet-serving-approver identity   as root: makes a kubeconfig in RUNTIME_DIRECTORY whose token may do nothing but this, for ten minutes
#   kubelet-serving-approver approve    with that kubeconfig in KUBECONFIG: approves what is right, says of all else why it is left alone
set -euf
umask 077
export LC_ALL=C

admin=/etc/kubernetes/admin.conf
objects=${APPROVER.objects}
account=${APPROVER.account}
requests=/apis/certificates.k8s.io/v1/certificatesigningrequests

node_ranges='@NODE_RANGES@'
control_plane_ranges='@CONTROL_PLANE_RANGES@'
foreign_ranges='@FOREIGN_RANGES@'
foreign_names='@FOREIGN_NAMES@'
foreign_domains='@FOREIGN_DOMAINS@'
node_domains='@NODE_DOMAINS@'
external_ranges='@EXTERNAL_RANGES@'

# Without echo, which reads backslashes of what a request says.
say() {
  printf '%s\\n' "$*"
}

fail() {
  say "kubelet-serving-approver: $*" >&2
  exit 1
}

as_admin() {
  kubectl --kubeconfig "$admin" --request-timeout=10s "$@" </dev/null
}

cluster_field() { # FIELD
  as_admin config view --raw --flatten --minify --output "jsonpath={.clusters[0].cluster.$1}"
}

identity() {
  target=\${RUNTIME_DIRECTORY?is not set}/kubeconfig
  # What the objects were made from: no request a minute changes anything, and what is newer here still gets there.
  [ "$(as_admin get --filename "$objects" --output 'jsonpath={.items[*].metadata.annotations.made-from}' 2>/dev/null)" = \
    "$(sed -n 's/^ *made-from: //p' "$objects" | paste -s -d ' ' -)" ] || as_admin apply --server-side --force-conflicts --filename "$objects"
  bearer=$(as_admin create token "$account" --namespace kube-system --duration 10m)
  server=$(cluster_field server)
  authority=$(cluster_field certificate-authority-data)
  cat >"$target.new" <<END
apiVersion: v1
kind: Config
clusters: [{name: cluster, cluster: {server: "$server", certificate-authority-data: "$authority"}}]
users: [{name: approver, user: {token: "$bearer"}}]
contexts: [{name: approver, context: {cluster: cluster, user: approver}}]
current-context: approver
END
  # Of whoever runs the other half.
  chown --reference "$RUNTIME_DIRECTORY" "$target.new"
  mv "$target.new" "$target"
}

client() {
  HOME=$work kubectl --request-timeout=10s "$@"
}

# Six lines a request. Quoted, so that no value can hold a line break.
pending() {
  client get certificatesigningrequests --field-selector spec.signerName=kubernetes.io/kubelet-serving --output go-template='{{range .items}}
{{- if not (or .status.conditions .status.certificate)}}
{{- printf "%q\\n%q\\n%q\\n%q\\n%q\\n" .metadata.name .metadata.uid .spec.username .spec.groups .spec.usages}}{{.spec.request}}{{"\\n"}}
{{- end}}{{end}}'
}

# Name, whether it is of the control plane, and an address, on each line.
addresses() {
  # shellcheck disable=SC2016
  client get nodes --output go-template='{{range .items}}{{$name := .metadata.name}}{{$control := false}}
{{- range $label, $value := .metadata.labels}}{{if eq $label "node-role.kubernetes.io/control-plane"}}{{$control = true}}{{end}}{{end}}
{{- range .status.addresses}}{{printf "%q %t %q\\n" $name $control .address}}{{end}}{{end}}' |
    sed -n -E 's/^"([a-z0-9.-]+)" (true|false) "([0-9A-Za-z.:-]+)"$/\\1 \\2 \\3/p'
}

${SERVING_NAMES_SCRIPT}

only_these() { # CHARACTERS TEXT
  case $2 in
    '' | -* | .* | *[!$1]*) return 1 ;;
  esac
}

# Prints right, or why the request is left alone.
judge() { # USER GROUPS USAGES REQUEST
  node=\${1#'"system:node:'}
  node=\${node%'"'}
  { [ "$1" = "\\"system:node:$node\\"" ] && only_these 'a-z0-9.-' "$node"; } || { say "$1 is no node"; return; }
  case $2 in
    *'"system:nodes"'*) ;;
    *) say "$1 is not in system:nodes"; return ;;
  esac
  case $3 in
    '["digital signature" "server auth"]' | '["digital signature" "key encipherment" "server auth"]') ;;
    *) say "usages are $3"; return ;;
  esac
  printf '%s' "$4" | base64 -d >"$work/request" 2>/dev/null || { say 'it is not in base64'; return; }
  # The signer reads the first request that it finds, and finds others than openssl.
  openssl req -in "$work/request" 2>/dev/null | cmp -s - "$work/request" || { say 'it is not one request and nothing else'; return; }
  openssl req -in "$work/request" -noout -verify 2>&1 | grep -q 'verify OK' || { say 'its signature is wrong'; return; }
  subject=$(openssl req -in "$work/request" -noout -subject -nameopt RFC2253)
  [ "$subject" = "subject=CN=system:node:$node,O=system:nodes" ] || { say "of $node has another $subject"; return; }
  # Said twice, programs could read it differently.
  for part in 'Extension Request' 'X509v3 Subject Alternative Name'; do
    [ "$(openssl asn1parse -in "$work/request" | grep -c ":$part\\$")" = 1 ] || { say "of $node does not say $part once"; return; }
  done
  names_of "$work/request" >"$work/names"
  names=$(judge_names "$node" "$work/addresses" "$work/names")
  [ "$names" = right ] || { say "of $node: $names"; return; }
  if says_only "$work/names" "$work/request"; then say right; else say "of $node: its names are not what they seem"; fi
}

# The object that was judged, or none: a name can be given to another one.
approve_one() { # NAME UID
  patch="[{\\"op\\": \\"test\\", \\"path\\": \\"/metadata/uid\\", \\"value\\": $2}, {\\"op\\": \\"add\\", \\"path\\": \\"/status\\", \\"value\\": {\\"conditions\\": [
    {\\"type\\": \\"Approved\\", \\"status\\": \\"True\\", \\"reason\\": \\"KubeletServing\\", \\"message\\": \\"Names and addresses are those of the node.\\"}]}}]"
  client get certificatesigningrequest "$1" --output json >"$work/object" &&
    client patch --local --filename "$work/object" --type json --patch "$patch" --output json >"$work/approved" &&
    client replace --raw "$requests/$1/approval" --filename "$work/approved" >/dev/null
}

approve() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  pending >"$work/pending"
  [ -s "$work/pending" ] || return 0
  addresses >"$work/addresses"
  while read -r name && read -r uid && read -r user && read -r groups && read -r usages && read -r request; do
    name=\${name#'"'}
    name=\${name%'"'}
    only_these 'a-z0-9.-' "$name" || { say "left a request with an odd name: $name" >&2; continue; }
    verdict=$(judge "$user" "$groups" "$usages" "$request" </dev/null) || verdict='it could not be read'
    if [ "$verdict" != right ]; then
      say "left $name: $verdict" >&2
    elif approve_one "$name" "$uid" </dev/null; then
      say "approved $name of $user"
    else
      say "could not approve $name of $user" >&2
    fi
  done <"$work/pending"
}

command -v kubectl >/dev/null || fail 'kubectl is missing: install it as kubeadm was'
case "\${1-}" in
  identity) identity ;;
  approve) approve ;;
  *) fail 'say what: identity or approve' ;;
esac
`;
