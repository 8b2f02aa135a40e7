import { ToldChange } from './control-changes';
import { Directed } from './facts';
import { ObjectPair } from './output-objects';
import { toldChange } from './rule-changes';
import { shownValue } from './shown-value';
import { isObject, Json, Place, showPath, valueAt } from '../../controls/path';
import { CONTAINER_LISTS } from '../../controls/requirement-node';
import { ALL_TEMPLATES } from '../../controls/template-kinds';
import { Severity } from '../../core/severity';

/** What got weaker or stronger in the pods of a workload though no control is met more or less: paths of the host, and what keeps apart from it. */
export function podChanges({ before, after }: ObjectPair, subject: string): ToldChange[] {
  const location = before && after ? ALL_TEMPLATES.find(({ group, kind }) => group === after.group && kind === after.kind) : undefined;
  if (!before || !after || !location) {
    return [];
  }
  return location.templates.filter((path) => !path.some((step) => step === '[]' || step === '{}')).flatMap((template) => {
    const place = [...template, 'spec'];
    const [old, next] = [before, after].map(({ json }) => valueAt(json, place));
    return isObject(old) && isObject(next) ? ofPods(old, next, place).map((each) => toldChange(subject, 'pod-isolation', each)) : [];
  });
}

function ofPods(before: Json, after: Json, place: Place): Directed[] {
  return [...hostPaths(before, after, place), ...mounts(before, after, place), ...runtimeClass(before, after, place)];
}

/** A path within the one that was there shows less of the host. */
function hostPaths(before: Json, after: Json, place: Place): Directed[] {
  const [old, next] = [before, after].map(hostPathVolumes);
  return [...next].flatMap(([name, path]): Directed[] => {
    const was = old.get(name);
    if (was === undefined || was === path) {
      return [];
    }
    const [shownWas, shown] = [shownValue(was, []), shownValue(path, [])];
    const at = { severity: Severity.HIGH, path: `${showPath([...place, 'volumes'])}[${name}].hostPath.path`, before: shownWas, after: shown };
    return [
      ...(isIn(path, was) ? [] : [{ ...at, verdict: 'weaker' as const, message: `shows ${shown} of the host` }]),
      ...(isIn(was, path) ? [] : [{ ...at, verdict: 'stronger' as const, message: `no longer shows ${shownWas} of the host` }]),
    ];
  });
}

function isIn(path: string, whole: string): boolean {
  return path.startsWith(whole === '/' ? '/' : `${whole}/`);
}

function hostPathVolumes({ volumes }: Json): Map<string, string> {
  return new Map((Array.isArray(volumes) ? volumes.filter(isObject) : []).flatMap(({ name, hostPath }): [string, string][] => {
    const path = isObject(hostPath) ? hostPath.path : undefined;
    return typeof name === 'string' && typeof path === 'string' ? [[name, path.replace(/(?<=.)\/+$/, '')]] : [];
  }));
}

/** Whether programs can write to the host where they could only read. */
function mounts(before: Json, after: Json, place: Place): Directed[] {
  const [hadVolumes, hasVolumes] = [before, after].map(hostPathVolumes);
  return CONTAINER_LISTS.flatMap((list) => {
    const [old, next] = [before, after].map((pod) => readOnlyMounts(pod[list]));
    return [...next].flatMap(([key, { volume, isReadOnly, at }]): Directed[] => {
      const was = old.get(key);
      if (was === undefined || was.volume !== volume || was.isReadOnly === isReadOnly || !hadVolumes.has(volume) || !hasVolumes.has(volume)) {
        return [];
      }
      return [{
        verdict: isReadOnly ? 'stronger' : 'weaker', severity: Severity.HIGH, message: isReadOnly ? 'can no longer write to the host' : 'can write to the host, which it could only read',
        path: `${showPath([...place, list])}${at}.readOnly`, before: String(was.isReadOnly), after: String(isReadOnly),
      }];
    });
  });
}

interface Mount {
  readonly volume: string;
  readonly isReadOnly: boolean;
  readonly at: string;
}

/** By container and path. */
function readOnlyMounts(containers: unknown): Map<string, Mount> {
  const found = new Map<string, Mount>();
  for (const container of Array.isArray(containers) ? containers.filter(isObject) : []) {
    const { volumeMounts, name: owner } = container;
    for (const mount of Array.isArray(volumeMounts) ? volumeMounts.filter(isObject) : []) {
      const { name, mountPath, readOnly } = mount;
      if (typeof name === 'string') {
        found.set(JSON.stringify([owner, mountPath]), { volume: name, isReadOnly: readOnly === true, at: `[${String(owner)}].volumeMounts[${name}]` });
      }
    }
  }
  return found;
}

function runtimeClass({ runtimeClassName: before }: Json, { runtimeClassName: after }: Json, place: Place): Directed[] {
  if ((before === undefined) === (after === undefined)) {
    return [];
  }
  return [{
    verdict: after === undefined ? 'weaker' : 'stronger', severity: Severity.MEDIUM, message: `${after === undefined ? 'no longer runs' : 'runs'} under a runtime class`,
    path: showPath([...place, 'runtimeClassName']), before: shownValue(before, []), after: shownValue(after, []),
  }];
}
