import { KubeadmApi } from './kubeadm-api';
import { compactScript } from '../component/compact-script';
import { MACHINES } from '../machine-files';
import { KUBEADM } from '../paths';

/** The script `kubeadm-here`: the same on every machine, and for every cluster whose kubeadm reads the same API. */
export function kubeadmHereScript(api: KubeadmApi): string {
  return compactScript(SCRIPT).replace('@KUBELET_ARGUMENTS@', api.isV1beta4 ? '[{name: node-ip, value: \\"$address\\"}]' : '{node-ip: \\"$address\\"}');
}

const SCRIPT = `#!/bin/sh
# Runs kubeadm with our configuration and this machine's name and address, which are those of the plan of certificates. By itself kubeadm would
# take the address of whichever network has the default route.
#
#   kubeadm-here init [phase …] [OPTION…]    with ${KUBEADM.init}
#   kubeadm-here join [phase …] [OPTION…]    with ${KUBEADM.join}
set -euf
umask 077

fail() {
  echo "kubeadm-here: $*" >&2
  exit 1
}

case "\${1-}" in
  init) config=${KUBEADM.init} ;;
  join) config=${KUBEADM.join} ;;
  *) fail 'say what: init or join' ;;
esac
host=$(hostname -s)
[ -e "${MACHINES}/$host.env" ] || fail "no machine of the control plane is called $host: set its host name, or list it as such"
address=$(sed -n 's/^NODE_IP=//p' "${MACHINES}/$host.env")
[ -n "$(ip -o address show to "$address")" ] || fail "this machine does not have the address of $host, $address"
here=$(mktemp)
trap 'rm -f "$here"' EXIT
sed -E -e "s/^( *)localAPIEndpoint:\\$/&\\n\\1  advertiseAddress: \\"$address\\"/" \\
  -e "s/^nodeRegistration:\\$/&\\n  name: \\"$host\\"\\n  kubeletExtraArgs: @KUBELET_ARGUMENTS@/" "$config" >"$here"
[ "$(grep -c -e "^ *advertiseAddress: \\"$address\\"\\$" -e '^  kubeletExtraArgs: ' "$here")" = 2 ] || fail "$config is not as it was installed"
kubeadm "$@" --config "$here"
`;
