import type { NodeRole } from './node-role';
import { fileSteps } from './role-steps';
import { shellQuote } from './shell-quote';
import { NodeFile } from '../core/node-file';

/** A bash script that applies a role to the machine that it runs on, or with DESTDIR puts its files below another root. */
export function installScript(role: NodeRole): string {
  const { beforePackages, afterPackages } = fileSteps(role);
  return [
    [HEADER],
    [operatingSystemCheck(role)],
    beforePackages.map(putLine),
    role.packages.length > 0 ? [installPackages(role.packages)] : [],
    afterPackages.map(putLine),
    role.commands.length > 0 ? [ONLY_FILES, ...role.commands.map((command) => `bash -euo pipefail -c ${shellQuote(command)}`)] : [],
  ].filter((part) => part.length > 0).map((part) => `${part.join('\n')}\n`).join('\n');
}

const HEADER = `#!/usr/bin/env bash
# Applies the node role of this folder to this machine; may be repeated. Run it as root.
# DESTDIR=FOLDER puts the files below FOLDER and does nothing else: no owners, packages or commands.
set -euo pipefail

here="$(cd -- "$(dirname -- "\${BASH_SOURCE[0]}")" && pwd)"
prefix="\${DESTDIR:-}"

fail() {
  printf 'install.sh: %s\\n' "$1" >&2
  exit 1
}

# put PATH MODE OWNER GROUP: a file is either the old or the new one at any time, and never wider than its mode.
put() {
  local target="$prefix$1" folder temporary ownership=()
  folder="$(dirname -- "$target")"
  temporary="$folder/.$(basename -- "$target").new"
  if [[ -z "$prefix" ]]; then
    ownership=(-o "$3" -g "$4")
  fi
  (umask 022 && mkdir -p -- "$folder")
  install -T -m "$2" "\${ownership[@]}" -- "$here/files$1" "$temporary"
  mv -fT -- "$temporary" "$target"
}

if [[ -z "$prefix" && "$EUID" -ne 0 ]]; then
  fail 'run it as root, or set DESTDIR'
fi`;

const ONLY_FILES = `if [[ -n "$prefix" ]]; then
  exit 0
fi`;

function operatingSystemCheck(role: NodeRole): string {
  const { name, osReleaseId, osReleaseVersionId } = role.operatingSystem;
  const version = osReleaseVersionId.replace('.', '\\.');
  return `if [[ -z "$prefix" ]] && ! { grep -Eqx 'ID="?${osReleaseId}"?' /etc/os-release && grep -Eqx 'VERSION_ID="?${version}"?' /etc/os-release; }; then
  fail 'these files are for ${name}: options that another release does not know can stop its programs'
fi`;
}

function putLine(file: NodeFile): string {
  return ['put', file.path, file.mode, file.owner, file.group].map(shellQuote).join(' ');
}

function installPackages(packages: string[]): string {
  return `packages=(${packages.join(' ')})
missing=()
if [[ -z "$prefix" ]]; then
  for package in "\${packages[@]}"; do
    if [[ "$(dpkg-query -W -f '\${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]]; then
      missing+=("$package")
    fi
  done
fi
if [[ "\${#missing[@]}" -gt 0 ]]; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install --yes -o Dpkg::Options::=--force-confold -- "\${missing[@]}"
fi`;
}
