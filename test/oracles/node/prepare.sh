# shellcheck shell=bash
# Gives a test node mounts and a network of its own. Sourced by its first process, in the machine's folder.

# prepare_mounts FOLDER
prepare_mounts() {
  local folder=$1 n=0 setting value
  mount --make-rshared /
  mount -t tmpfs -o mode=0755 tmpfs /run
  # Some paths below /var are fixed in the programs.
  mkdir var var-work volumes
  # Images in memory: containerd waits for the disk after each part of one, and removing them takes a disk as long.
  mkdir containerd
  mount -t tmpfs tmpfs containerd
  mount -t overlay -o "lowerdir=/var,upperdir=$folder/var,workdir=$folder/var-work" overlay /var
  # kubelet insists on values that belong to the whole machine: it sees what it wants, and the machine keeps its own.
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
}

# prepare_network ADDRESS
prepare_network() {
  local address=$1
  ip link set lo up
  ip link add node0 type bridge
  ip address add "$address/24" dev node0
  ip link set node0 up
  # kubelet wants a default route to tell its address from; nobody is there.
  ip route add default via "${address%.*}.254"
}
