import { parse } from 'yaml';
import { flags, pod, PROGRAMS, staticPods } from './static-pods-cluster';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { contentOf } from '../cluster';

const MINORS = ['1.28', '1.29', '1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37'];

/** Flags that not every minor version has: the first that has it, and the first that no longer does. */
const LIMITED: Record<string, Record<string, [number | undefined, number | undefined]>> = {
  'kube-apiserver': {
    'authentication-config': [30, undefined],
    'authorization-config': [30, undefined],
    'cloud-config': [undefined, 33],
    'cloud-provider': [undefined, 33],
    'requestheader-uid-headers': [32, undefined],
    'tls-curve-preferences': [36, undefined],
  },
  'kube-controller-manager': { 'concurrent-service-syncs': [undefined, 37], 'tls-curve-preferences': [36, undefined] },
  'kube-scheduler': { 'tls-curve-preferences': [36, undefined] },
  // By the version of etcd that goes with the minor: 3.6 from 1.34 on, 3.7 from 1.37 on.
  'etcd': {
    'experimental-initial-corrupt-check': [undefined, 37],
    'experimental-watch-progress-notify-interval': [undefined, 37],
    'feature-gates': [34, undefined],
    'watch-progress-notify-interval': [34, undefined],
  },
};
const KUBELET_FLAGS = ['config', 'hostname-override', 'kubeconfig', 'node-ip'];

describe.each(MINORS)('on Kubernetes %s', (text) => {
  const minor = Number(text.split('.')[1]);
  const made = staticPods({ kubernetesVersion: KubernetesVersion.of(text) });
  const lacks = (program: string, flag: string) => {
    const [since = 0, gone = Infinity] = LIMITED[program][flag] ?? [];
    return minor < since || minor >= gone;
  };

  test.each(PROGRAMS)('%s gets no flag that it lacks', (program) => {
    expect(Object.keys(flags(made, program)).filter((flag) => lacks(program, flag))).toEqual([]);
  });

  test('no gate is named but all alpha ones, so that none is named that is gone', () => {
    expect(PROGRAMS.slice(1).map((program) => flags(made, program)['feature-gates'])).toEqual(['AllAlpha=false', 'AllAlpha=false', 'AllAlpha=false']);
  });

  test('the kubelet gets the flags that every version has; the rest is configuration', () => {
    const used = [...contentOf(made.nodes, '/etc/systemd/system/kubelet.service').matchAll(/--([a-z-]+)=/g)].map(([, name]) => name);

    expect(used).toEqual(KUBELET_FLAGS);
  });

  test('images are of that version, and etcd\'s of the one that goes with it', () => {
    const [etcd, ...others] = PROGRAMS.map((program) => pod(made, program).spec.containers[0].image.split(':')[1]);

    expect(others).toEqual([`v${text}.1`, `v${text}.1`, `v${text}.1`]);
    expect(etcd).toMatch(minor >= 37 ? /^3\.7\./ : minor >= 34 ? /^3\.6\./ : /^3\.5\./);
  });

  test('the scheduler is asked by paths that it serves', () => {
    const [{ livenessProbe, readinessProbe }] = pod(made, 'kube-scheduler').spec.containers;

    expect([livenessProbe.httpGet.path, readinessProbe?.httpGet.path]).toEqual(minor >= 31 ? ['/livez', '/readyz'] : ['/healthz', undefined]);
  });

  test('files are configuration that it reads', () => {
    const versionOf = (path: string) => parse(contentOf(made.nodes, path)).apiVersion.split('/').at(-1);

    expect(versionOf('/var/lib/kubelet/config.yaml')).toBe('v1beta1');
    if (minor >= 30) {
      expect(versionOf('/etc/kubernetes/authorization/config.yaml')).toBe(minor >= 32 ? 'v1' : 'v1beta1');
    }
    if (minor >= 32) {
      expect(versionOf('/etc/kubernetes/authentication/config.yaml')).toBe(minor >= 34 ? 'v1' : 'v1beta1');
    }
  });
});

test('the table finds a flag that is there too early', () => {
  const made = flags(staticPods({ kubernetesVersion: KubernetesVersion.of('1.37') }), 'kube-apiserver');

  expect(Object.keys(made).filter((flag) => (LIMITED['kube-apiserver'][flag]?.[0] ?? 0) > 29)).toEqual(['authentication-config', 'authorization-config']);
});
