#!/usr/bin/env bash
# First process of a machine that is to become a control-plane node: it has /etc and /usr of its own besides, and starts a kubelet once told how.
# usage: boot-control-plane.sh FOLDER RELAY NODE_NAME NODE_ADDRESS KUBELET KUBECTL
set -euo pipefail
folder=$1 relay=$2 node_name=$3 node_address=$4 kubelet=$5 kubectl=$6
# shellcheck source=prepare.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/prepare.sh"
cd "$folder"

prepare_mounts "$folder"
for name in etc usr; do
  mkdir "$name" "$name-work"
  mount -t overlay -o "lowerdir=/$name,upperdir=$folder/$name,workdir=$folder/$name-work" overlay "/$name"
done
prepare_network "$node_address"
hostname "$node_name"
# There is no systemd: what it is told is written down.
printf '#!/bin/sh\necho "$*" >>%s/systemctl.log\n' "$folder" >/usr/local/sbin/systemctl
chmod 0755 /usr/local/sbin/systemctl
ln -sf "$kubelet" /usr/bin/kubelet
ln -sf "$kubectl" /usr/bin/kubectl

"$relay" enter "$folder/enter.sock" >>relay.log 2>&1 &
containerd --config "$folder/containerd.toml" >>containerd.log 2>&1 &
until [ -e "$folder/kubelet-arguments" ]; do sleep 0.1; done
mapfile -t arguments <"$folder/kubelet-arguments"
/usr/bin/kubelet "${arguments[@]}" >>kubelet.log 2>&1 &
wait -n
echo "One of the node's programs ended." >&2
