#!/bin/sh
# Writes the Go module that builds one Kubernetes version: add-kubernetes.sh 1.33.13 makes kubernetes-1.33/.
# Kubernetes' own go.mod replaces its staging modules by folders that exist in its repository alone;
# outside of it each of them has to be replaced by its published version, v0.<minor>.<patch>.
set -eu
version=${1:?usage: add-kubernetes.sh VERSION, for instance 1.33.13}
programs='kube-apiserver kube-controller-manager kube-scheduler kubeadm kubectl kubelet'

staging=v0.${version#1.}
cd "$(dirname "$0")"
upstream=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"GoMod": "\(.*\)",$/\1/p')
folder=kubernetes-${version%.*}
mkdir -p "$folder"
{
  printf 'module oracles/%s\n\n' "$folder"
  grep '^go ' "$upstream"
  grep '^godebug ' "$upstream" || true
  printf '\ntool (\n'
  for program in $programs; do printf '\tk8s.io/kubernetes/cmd/%s\n' "$program"; done
  printf ')\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$version"
  sed -n "s#^[[:space:]]*\(k8s.io/[a-z-]*\) v0.0.0\$#\t\1 => \1 $staging#p" "$upstream"
  printf ')\n'
} > "$folder/go.mod"
cd "$folder"
rm -f go.sum
go mod tidy
