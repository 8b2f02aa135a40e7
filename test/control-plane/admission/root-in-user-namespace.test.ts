import { catalogControls } from '../../../src/controls/catalog';
import { basePodWith } from '../../../src/controls/catalog/base-pod';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

/** What the catalog finds about root that it does not find about another user of the same pod. */
function foundAboutRoot(version: KubernetesVersion, hostUsers: boolean): string[] {
  const ids = (context: object) => catalogControls().filter((control) => findings([control], version, basePodWith({
    'spec.hostUsers': hostUsers,
    'spec.securityContext': { runAsGroup: 10001, fsGroup: 10001, seccompProfile: { type: 'RuntimeDefault' }, ...context },
  })).length > 0).map(({ id }) => id);
  const others = ids({ runAsNonRoot: true, runAsUser: 10001 });
  return ids({ runAsUser: 0 }).filter((id) => !others.includes(id)).sort();
}

test.each([28, 33, 34])('before 1.35, as in 1.%i, two controls refuse root, in a user namespace of its own or not', (minor) => {
  const version = KubernetesVersion.of(`1.${minor}`);

  expect([foundAboutRoot(version, false), foundAboutRoot(version, true)]).toEqual([['run-as-non-root', 'run-as-user'], ['run-as-non-root', 'run-as-user']]);
});

test.each([35, 37])('from 1.35 on, as in 1.%i, no control of the catalog refuses root in a user namespace of its own, as Pod Security does not', (minor) => {
  const version = KubernetesVersion.of(`1.${minor}`);

  expect(foundAboutRoot(version, false)).toEqual([]);
  expect(foundAboutRoot(version, true)).toEqual(['run-as-non-root', 'run-as-user']);
});
