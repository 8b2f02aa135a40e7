import { catalogControls } from '../../src/controls/catalog';
import { basePodWith } from '../../src/controls/catalog/base-pod';
import { ConfigurableControls } from '../../src/controls/configurable-controls';
import { Control } from '../../src/controls/control';
import { exampleTwins } from '../../src/controls/example-twins';
import { ControlPack } from '../../src/controls/pack';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { findings } from '../support/twins';

const meets = (control: Control, image: string) => findings([control], KubernetesVersion.V1_36, basePodWith({ 'spec.containers[0].image': image })).length === 0;

describe('allowed registries', () => {
  const control = ConfigurableControls.allowedRegistries(['ghcr.io/acme', 'registry.example.com', 'localhost:5000', 'registry.example.com']);

  test.each<[string, boolean]>([
    ['registry.example.com/app:1', true],
    ['registry.example.com/team/app:1', true],
    ['ghcr.io/acme/app:1', true],
    ['localhost:5000/app:1', true],
    ['ghcr.io/acme-evil/app:1', false],
    ['ghcr.io/other/app:1', false],
    ['registryXexample.com/app:1', false],
    ['registry.example.com.evil.com/app:1', false],
    ['evil.com/registry.example.com/app:1', false],
    ['registry.example.com', false],
    ['localhost/app:1', false],
    ['app:1', false],
  ])('%s', (image, allowed) => {
    expect(meets(control, image)).toBe(allowed);
  });

  test('have an example whose twins they tell apart', () => {
    const { compliant, violating, finding } = exampleTwins(control);
    expect(findings([control], KubernetesVersion.V1_36, compliant)).toEqual([]);
    expect(findings([control], KubernetesVersion.V1_36, violating)).toEqual([`image-allowed-registries: ${finding}`]);
  });

  test('hold for image volumes too', () => {
    const pod = (reference: string) => basePodWith({ 'spec.containers[0].image': 'ghcr.io/acme/app:1', 'spec.volumes[1]': { name: 'model', image: { reference } } });
    expect(findings([control], KubernetesVersion.V1_36, pod('ghcr.io/acme/model:1'))).toEqual([]);
    expect(findings([control], KubernetesVersion.V1_36, pod('ghcr.io/other/model:1'))).toEqual(['image-allowed-registries: spec.volumes[1].image.reference']);
  });

  test('are the same control in whatever order they are named', () => {
    const other = ConfigurableControls.allowedRegistries(['registry.example.com', 'localhost:5000', 'ghcr.io/acme']);
    expect(other.requirement._node).toEqual(control.requirement._node);
  });

  test.each<[unknown, string]>([
    [[], '[]'],
    ['ghcr.io', '"ghcr.io"'],
    [['https://ghcr.io'], '"https://ghcr.io"'],
    [['ghcr.io/'], '"ghcr.io/"'],
    [['acme'], '"acme"'],
    [['ghcr.io/Acme'], '"ghcr.io/Acme"'],
    [['.*'], '".*"'],
    [[7], '7'],
  ])('are hosts: not %j', (registries, got) => {
    expect(() => ConfigurableControls.allowedRegistries(registries as string[])).toThrow(
      `[ConfigurableControls.allowedRegistries] registries: got ${got}; allowed: hosts of registries, with a path below them if need be: registry.example.com, `
      + 'ghcr.io/acme, localhost:5000. Write each as images begin with it, without scheme and without a slash at the end; Docker Hub is docker.io.',
    );
  });
});

describe('who may change namespaces', () => {
  const make: Record<string, (identities: { groups?: string[]; users?: string[] }) => Control> = {
    'namespace-pod-security-labels': (who) => ConfigurableControls.podSecurityLabelsChangedOnlyBy(who),
    'namespace-scheduling-annotations': (who) => ConfigurableControls.schedulingAnnotationsChangedOnlyBy(who),
    'namespace-labels': (who) => ConfigurableControls.namespaceLabelsChangedOnlyBy(who),
    'namespace-annotations': (who) => ConfigurableControls.namespaceAnnotationsChangedOnlyBy(who),
  };

  test.each(Object.keys(make))('%s takes the place of the catalog\'s, and names others', (id) => {
    const own = make[id]({ users: ['system:serviceaccount:argocd:controller'] });
    const pack = ControlPack.of('all', ...catalogControls()).replacing('ours', own);
    expect(pack.controls.filter((control) => control.id === id)).toEqual([own]);
    expect(own.requirement._node).toMatchObject({ op: 'changedOnlyBy', groups: [], users: ['system:serviceaccount:argocd:controller'] });
    expect(catalogControls().find((control) => control.id === id)!.requirement._node).toMatchObject({
      op: 'changedOnlyBy', groups: ['system:masters', 'kubeadm:cluster-admins', 'cluster-pki:cluster-admins', 'system:serviceaccounts:kube-system'], users: [],
    });
  });

  test.each<[{ groups?: string[]; users?: string[] }, string]>([
    [{}, '{"groups":[],"users":[]}'],
    [{ groups: [] }, '{"groups":[],"users":[]}'],
    [{ users: [''] }, '""'],
    [{ groups: [null as any] }, 'null'],
  ])('is somebody: not %j', (identities, got) => {
    expect(() => ConfigurableControls.namespaceLabelsChangedOnlyBy(identities)).toThrow(
      `[ConfigurableControls namespace-labels] identities: got ${got}; allowed: at least one group or user, by name. `
      + 'Name who runs the cluster, for instance groups: ["system:masters"].',
    );
  });
});
