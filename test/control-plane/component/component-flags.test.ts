import { ComponentFlags } from '../../../src/control-plane/component/component-flags';
import { StaticPodMounts } from '../../../src/control-plane/component/static-pod-mounts';

describe('flags', () => {
  const flags = () => new ComponentFlags('kube-apiserver', 'kubernetes');

  test('come out by name, whoever set them first', () => {
    const all = flags().set('profiling', 'false', 'ControlPlane').set('audit-log-path', '/var/log/a', 'AuditPolicy').all;

    expect(all).toEqual([{ name: 'audit-log-path', value: '/var/log/a' }, { name: 'profiling', value: 'false' }]);
  });

  test('set twice to the same value are one', () => {
    expect(flags().set('profiling', 'false', 'a').set('profiling', 'false', 'b').all).toHaveLength(1);
  });

  test('set twice to different values are refused, naming both who want them', () => {
    expect(() => flags().set('profiling', 'false', 'ControlPlane').set('profiling', 'true', 'Debugging')).toThrow(new Error(
      '[kubernetes] kube-apiserver --profiling: got "true"; allowed: false, as ControlPlane sets it. '
      + 'Let ControlPlane and Debugging agree: a program takes one value of a flag.'));
  });

  test.each(['--profiling', 'audit_log', 'a b', ''])('the name "%s" is refused', (name) => {
    expect(() => flags().set(name, '1', 'x')).toThrow(new Error(
      `[kubernetes] kube-apiserver: got "${name}"; allowed: the name of a flag without its dashes. Correct the name.`));
  });
});

describe('mounts', () => {
  const policy = { name: 'audit-policy', path: '/etc/kubernetes/audit/policy.yaml', readOnly: true, pathType: 'File' } as const;

  test('come out by name', () => {
    const mounts = new StaticPodMounts('kube-apiserver', 'kubernetes').add(policy).add({ ...policy, name: 'a', path: '/a' });

    expect(mounts.all.map((mount) => mount.name)).toEqual(['a', 'audit-policy']);
  });

  test.each([{ ...policy, path: '/other' }, { ...policy, name: 'other' }])('%j clashes', (other) => {
    expect(() => new StaticPodMounts('kube-apiserver', 'kubernetes').add(policy).add(other)).toThrow(new Error(
      `[kubernetes] kube-apiserver mounts: got "${other.name} at ${other.path}"; allowed: a name and a path other than those of audit-policy at ${policy.path}. `
      + 'Mount it once, or rename one of the two.'));
  });
});
