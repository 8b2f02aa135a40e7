import { Progress } from '../../../src/cli/output/progress';

function progress(isTTY: boolean) {
  let time = 0;
  let written = '';
  const counter = new Progress({ isTTY, write: (text) => { written += text; } }, 'documents', () => time);
  return { counter, pass: (milliseconds: number) => { time += milliseconds; }, written: () => written };
}

const steps = (counter: Progress, count: number) => Array.from({ length: count }).forEach(() => counter.step());

test('a run of less than a second says nothing', () => {
  const { counter, pass, written } = progress(true);
  steps(counter, 10_000);
  pass(900);
  steps(counter, 10_000);
  counter.clear();
  expect(written()).toBe('');
});

test('a long run counts on one line, and takes the line away', () => {
  const { counter, pass, written } = progress(true);
  pass(1100);
  steps(counter, 1280);
  pass(300);
  steps(counter, 64);
  counter.clear();
  expect(written()).toBe('\r64 documents …\x1b[K\r1,344 documents …\x1b[K\r\x1b[K');
});

test('in a pipe nothing is said, however long it takes', () => {
  const { counter, pass, written } = progress(false);
  pass(60_000);
  steps(counter, 10_000);
  counter.clear();
  expect(written()).toBe('');
});
