#!/usr/bin/env bash
# First process of a test node. It has mounts, processes and a network of its own, so that all it starts ends with it, down to the last
# container, and all it mounts goes with it.
# usage: boot.sh FOLDER KUBELET RELAY API_PORT NODE_NAME NODE_ADDRESS SERVICE_ADDRESS
set -euo pipefail
folder=$1 kubelet=$2 relay=$3 api_port=$4 node_name=$5 node_address=$6 service_address=$7
cd "$folder"

mount --make-rshared /
mount -t tmpfs -o mode=0755 tmpfs /run
# Some paths below /var are fixed in the programs.
mkdir var var-work volumes
# Images in memory: containerd waits for the disk after each part of one, and removing them takes a disk as long.
mkdir containerd
mount -t tmpfs tmpfs containerd
mount -t overlay -o "lowerdir=/var,upperdir=$folder/var,workdir=$folder/var-work" overlay /var
# kubelet insists on values that belong to the whole machine: it sees what it wants, and the machine keeps its own.
n=0
while read -r setting value; do
  n=$((n + 1))
  echo "$value" >"sysctl-$n"
  mount --bind "sysctl-$n" "/proc/sys/$setting"
done <<'END'
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END

ip link set lo up
ip link add node0 type bridge
ip address add "$node_address/24" dev node0
ip link set node0 up
# kubelet wants a default route to tell its address from; nobody is there.
ip route add default via "${node_address%.*}.254"
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
