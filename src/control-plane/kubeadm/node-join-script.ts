import { compactScript } from '../component/compact-script';
import { KUBEADM } from '../paths';

/**
 * The script `node-join`: makes tokens that end by themselves, and takes away what a token is good for once the last node has joined.
 *
 * @param tokenDiscovery whether nodes may learn from anonymous requests where the cluster is, whose answer such a token then signs
 */
export function nodeJoinScript(tokenDiscovery: boolean): string {
  return compactScript(SCRIPT).replace('@USAGES@', tokenDiscovery ? 'authentication,signing' : 'authentication');
}

const SCRIPT = `#!/bin/sh
# Lets nodes join the cluster, and ends it. Whoever has a token gets the certificate of any node's name: so tokens live for hours, and none is of
# use between one round of joining nodes and the next. Run it as root on a control-plane node; it needs kubeadm and kubectl.
#
#   node-join begin        lets tokens ask for certificates of nodes, as after kubeadm init and kubeadm upgrade
#   node-join make [TTL]   makes a token for TTL, such as 30m or 2h, at most 24h, by default 1h; writes ${KUBEADM.discovery}
#   node-join list         shows which tokens there are and when they end, but no token
#   node-join end          deletes all tokens, and no other may ask for certificates until begin; nodes still renew theirs
#
# The file that make writes holds the token: bring it to the same path on a node that joins, and delete it there and here after that.
set -eu
umask 077

KUBECONFIG=/etc/kubernetes/admin.conf
export KUBECONFIG
file=${KUBEADM.discovery}
group=system:bootstrappers:kubeadm:default-node-token
requests=certificatesigningrequests.certificates.k8s.io

fail() {
  echo "node-join: $*" >&2
  exit 1
}

# Whether a token that make made, or would make, may ask for a certificate, and gets it without anybody's approval.
may_join() {
  may "$requests" && may "$requests" --subresource=nodeclient
}

may() { # RESOURCE [SUBRESOURCE]
  answer=$(kubectl auth can-i create "$@" --as=system:bootstrap:nobody --as-group=system:bootstrappers --as-group="$group" 2>/dev/null) ||
    [ "$answer" = no ] || fail "the API server does not answer as it should: try kubectl auth can-i create $*"
  [ "$answer" = yes ]
}

# The API server takes a moment to notice.
wait_until() { # CONDITION
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || return 1
    sleep 1
  done
}

bind() { # NAME ROLE
  kubectl delete clusterrolebinding "$1" --ignore-not-found >/dev/null
  kubectl create clusterrolebinding "$1" --clusterrole="$2" --group="$group" >/dev/null
}

begin() {
  bind kubeadm:kubelet-bootstrap system:node-bootstrapper
  bind kubeadm:node-autoapprove-bootstrap system:certificates.k8s.io:certificatesigningrequests:nodeclient
  wait_until may_join || fail "tokens still can't ask for certificates: does an authorization webhook refuse it?"
  echo "nodes can join with a token that node-join make makes"
}

is_life() { # TTL
  case $1 in
    *m) unit=1 ;;
    *h) unit=60 ;;
    *) return 1 ;;
  esac
  number=\${1%?}
  case $number in
    '' | 0* | *[!0-9]* | ?????*) return 1 ;;
  esac
  [ "$((number * unit))" -le 1440 ]
}

is_loopback() { # SERVER
  case $1 in
    https://127.* | https://localhost | https://localhost[:/]* | 'https://[::1]'*) return 0 ;;
  esac
  return 1
}

cluster() { # FIELD
  kubectl config view --raw --minify --flatten -o "jsonpath={.clusters[0].cluster.$1}"
}

make() { # TTL
  is_life "$1" || fail "$1 is no life for a token: say a number of minutes or hours, such as 30m or 2h, at most 24h"
  may_join || fail "joining has ended: first run node-join begin"
  server=$(cluster server)
  authority=$(cluster certificate-authority-data)
  { [ -n "$server" ] && [ -n "$authority" ]; } || fail "$KUBECONFIG does not hold the server's address and its CA"
  ! is_loopback "$server" || fail "$KUBECONFIG names $server, which on a machine that joins is that machine: state apiEndpoints in the cluster's profile and apply the role again"
  token=$(kubeadm token create --kubeconfig "$KUBECONFIG" --ttl "$1" --usages @USAGES@ --groups "$group" --description 'Made by node-join.')
  printf '%s\\n' "$token" | grep -Eqx '[a-z0-9]{6}\\.[a-z0-9]{16}' || fail "kubeadm made no token"
  mkdir -p "\${file%/*}"
  rm -f "$file.new"
  cat >"$file.new" <<END
apiVersion: v1
kind: Config
clusters:
  - name: cluster
    cluster:
      server: $server
      certificate-authority-data: $authority
users:
  - name: node-that-joins
    user:
      token: $token
contexts:
  - name: join
    context:
      cluster: cluster
      user: node-that-joins
current-context: join
END
  mv "$file.new" "$file"
  echo "$file lets nodes join for $1: bring it to the same path there, and delete it after that"
}

tokens() { # COMMAND…
  kubectl --namespace=kube-system "$@" --field-selector=type=bootstrap.kubernetes.io/token
}

list() {
  tokens get secrets -o go-template='{{range .items}}{{index .data "token-id" | base64decode}} {{with .data.expiration}}{{base64decode .}}{{else}}never ends{{end}}{{with .data.description}} {{base64decode .}}{{end}}{{"\\n"}}{{end}}'
}

end() {
  tokens delete secrets >/dev/null
  kubectl delete clusterrolebinding kubeadm:kubelet-bootstrap kubeadm:node-autoapprove-bootstrap --ignore-not-found >/dev/null
  rm -f "$file"
  wait_until may_not_ask || fail "tokens may still ask for certificates of nodes by another binding: see kubectl get clusterrolebindings -o wide"
  echo "no token is left, and none lets a node join until node-join begin"
}

may_not_ask() {
  ! may "$requests" && ! may "$requests" --subresource=nodeclient
}

case "\${1-}" in
  begin) begin ;;
  make) make "\${2-1h}" ;;
  list) list ;;
  end) end ;;
  *) fail "say what: begin, make, list or end" ;;
esac
`;
