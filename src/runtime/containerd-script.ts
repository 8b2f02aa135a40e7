import { SandboxHandlerOptions } from './sandbox-handler';

/**
 * The script that makes a handler known to containerd. It writes into containerd's own file: up to 1.7 a file that is imported replaces all
 * that the main one says about pods, the cgroup driver included.
 */
export function containerdScript({ name, runtimeType, shimPath, configPath }: SandboxHandlerOptions): string {
  return SCRIPT
    .replaceAll('@NAME@', name)
    .replaceAll('@TYPE@', runtimeType)
    .replaceAll('@SHIM@', shimPath ?? shimOf(runtimeType))
    .replace('@PATH@', shimPath === undefined ? '' : `\n  runtime_path = "${shimPath}"`)
    .replace('@OPTIONS@', configPath === undefined ? '' : `\n  [$table.options]\n    ConfigPath = "${configPath}"`);
}

/** containerd's rule: the last two parts of the type. */
function shimOf(runtimeType: string): string {
  return `containerd-shim-${runtimeType.split('.').slice(-2).join('-')}`;
}

const SCRIPT = `#!/bin/bash
# Makes the handler @NAME@ known to containerd. Safe to repeat.
set -euo pipefail
export LC_ALL=C

config=\${1:-/etc/containerd/config.toml}
begin='# begin of the handler @NAME@'
end='# end of the handler @NAME@'

fail() {
  echo "containerd-handler-@NAME@: $1" >&2
  exit 1
}

command -v containerd > /dev/null || fail 'containerd is not installed'
command -v @SHIM@ > /dev/null || fail '@SHIM@ is not installed: build it into the image of the node, in a folder of PATH'

umask 022
mkdir -p "$(dirname "$config")"
new=$(mktemp "$config.XXXXXX")
trap 'rm -f "$new"' EXIT
if [ -s "$config" ]; then
  # Without what an earlier run has added.
  sed "/^$begin\\$/,/^$end\\$/d" "$config" > "$new"
else
  containerd config default > "$new"
fi

version=$(sed -n '/^version *= *[0-9]/{s/[^0-9]*\\([0-9]*\\).*/\\1/p;q}' "$new")
case "$version" in
  2) table='plugins."io.containerd.grpc.v1.cri".containerd.runtimes.@NAME@' ;;
  3) table='plugins."io.containerd.cri.v1.runtime".containerd.runtimes.@NAME@' ;;
  *) fail "$config is of version \${version:-1}; known are 2 and 3" ;;
esac
if grep -Eq '^ *\\[.*runtimes\\.@NAME@(\\.|\\])' "$new"; then
  fail "$config has a handler @NAME@ of somebody else's: remove it there"
fi

# The last line of a file may lack its end.
[ -z "$(tail -c 1 "$new")" ] || echo >> "$new"
cat >> "$new" << EOF
$begin
[$table]
  runtime_type = "@TYPE@"
  # Otherwise a privileged pod of a sandbox gets all devices of the node.
  privileged_without_host_devices = true@PATH@@OPTIONS@
$end
EOF

containerd --config "$new" config dump | grep -E 'runtimes\\.@NAME@\\]' > /dev/null || fail "containerd does not take the handler into $config: a file that it imports replaces it"
if ! cmp -s "$new" "$config"; then
  chmod 0644 "$new"
  mv "$new" "$config"
  systemctl try-restart containerd
fi
`;
