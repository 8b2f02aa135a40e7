import { App, Chart } from 'cdk8s';
import { addFindings, constructFindings } from '../../src/core/construct-findings';
import { Finding } from '../../src/core/finding';
import { Severity } from '../../src/core/severity';

const finding = (control: string): Finding => ({ control, severity: Severity.LOW, message: `${control} is open.`, fix: 'Close it.' });

test('constructs say what is questionable about them, by their paths', () => {
  const app = new App();
  const outer = new Chart(app, 'outer');
  const inner = new Chart(outer, 'inner');
  addFindings(inner, () => [finding('window')]);
  addFindings(outer, () => [finding('door')]);
  addFindings(inner, () => [finding('roof')]);

  expect(constructFindings(app).map(({ control, constructPath }) => [control, constructPath]))
    .toEqual([['door', 'outer'], ['window', 'outer/inner'], ['roof', 'outer/inner']]);
});

test('one that was taken out of the tree says nothing any more', () => {
  const app = new App();
  addFindings(new Chart(app, 'gone'), () => [finding('door')]);
  app.node.tryRemoveChild('gone');

  expect(constructFindings(app)).toEqual([]);
});

test('a construct is asked when the tree is whole', () => {
  const app = new App();
  addFindings(new Chart(app, 'chart'), () => (app.node.tryFindChild('late') ? [] : [finding('late')]));
  new Chart(app, 'late');

  expect(constructFindings(app)).toEqual([]);
});
