import { Component } from '../component/component';
import { StaticPodMount } from '../component/static-pod-mounts';

const OURS = '/etc/kubernetes/';
/** What a kubeconfig names. */
const IN_KUBECONFIG = /^[\s-]*"?(?:client-certificate|client-key|certificate-authority)"?: "?(\/etc\/kubernetes\/[^\s"]+)/gm;

/**
 * All that a program's pod sees of the node: the mounts that its parts want, and besides each file that its flags, or kubeconfigs of its parts, name.
 * One file each, so that no pod sees a key that it has no use for.
 */
export function mountsOf(component: Component): StaticPodMount[] {
  const mounts = [...component.mounts.all];
  const sees = (path: string) => mounts.some((mount) => path === mount.path || path.startsWith(`${mount.path}/`));
  const add = (path: string) => {
    if (!sees(path)) {
      mounts.push({ name: nameOf(path, mounts), path, readOnly: true, pathType: 'File' });
    }
  };
  component.flags.all.map(({ value }) => value).filter((value) => value.startsWith(OURS)).forEach(add);
  component.files.flatMap(({ content }) => [...content.matchAll(IN_KUBECONFIG)].map(([, path]) => path)).forEach(add);
  return mounts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `/etc/kubernetes/pki/etcd/ca.crt` is `pki-etcd-ca-crt`: a DNS label that no other volume has. */
function nameOf(path: string, mounts: readonly StaticPodMount[]): string {
  const label = path.slice(OURS.length).toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(-56).replace(/^-|-$/g, '');
  const isTaken = (name: string) => mounts.some((mount) => mount.name === name);
  let name = label;
  for (let i = 2; isTaken(name); i++) {
    name = `${label}-${i}`;
  }
  return name;
}
