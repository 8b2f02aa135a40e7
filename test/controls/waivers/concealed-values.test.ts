import { ApiObject, Chart } from 'cdk8s';
import { HardenedApp } from '../../../src/app/hardened-app';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { AppliesTo } from '../../../src/controls/applies-to';
import { Control } from '../../../src/controls/control';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { Requirement } from '../../../src/controls/requirement';
import { Waiver } from '../../../src/controls/waivers/waiver';
import { contents, useTempFolder } from '../../app/temp-folder';
import { container, control, DAY, errorOf, GOOD_SPEC, pack, waiver } from '../results/sample-app';

/** Two secrets that nothing but their names and places gives away. */
const NUMBER = 98765432;
const WORDS = 'correcthorsebattery';

const deployment = (template: object) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template } });
const withEnv = deployment({ spec: { containers: [container('app', { env: [{ name: 'DB_PASSWORD', value: String(NUMBER) }, { name: 'B', value: WORDS }] })] } });
const custom = (spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Store', metadata: { name: 'web', namespace: 'shop' }, spec });
const STORE = AppliesTo.customResources({ group: 'example.com', version: 'v1', kind: 'Store', resource: 'stores' });
const CONTAINER = 'spec.template.spec.containers[0]';

/** What is found, the object that it is in, and how it is waived. */
const CASES: readonly [string, Control, object, Partial<Waiver>][] = [
  ['all variables of a container', control('sample', Requirement.eachContainer(Requirement.absent('env'))), withEnv, { container: 'app', path: `${CONTAINER}.env` }],
  ['a container as a whole', control('sample', Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.present('readinessProbe')))), withEnv, { container: 'app' }],
  ['a pod template as a whole', control('sample', Requirement.anyOf(Requirement.present('spec.nodeName'), Requirement.present('metadata.labels.x'))), withEnv, { path: 'spec.template' }],
  ['a numeric password', control('sample', Requirement.absent('spec.settings.DB_PASSWORD'), { appliesTo: STORE }),
    custom({ settings: { DB_PASSWORD: NUMBER } }), { resource: 'Store.example.com/shop/web', path: 'spec.settings.DB_PASSWORD' }],
  ['settings that hold a password', control('sample', Requirement.absent('spec.settings'), { appliesTo: STORE }),
    custom({ settings: { user: 'web', DB_PASSWORD: NUMBER, more: { token: WORDS } } }), { resource: 'Store.example.com/shop/web', path: 'spec.settings' }],
  ['variables under another name', control('sample', Requirement.each('spec.environment', Requirement.absent('value')), { appliesTo: STORE }),
    custom({ environment: [{ name: 'DB_PASSWORD', value: NUMBER }] }), { resource: 'Store.example.com/shop/web', path: 'spec.environment[0].value' }],
  ['a field beside a password', control('sample', Requirement.each('spec.hosts', Requirement.oneOf('tls', true)), { appliesTo: STORE }),
    custom({ hosts: [{ user: 'web', password: WORDS, tls: false }] }), { resource: 'Store.example.com/shop/web', path: 'spec.hosts[0].tls', value: false }],
  ['a token in an annotation', control('sample', Requirement.absent('metadata.annotations["example.com/api-token"]')),
    deployment({ metadata: { annotations: { 'example.com/api-token': WORDS } }, spec: GOOD_SPEC }), { path: 'spec.template.metadata.annotations["example.com/api-token"]' }],
  ['all annotations', control('sample', Requirement.absent('metadata.annotations')),
    deployment({ metadata: { annotations: { 'example.com/applied': `{"password":"${WORDS}1"}` } }, spec: GOOD_SPEC }), { path: 'spec.template.metadata.annotations' }],
];

function build(checked: Control, object: object, ...waivers: Partial<Waiver>[]): HardenedApp {
  const app = new HardenedApp({ quiet: true, date: DAY });
  Controls.of(app).enforce(pack(checked)).harden(pack(checked));
  waivers.forEach((each) => Controls.of(app).waive(waiver({ control: 'sample', ...each })));
  new AdmissionPolicies(new Chart(app, 'policies'), 'policies', { pack: pack(checked), phase: PolicyPhase.DENY });
  new ApiObject(new Chart(app, 'chart'), 'web', object as ConstructorParameters<typeof ApiObject>[2]);
  return app;
}

const SECRET = new RegExp(`${NUMBER}|${WORDS}`);

useTempFolder();

test('of a number where a text has to be, nothing is shown', () => {
  const app = new HardenedApp({ quiet: true, date: DAY });
  Controls.of(app).enforce(ControlPack.recommended());
  new ApiObject(new Chart(app, 'chart'), 'settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' }, data: { DB_PASSWORD: NUMBER } });
  const error = errorOf(() => app.synth());
  expect(error).toContain('malformed-object');
  expect(error).toContain('data.DB_PASSWORD');
  expect(error + JSON.stringify(contents('evidence.out'))).not.toMatch(SECRET);
});

describe.each(CASES)('of %s, which may hold a secret, nothing is shown', (_what, checked, object, declared) => {
  const evidence = () => JSON.stringify(contents('evidence.out'));
  // What may be taken away without harm is none of what is looked at here.
  const kept = new Control({ ...checked, requirement: checked.requirement.notFixable('A person has to decide.') });

  test('in errors and evidence, where it fails the synth', () => {
    const error = errorOf(() => build(kept, object).synth());
    expect(error).toContain('sample');
    expect(error).not.toMatch(SECRET);
    expect(evidence()).toContain('sample');
    expect(evidence()).not.toMatch(SECRET);
  });

  test('in policies and evidence, where it is waived', () => {
    build(kept, object, declared).synth();
    expect(evidence()).toContain('waived');
    expect(evidence()).not.toMatch(SECRET);
    const policies = contents('dist')['policies.k8s.yaml'];
    expect(policies).toContain('object.metadata.?name.orValue(\'\') == \'web\'');
    expect(policies).not.toMatch(SECRET);
  });

  test('in the changes, where it is taken away', () => {
    const app = build(checked, object);
    errorOf(() => {
      app.synth();
      throw new Error('It was written.');
    });
    expect(evidence()).not.toMatch(SECRET);
  });

  test('not even by a hash in the fingerprint', () => {
    const prints = (of: object) => {
      errorOf(() => build(kept, of).synth());
      return JSON.parse(contents('evidence.out')['findings.json']).findings.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    };
    const other = JSON.parse(JSON.stringify(object).replaceAll(String(NUMBER), '12345678').replaceAll(WORDS, 'anotherpassword'));
    expect(prints(object)).toEqual(prints(other));
    expect(prints(object)).toHaveLength(1);
  });
});
