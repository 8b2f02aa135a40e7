import * as fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { CONFIG, rendered, WEBHOOK } from './rendered';
import { Admission, AdmissionProps } from '../../../src/control-plane/admission/admission';
import { PodSecurityStandard } from '../../../src/control-plane/admission/pod-security-defaults';
import { constructFindings } from '../../../src/core/construct-findings';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../cluster';

const MINORS = Array.from({ length: 10 }, (_, i) => 28 + i);
const EVERYTHING: AdmissionProps = {
  podNodeSelector: { clusterDefault: { pool: 'apps' }, allowed: { shop: { pool: 'apps' } } },
  imagePolicyWebhook: WEBHOOK,
  alwaysPullImages: true,
  allowServiceExternalIps: false,
  furtherPlugins: ['PodTolerationRestriction', 'OwnerReferencesPermissionEnforcement'],
};
const NEED_CONFIGURATION = ['EventRateLimit', 'ImagePolicyWebhook'];

describe.each(MINORS)('Kubernetes 1.%i', (minor) => {
  const kubernetesVersion = KubernetesVersion.of(`1.${minor}`);

  test('enables what is off by default, and keeps kubeadm\'s NodeRestriction', () => {
    expect(rendered(new Admission(), { kubernetesVersion }).enabled).toEqual([
      'DenyServiceExternalIPs', 'EventRateLimit', 'NodeRestriction', 'PodNodeSelector', 'PodSecurity',
    ]);
  });

  test('enables no plugin that the version lacks', () => {
    const { enabled } = rendered(new Admission(EVERYTHING), { kubernetesVersion });

    expect(enabled).not.toContain('SecurityContextDeny');
    expect(enabled).not.toContain('PersistentVolumeLabel');
  });

  test('PersistentVolumeLabel is enabled where there is one, and refused from 1.31 on, where the API server would not start', () => {
    const make = () => rendered(new Admission({ furtherPlugins: ['PersistentVolumeLabel'] }), { kubernetesVersion });

    if (minor >= 31) {
      expect(make).toThrow(new Error(
        `[kubernetes] admission.furtherPlugins: got "PersistentVolumeLabel"; allowed: plugins that Kubernetes 1.${minor} has: this one is gone since 1.31. `
        + 'Leave it out: the drivers of volumes label them.'));
    } else {
      expect(make().enabled).toContain('PersistentVolumeLabel');
    }
  });

  test('SecurityContextDeny is refused in each: alpha to 1.29, gone from 1.30 on', () => {
    expect(() => new Admission({ furtherPlugins: ['SecurityContextDeny'] })).toThrow(
      'Leave it out: Pod Security took its place. The API server has not known it since 1.30, and before it was alpha.');
  });

  test('pins Pod Security to this version', () => {
    expect(rendered(new Admission(), { kubernetesVersion }).of('PodSecurity').defaults).toEqual({
      'enforce': 'restricted', 'enforce-version': `v1.${minor}`, 'audit': 'restricted', 'audit-version': `v1.${minor}`, 'warn': 'restricted', 'warn-version': `v1.${minor}`,
    });
  });
});

