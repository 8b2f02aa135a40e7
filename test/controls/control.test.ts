import { AppliesTo } from '../../src/controls/applies-to';
import { ActsAt, Control, ControlLayer, ControlProps } from '../../src/controls/control';
import { exampleTwins } from '../../src/controls/example-twins';
import { Requirement } from '../../src/controls/requirement';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Reference } from '../../src/core/reference';
import { Severity } from '../../src/core/severity';
import { messageOf } from '../core/message-of';

const PROPS: ControlProps = {
  id: 'no-host-network',
  title: 'Pods don\'t use the host\'s network',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'It reaches everything.',
  remediation: 'Remove hostNetwork.',
  requirement: Requirement.absentOrOneOf('spec.hostNetwork', false),
};
const error = (props: Record<string, unknown>) => messageOf(() => new Control({ ...PROPS, ...props } as ControlProps));

describe('a control', () => {
  test('by default is recommended, acts at both places, on pod templates of all versions, and shows what it finds', () => {
    expect(new Control(PROPS)).toMatchObject({
      recommended: true, actsAt: ActsAt.BOTH, since: undefined, references: [], supersedes: [], concealsValues: false,
      appliesTo: { isPodTemplates: true },
    });
  });

  test('can\'t be changed, and keeps no list that its maker can change', () => {
    const references = [Reference.pss('baseline/hostNamespaces')];
    const control = new Control({ ...PROPS, references });
    references.pop();
    expect(control.references).toHaveLength(1);
    expect(() => { (control as { id: string }).id = 'other'; }).toThrow(TypeError);
  });

  test.each(['', 'Host-Network', 'host_network', '-host', 'host-', 'host--network', '1-host', 'x'.repeat(51), undefined, null, 5, 'a/b'])('is refused by the id %p', (id) => {
    expect(error({ id })).toMatch(/^\[Control.*\] id: got .*; allowed: a name in kebab case of at most 50 characters\. Name it like host-network\.$/);
  });

  test.each(['title', 'rationale', 'remediation'])('needs a %s', (property) => {
    for (const value of [undefined, '', '  ', 5]) {
      expect(error({ [property]: value })).toContain(`[Control no-host-network] ${property}: got `);
    }
  });

  test.each([undefined, null, {}, { op: 'absent', path: ['spec'] }, 'absent', { _node: undefined }, { _node: { op: 'absent', path: ['spec'] } }])('needs a requirement, which %p is not', (requirement) => {
    expect(error({ requirement })).toContain('allowed: a Requirement. Make it with Requirement.oneOf and the like.');
  });

  test('needs a severity, a layer and a place to act that exist', () => {
    expect(error({ severity: 'serious' })).toBe('[Control no-host-network] severity: got "serious"; allowed: info, low, medium, high, critical. Take a value of Severity.');
    expect(error({ layer: 'pods' })).toContain('[Control no-host-network] layer: got "pods"; allowed: pod-security, supply-chain, ');
    expect(error({ actsAt: 'never' })).toBe('[Control no-host-network] actsAt: got "never"; allowed: both, synth, admission. Take a value of ActsAt.');
  });

  test('says why where it acts at one place only', () => {
    expect(error({ actsAt: ActsAt.SYNTH, actsAtReason: ' ' }))
      .toBe('[Control no-host-network] actsAtReason: got " "; allowed: the reason why it acts at synth only. Say why in one sentence: the documentation shows it.');
    expect(new Control({ ...PROPS, actsAt: ActsAt.ADMISSION, actsAtReason: 'Only the server knows.' }).actsAtReason).toBe('Only the server knows.');
  });

  test('with a name that nobody reads is refused, in its example too', () => {
    const names = 'id, title, severity, layer, rationale, remediation, requirement, appliesTo, references, since, actsAt, actsAtReason, supersedes, recommended, '
      + 'concealsValues, example';
    expect(error({ recomended: false })).toBe(
      `[Control no-host-network] recomended: allowed: ${names}. Correct or remove it: nobody reads it. Did you mean "recommended"?`);
    expect(error({ example: { path: 'spec.hostNetwork', valeu: true } })).toBe(
      '[Control no-host-network] example.valeu: allowed: path, compliant, value, finding. Correct or remove it: nobody reads it. Did you mean "value"?');
    expect(messageOf(() => new Control(null as unknown as ControlProps))).toBe(
      `[Control] props: got null; allowed: an object with ${names}. Write it like { id: … }.`);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['kinds without AppliesTo', { appliesTo: ['Pod'] }, 'appliesTo: got ["Pod"]; allowed: an AppliesTo. Make it with AppliesTo.kinds and the like.'],
    ['a version as text', { since: '1.36' }, 'since: got "1.36"; allowed: a KubernetesVersion. Give for instance KubernetesVersion.V1_36, or KubernetesVersion.of("1.36").'],
    ['a reference as text', { references: ['5.2.1'] }, 'references[0]: got "5.2.1"; allowed: a Reference. Make it with Reference.cis and the like.'],
    ['one reference', { references: Reference.cis('5.2.1') },
      'references: got {"standard":"CIS","id":"5.2.1","edition":"cis-1.12"}; allowed: a list of References. Put it in a list: references: [ … ].'],
    ['one id', { supersedes: 'image-tag' }, 'supersedes: got "image-tag"; allowed: a list of ids of controls. Put it in a list: supersedes: [ … ].'],
    ['null for an id', { supersedes: [null] }, 'supersedes[0]: got null; allowed: a name in kebab case of at most 50 characters. Name it like host-network.'],
  ])('with %s is refused', (_what, props, message) => {
    expect(error(props)).toBe(`[Control no-host-network] ${message}`);
  });

  test('with a path that the API does not have is refused', () => {
    expect(error({ requirement: Requirement.absent('spec.hostNetwrok') })).toContain('PodSpec has no field "hostNetwrok". Did you mean "hostNetwork"?');
    expect(error({ requirement: Requirement.present('spec.type'), appliesTo: AppliesTo.kinds('Servise') })).toContain('Did you mean "Service"?');
  });

  test('asks nothing of versions before its first one, and the same of a version that is newer than all known', () => {
    const control = new Control({ ...PROPS, since: KubernetesVersion.V1_30 });
    expect(control._nodeAt(KubernetesVersion.V1_29)).toBeUndefined();
    expect(control._nodeAt(KubernetesVersion.V1_30)).toEqual(control.requirement._node);
    expect(control._nodeAt(KubernetesVersion.of('1.99'))).toEqual(control._nodeAt(KubernetesVersion.V1_37));
  });
});

