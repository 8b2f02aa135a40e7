#!/usr/bin/env bash
# First process of a test node. It has mounts, processes and a network of its own, so that all it starts ends with it, down to the last
# container, and all it mounts goes with it.
# usage: boot.sh FOLDER KUBELET RELAY API_PORT NODE_NAME NODE_ADDRESS SERVICE_ADDRESS
set -euo pipefail
folder=$1 kubelet=$2 relay=$3 api_port=$4 node_name=$5 node_address=$6 service_address=$7
# shellcheck source=prepare.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/prepare.sh"
cd "$folder"

prepare_mounts "$folder"
prepare_network "$node_address"
# Where programs in pods look for the API server.
ip address add "$service_address/32" dev lo

"$relay" enter "$folder/enter.sock" >>relay.log 2>&1 &
"$relay" forward "127.0.0.1:$api_port" "$folder/leave.sock" >>relay.log 2>&1 &
"$relay" forward "$service_address:443" "$folder/leave.sock" >>relay.log 2>&1 &
containerd --config "$folder/containerd.toml" >>containerd.log 2>&1 &
# It can start pods once their first process is there to be started.
until [ -e "$folder/images-imported" ]; do sleep 0.1; done
"$kubelet" --config "$folder/kubelet.json" --kubeconfig "$folder/kubelet.kubeconfig" --root-dir "$folder/kubelet" \
  --cert-dir "$folder/kubelet-certificates" --hostname-override "$node_name" --node-ip "$node_address" \
  --node-labels topology.kubernetes.io/zone=zone-a,topology.kubernetes.io/region=region-a >>kubelet.log 2>&1 &
wait -n
echo "One of the node's programs ended." >&2
