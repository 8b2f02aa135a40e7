import { errorOf } from './results/sample-app';
import { PodTemplateKind, PodTemplateKindProps } from '../../src/controls/pod-template-kind';

const GAME: PodTemplateKindProps = { group: 'games.example.com', versions: ['v1'], kind: 'Game', resource: 'games', templates: ['spec.template'] };

test('a path is read step by step, with [] for elements and {} for values', () => {
  const { _location } = PodTemplateKind.of({ ...GAME, templates: ['spec.jobs.[].template', 'spec.byName.{}.pod', ''] });
  expect(_location.templates).toEqual([['spec', 'jobs', '[]', 'template'], ['spec', 'byName', '{}', 'pod'], []]);
});

test('what was given can\'t change it later', () => {
  const versions = ['v1'];
  const kind = PodTemplateKind.of({ ...GAME, versions });
  versions.push('v2');
  expect(kind._location).toEqual({ ...GAME, templates: [['spec', 'template']] });
});

const DEFINITION = 'Copy it from the custom resource\'s definition.';
const LIST = `allowed: a list of texts with at least one element. ${DEFINITION}`;
test.each<[string, Partial<Record<keyof PodTemplateKindProps, unknown>>, string]>([
  ['no group', { group: '' }, `[PodTemplateKind.of] group: got ""; allowed: text. ${DEFINITION}`],
  ['null for a kind', { kind: null }, `[PodTemplateKind.of] kind: got null; allowed: text. ${DEFINITION}`],
  ['no plural name', { resource: undefined }, `[PodTemplateKind.of] resource: got undefined; allowed: text. ${DEFINITION}`],
  ['no versions', { versions: [] }, `[PodTemplateKind.of] versions: got []; ${LIST}`],
  ['a version that is a number', { versions: [1] }, `[PodTemplateKind.of] versions: got [1]; ${LIST}`],
  ['text for a list of templates', { templates: 'spec.template' }, `[PodTemplateKind.of] templates: got "spec.template"; ${LIST}`],
  ['null among templates', { templates: [null] }, `[PodTemplateKind.of] templates: got [null]; ${LIST}`],
  ['a kind of Kubernetes itself', { group: 'apps', kind: 'Deployment' },
    '[PodTemplateKind.of] group: got "apps"; allowed: a group of custom resources: a domain. Leave Kubernetes\' own kinds out: the library knows them.'],
  ['an empty step', { templates: ['spec..template'] },
    'path: got "spec..template"; allowed: field names joined by dots, other keys as ["key"]. Write it like spec.hostNetwork or metadata.annotations["example.com/owner"].'],
  ['brackets in the middle of a step', { templates: ['spec.jobs[].template'] },
    'path: got "jobs[]"; allowed: field names joined by dots, other keys as ["key"]. Write it like spec.hostNetwork or metadata.annotations["example.com/owner"].'],
])('%s is refused', (_what, wrong, message) => {
  expect(errorOf(() => PodTemplateKind.of({ ...GAME, ...wrong } as PodTemplateKindProps))).toBe(message);
});

test('nothing at all, and a name that nobody reads, are refused', () => {
  expect(errorOf(() => PodTemplateKind.of(undefined as unknown as PodTemplateKindProps))).toBe(
    '[PodTemplateKind.of] props: got undefined; allowed: an object with group, versions, kind, resource, templates. Write it like { group: … }.');
  expect(errorOf(() => PodTemplateKind.of({ ...GAME, template: ['spec.pod'] } as PodTemplateKindProps))).toBe(
    '[PodTemplateKind.of] template: allowed: group, versions, kind, resource, templates. Correct or remove it: nobody reads it. Did you mean "templates"?');
});