describe('what a control applies to', () => {
  test('is never nothing', () => {
    expect(messageOf(() => AppliesTo.kinds())).toBe('kinds: got []; allowed: one or more kinds. Name the kinds, for instance AppliesTo.kinds("Service").');
    expect(messageOf(() => AppliesTo.customResources())).toBe('resources: got []; allowed: one or more kinds. Name group, version, kind and resource of each.');
  });

  const QUEUE = { group: 'x.example', version: 'v1', kind: 'Queue', resource: 'queues' };
  const DEFINITION = 'Copy it from the custom resource\'s definition.';
  test.each<[string, unknown, string]>([
    ['null', null, 'resources[0]: got null; allowed: an object with group, version, kind, resource. Write it like { group: … }.'],
    ['a custom resource without a version', { ...QUEUE, version: undefined }, `resources[0].version: got undefined; allowed: text. ${DEFINITION}`],
    ['a custom resource without a plural name', { ...QUEUE, resource: '' }, `resources[0].resource: got ""; allowed: text. ${DEFINITION}`],
    ['a custom resource whose kind is none', { ...QUEUE, kind: 5 }, `resources[0].kind: got 5; allowed: text. ${DEFINITION}`],
    ['a custom resource whose group is none', { ...QUEUE, group: null }, `resources[0].group: got null; allowed: text, or nothing for the core group. ${DEFINITION}`],
    ['a misspelt name', { ...QUEUE, resources: 'queues' },
      'resources[0].resources: allowed: group, version, kind, resource. Correct or remove it: nobody reads it. Did you mean "resource"?'],
  ])('is not %s', (_what, resource, message) => {
    expect(messageOf(() => AppliesTo.customResources(resource as never))).toBe(`[AppliesTo.customResources] ${message}`);
  });

  test.each([null, '', 5])('is no kind %p', (kind) => {
    expect(messageOf(() => AppliesTo.kinds(kind as string))).toBe(`kinds: got ${JSON.stringify(kind)}; allowed: names of kinds. Name each, for instance AppliesTo.kinds("Service").`);
  });
});

describe('the twins of an example', () => {
  test('differ at the one place', () => {
    const { compliant, violating, finding } = exampleTwins(new Control({ ...PROPS, example: { path: 'spec.hostNetwork', value: true } }));
    expect(violating).toEqual({ ...compliant as object, spec: { ...(compliant as { spec: object }).spec, hostNetwork: true } });
    expect(finding).toBe('spec.hostNetwork');
  });

  test('without a value lack the field', () => {
    const { compliant, violating } = exampleTwins(new Control({ ...PROPS, example: { compliant: { a: { b: 1, c: 2 } }, path: 'a.b' } }));
    expect([compliant, violating]).toEqual([{ a: { b: 1, c: 2 } }, { a: { c: 2 } }]);
  });

  test('in a list lack or change one element', () => {
    const compliant = [{ x: 1 }, { x: 2 }];
    const violating = (path: string, value?: unknown) => exampleTwins(new Control({ ...PROPS, example: { compliant, path, value } })).violating;
    expect(violating('[1]')).toEqual([{ x: 1 }]);
    expect(violating('[0].x', 3)).toEqual([{ x: 3 }, { x: 2 }]);
    expect(violating('[2].x.y', 4)).toEqual([{ x: 1 }, { x: 2 }, { x: { y: 4 } }]);
  });

  test('are asked of a control that has an example only', () => {
    expect(messageOf(() => exampleTwins(new Control(PROPS))))
      .toBe('[Control no-host-network] example: got undefined; allowed: an example. State the one place that differs, and what is there.');
  });
});
