import { checkNames, checkVerbs, READ, sortedVerbs, takesNames, WRITE } from '../../src/rbac/verbs';
import { refusal } from '../workloads/fixtures';

const PODS = { group: '', resource: 'pods' };
const KNOWN = 'get, list, watch, create, update, patch, delete, deletecollection, approve, sign, attest, bind, escalate, impersonate, use, unsafe-delete-ignore-read-errors';

test('reading changes nothing, and writing neither reads nor deletes many at once', () => {
  expect(READ).toEqual(['get', 'list', 'watch']);
  expect(WRITE).toEqual(['create', 'update', 'patch', 'delete']);
});

test('verbs are listed once, in the usual order', () => {
  expect(sortedVerbs(['zap', 'delete', 'get', 'approve', 'get'])).toEqual(['get', 'delete', 'approve', 'zap']);
  expect(sortedVerbs(['get', '*'])).toEqual(['*']);
});

test('all verbs but those whose requests name no object can be kept to names', () => {
  expect([...READ, ...WRITE, 'deletecollection'].filter((verb) => !takesNames(verb))).toEqual(['create', 'deletecollection']);
});

test('verbs of Kubernetes, its wildcard and those of impersonation pass; other groups may have verbs of their own', () => {
  checkVerbs(['get', '*', 'impersonate:user-info', 'impersonate-on:user-info:list'], PODS, 'web');
  checkVerbs(['promote'], { group: 'example.com', resource: 'releases' }, 'web');
});

test.each<[string, any, string]>([
  ['none', [], '[web] verbs: got []; allowed: a list of one or more verbs of the API. Name what the program does: [\'get\'].'],
  ['no list', 'get', '[web] verbs: got "get"; allowed: a list of one or more verbs of the API. Name what the program does: [\'get\'].'],
  ['capitals', ['GET'], '[web] verbs[0]: got "GET"; allowed: a verb of the API in small letters. Write it like get or update.'],
  ['a typo', ['get', 'lists'], `[web] verbs[1]: got "lists"; allowed: ${KNOWN}. Did you mean "list"?`],
  ['a word of our own', ['read'], `[web] verbs[0]: got "read"; allowed: ${KNOWN}. Take grantRead or grantWrite, or name verbs of the API.`],
])('verbs are refused: %s', (_what, verbs, message) => {
  expect(refusal(() => checkVerbs(verbs, PODS, 'web'))).toBe(message);
});

test('a subresource is made of an object that is named', () => {
  checkNames(['web-0'], ['create'], { group: '', resource: 'pods/eviction' }, 'web');
});

test.each<[string, any, string[], string]>([
  ['none', [], ['get'], '[web] names: got []; allowed: one or more names. Leave names out to mean every object: an empty list in a rule means that too.'],
  ['a pattern', ['a', 'flags-*'], ['get'], '[web] names[1]: got "flags-*"; allowed: the name of an object; rules know no patterns in names. Name each object, or leave names out to mean all.'],
  ['what can\'t be kept to names', ['flags'], ['get', 'create'], '[web] names: got ["flags"]; allowed: none with the verb create: such a request names no object, and the API server would refuse all of them. Grant create by a call of its own, without names.'],
  ['deletion of many', ['flags'], ['deletecollection'], '[web] names: got ["flags"]; allowed: none with the verb deletecollection: such a request names no object, and the API server would refuse all of them. Grant deletecollection by a call of its own, without names.'],
])('names are refused: %s', (_what, names, verbs, message) => {
  expect(refusal(() => checkNames(names, verbs, PODS, 'web'))).toBe(message);
});
