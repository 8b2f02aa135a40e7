import { Requirement } from '../requirement';

/** What stands between two steps of a path, and before the first one: the kernel takes `/var//run` and `/var/./run` for `/var/run`. */
const SLASH = String.raw`/(\.?/)*`;

/** A pattern for a hostPath that is one of these folders itself; the empty one is the root. */
export function hostPathIs(...folders: string[]): string {
  return `^(${folders.map(steps).join('|')})(${SLASH}\\.?)?$`;
}

/** A pattern for a hostPath that is one of these folders or anything below one. */
export function hostPathBelow(...folders: string[]): string {
  return `^(${folders.map(steps).join('|')})(/|$)`;
}

const STEP_BACK = String.raw`(^|/)\.\.(/|$)`;
const WINDOWS = String.raw`^[a-z]:[\\/]*($|(windows|programdata|users|etc|k|var)([\\/]|$))`;
/** Folders that hold a sensitive one somewhere below. The kubelet serves what links in /var/log lead to. */
const PARENTS = ['', '/run', '/var', '/var/log', '/var/run', '/var/lib', '/opt'];
/** Folders of which every part is sensitive. */
const TREES = [
  '/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib64', '/proc', '/root', '/sbin', '/sys', '/usr', '/opt/cni', '/run/systemd', '/var/spool/cron',
  ...['cloud', 'cni', 'containerd', 'containers', 'cri-dockerd', 'docker', 'etcd', 'k0s', 'kubelet', 'rancher'].map((name) => `/var/lib/${name}`),
];

/** The path is one of what the node itself lives on. */
export function sensitivePath(path: string): Requirement {
  return Requirement.anyOf(
    Requirement.matches(path, STEP_BACK),
    Requirement.matches(path, hostPathIs(...PARENTS)),
    Requirement.matches(path, hostPathBelow(...TREES)),
    Requirement.matches(path, WINDOWS, { ignoreCase: true }),
  );
}

function steps(folder: string): string {
  return folder.split('/').filter((name) => name !== '').map((name) => SLASH + name).join('');
}
