import * as path from 'path';
import { invalid, InvalidInput } from './errors';

/** Checks the absolute path of a directory in a container that something can be mounted at. */
export function checkMountPath(mountPath: string, property: string, at: InvalidInput['at']): void {
  const clean = typeof mountPath === 'string' && path.posix.isAbsolute(mountPath) && path.posix.normalize(mountPath) === mountPath;
  if (!clean || /^\/$|\/$|^\/\/|[:\s\0]/.test(mountPath)) {
    throw invalid({
      at, property, got: mountPath, allowed: 'an absolute, normalized path of a directory below the root, without ":" and blanks', fix: 'Give the path in the container, for instance /var/cache/nginx.',
    });
  }
  if (/^\/(proc|sys|dev)(\/|$)/.test(mountPath) && !/^\/dev\/shm(\/|$)/.test(mountPath)) {
    throw invalid({
      at, property, got: mountPath, allowed: 'a path outside of /proc, /sys and /dev (but for /dev/shm)', fix: 'Leave it out: the container runtime mounts these.',
    });
  }
}
