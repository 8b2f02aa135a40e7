import { KubernetesVersion } from '../../core/kubernetes-version';
import { Requirement } from '../requirement';

/**
 * Every container states an amount of a resource, or its whole pod does, which can be said from 1.34 on. Nought is none: to the kubelet it bounds
 * nothing. A limit is a request too, where no other is stated.
 * @param path for instance `resources.limits.memory`
 */
export function statedResource(path: string): Requirement {
  const stated = (at: string) => Requirement.matches(at, '[1-9]');
  const limit = path.replace('.requests.', '.limits.');
  const amount = stated(path).describedAs('an amount');
  return Requirement.exemptWhen(
    Requirement.byVersion(KubernetesVersion.V1_34, stated(`spec.${path}`), Requirement._never()),
    Requirement.eachDeclaredContainer(limit === path ? amount : Requirement.exemptWhen(stated(limit), amount)),
  ).notFixable('How much the program needs has to be measured.');
}