describe('the file and the flags', () => {
  test('everything that is configured is enabled, and what needs a configuration has one, whatever is asked for', () => {
    const props: fc.Arbitrary<AdmissionProps> = fc.record({
      podSecurity: fc.constantFrom({}, { enforce: PodSecurityStandard.BASELINE }),
      eventRateLimit: fc.constantFrom({}, { server: { qps: 1, burst: 1 } }),
      podNodeSelector: fc.constantFrom({}, EVERYTHING.podNodeSelector!),
      imagePolicyWebhook: fc.constant(WEBHOOK),
      alwaysPullImages: fc.boolean(),
      allowServiceExternalIps: fc.boolean(),
      furtherPlugins: fc.subarray(['PodTolerationRestriction', 'NamespaceExists']),
    }, { requiredKeys: [] });

    fc.assert(fc.property(props, (given) => {
      const { enabled, config } = rendered(new Admission(given));
      const configured = config.plugins.map(({ name }: any) => name);

      expect(enabled).toEqual(expect.arrayContaining(configured));
      expect(configured).toEqual(expect.arrayContaining(enabled.filter((name) => NEED_CONFIGURATION.includes(name))));
      expect(enabled).toContain('NodeRestriction');
      expect(new Set(enabled).size).toBe(enabled.length);
      expect(new Set(configured).size).toBe(configured.length);
    }));
  });

  test('every configuration is inline and every path absolute, so that the API server looks for nothing beside itself', () => {
    const { config, of } = rendered(new Admission(EVERYTHING));

    expect(config).toMatchObject({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration' });
    expect(config.plugins.every((plugin: any) => typeof plugin.name === 'string' && !('path' in plugin) && typeof plugin.configuration === 'object')).toBe(true);
    expect(of('ImagePolicyWebhook').imagePolicy.kubeConfigFile).toBe('/etc/kubernetes/admission/image-policy.kubeconfig');
  });

  test('the flag names the file, whose folder is mounted as a whole with everything that is named in it', () => {
    const { flags, mounts, files } = rendered(new Admission(EVERYTHING));

    expect(flags['admission-control-config-file']).toBe(CONFIG);
    expect(mounts).toEqual([{ name: 'admission', path: '/etc/kubernetes/admission', readOnly: true, pathType: 'Directory' }]);
    expect(files.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'restricted /etc/kubernetes/admission/config.yaml', 'restricted /etc/kubernetes/admission/image-policy.kubeconfig', 'restricted /etc/kubernetes/admission/image-policy-ca.crt',
    ]);
  });

  test('nothing is ever turned off', () => {
    expect(Object.keys(rendered(new Admission(EVERYTHING)).flags)).toEqual(['admission-control-config-file', 'enable-admission-plugins']);
  });

  test('plugins that others configure come in the same list and file', () => {
    const { enabled, of } = rendered(new Admission(), {}, [{ name: 'ValidatingAdmissionPolicy', configuration: { kind: 'X' } }]);

    expect(enabled).toContain('ValidatingAdmissionPolicy');
    expect(of('ValidatingAdmissionPolicy')).toEqual({ kind: 'X' });
  });

  test('a second configuration of one plugin, which the API server would ignore, is refused', () => {
    expect(() => rendered(new Admission(), {}, [{ name: 'PodSecurity' }])).toThrow(new Error(
      '[kubernetes] admission: got "PodSecurity"; allowed: each plugin once. Configure it in one place: the API server reads the first and ignores the second.'));
  });

  test('two runs give the same bytes, and later changes of what was given change nothing', () => {
    const given = { podSecurity: { exemptNamespaces: ['storage'] }, podNodeSelector: { allowed: { shop: { pool: 'apps' } } } };
    const admission = new Admission(given);
    const before = rendered(admission).files;

    given.podSecurity.exemptNamespaces.push('other');
    given.podNodeSelector.allowed.shop.pool = 'other';

    expect(rendered(admission).files).toEqual(before);
  });
});

describe('on a control plane', () => {
  test('is there by default, with flags in kubeadm\'s configuration', () => {
    const { nodes, controlPlane } = cluster();
    const [, { apiServer }] = parseAllDocuments(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((document) => document.toJS() as any);

    expect(apiServer.extraArgs).toEqual(expect.arrayContaining([
      { name: 'admission-control-config-file', value: CONFIG },
      { name: 'enable-admission-plugins', value: 'DenyServiceExternalIPs,EventRateLimit,NodeRestriction,PodNodeSelector,PodSecurity' },
    ]));
    expect(parse(contentOf(nodes, CONFIG)).kind).toBe('AdmissionConfiguration');
    expect(constructFindings(controlPlane).filter(({ control }) => /^pod-security|^service/.test(control))).toEqual([]);
  });

  test('what is opened is reported', () => {
    const admission = new Admission({
      podSecurity: { enforce: PodSecurityStandard.BASELINE, exemptNamespaces: ['storage'] }, allowServiceExternalIps: true,
    });

    expect(constructFindings(cluster({}, { admission }).controlPlane).map(({ control }) => control)).toEqual(expect.arrayContaining([
      'pod-security-default-below-restricted', 'pod-security-exempt-namespace', 'service-external-ips-admitted',
    ]));
  });

  test('something else in place of an Admission', () => {
    expect(() => cluster({}, { admission: { alwaysPullImages: true } as unknown as Admission })).toThrow(new Error(
      '[kubernetes] admission: got {"alwaysPullImages":true}; allowed: an Admission. Make it by new Admission({ … }).'));
  });
});

describe('further plugins', () => {
  const ALLOWED = 'ExtendedResourceToleration, LimitPodHardAntiAffinityTopology, NamespaceExists, OwnerReferencesPermissionEnforcement, PersistentVolumeLabel, PodTolerationRestriction';
  const ON = 'Leave it out: it is on wherever the API server has it, and nothing turns it off.';

  test('are enabled by name', () => {
    expect(rendered(new Admission({ furtherPlugins: ['PodTolerationRestriction'] })).enabled).toContain('PodTolerationRestriction');
    expect(rendered(new Admission({ alwaysPullImages: true })).enabled).toContain('AlwaysPullImages');
  });

  test('external addresses of Services have to be allowed by name', () => {
    expect(rendered(new Admission({ allowServiceExternalIps: true })).enabled).not.toContain('DenyServiceExternalIPs');
  });

  test.each([
    ['PodTolerationRestrictions', 'Correct or remove it: the API server does not start with a name that it does not know. Did you mean "PodTolerationRestriction"?'],
    ['Whatever', 'Correct or remove it: the API server does not start with a name that it does not know.'],
    ['PodSecurity', ON],
    ['MutatingAdmissionPolicy', ON],
    ['PodTopologyLabels', ON],
    ['NodeRestriction', 'Leave it out: it is always on.'],
    ['EventRateLimit', 'Leave it out: it is always on.'],
    ['ImagePolicyWebhook', 'Give imagePolicyWebhook: { … }: it needs to know the service.'],
    ['AlwaysPullImages', 'Give alwaysPullImages: true.'],
    ['DenyServiceExternalIPs', 'Leave it out: it is on unless allowServiceExternalIps is true.'],
    ['AlwaysAdmit', 'Leave it out: it does nothing (CIS 1.2.10).'],
    ['NamespaceAutoProvision', 'Leave it out: it makes namespaces that nobody declared, without quota and network policies.'],
    ['constructor', 'Correct or remove it: the API server does not start with a name that it does not know.'],
  ])('bad input: %s', (name, fix) => {
    expect(() => new Admission({ furtherPlugins: [name] })).toThrow(new Error(`[Admission] furtherPlugins[0]: got "${name}"; allowed: ${ALLOWED}. ${fix}`));
  });

  test.each([
    ['a name twice', { furtherPlugins: ['NamespaceExists', 'NamespaceExists'] }, 'furtherPlugins[1]: got "NamespaceExists"; allowed: each name once. Remove it.'],
    ['a name alone', { furtherPlugins: 'NamespaceExists' }, 'furtherPlugins: got "NamespaceExists"; allowed: a list of names of admission plugins. Put it in a list: furtherPlugins: [ … ].'],
    ['a way to turn one off', { disabledPlugins: ['PodSecurity'] },
      'disabledPlugins: allowed: podSecurity, eventRateLimit, podNodeSelector, imagePolicyWebhook, alwaysPullImages, allowServiceExternalIps, furtherPlugins, staticPolicies. '
      + 'Correct or remove it: nobody reads it.'],
    ['NodeRestriction off', { nodeRestriction: false },
      'nodeRestriction: allowed: podSecurity, eventRateLimit, podNodeSelector, imagePolicyWebhook, alwaysPullImages, allowServiceExternalIps, furtherPlugins, staticPolicies. '
      + 'Correct or remove it: nobody reads it.'],
    ['text for a truth', { allowServiceExternalIps: 'false' }, 'allowServiceExternalIps: got "false"; allowed: true or false. Leave it out for false.'],
  ])('bad input: %s', (_, props, message) => {
    expect(() => new Admission(props as any)).toThrow(new Error(`[Admission] ${message}`));
  });
});
