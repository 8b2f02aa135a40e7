import { noChecks, reversed, sampleChecks, waiver } from './sample-checks';
import { checkFacts, checkSections } from '../../src/evidence/check-sections';

const markdown = (checks = sampleChecks()) => checkSections(checkFacts(checks)).join('\n');

test('what hardening changed and what it left are in the report, with object, control and reason', () => {
  expect(markdown()).toContain([
    '## Changed by hardening', '', '| object | control | change | the program may need | construct |', '| --- | --- | --- | --- | --- |',
    '| Deployment/shop/api | read-only-root | spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem: absent → true | to write: check that it does not | app/shop/api |',
    '| Deployment/shop/web | host-network | spec.template.spec.hostNetwork: true → removed |  | app/shop/web |',
  ].join('\n'));
  expect(markdown()).toContain('| Deployment/shop/web | image-digest | spec.template.spec.containers[0].image | A person has to choose. | app/shop/web |');
});

test('so are pods that no check sees, and what else fails the synth', () => {
  expect(markdown()).toContain('| Kafka/shop/events | An operator makes its pods from settings of its own. | app/shop/events |');
  expect(markdown()).toContain('## What else fails\n\n| what |\n| --- |\n| baseline: host-ports is no longer found in Deployment/shop/web. |');
});

test('sections with nothing to say are left out', () => {
  expect(markdown(noChecks())).not.toMatch(/hardening|fails|Pods/);
});

test('a waiver that is of no use stands out, and says what it would have to say', () => {
  const hint = 'the finding is in container "app"';
  expect(markdown({ ...noChecks(), waivers: [waiver({ state: 'unused', hint }), waiver({ state: 'used' })] })).toContain(`| UNUSED: ${hint} | host-network |`);
});

test('facts are the same in whatever order they were found', () => {
  expect(JSON.stringify(checkFacts(reversed(sampleChecks())))).toBe(JSON.stringify(checkFacts(sampleChecks())));
});
