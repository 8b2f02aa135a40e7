import { App, Chart } from 'cdk8s';
import { checkDate, daysBetween, setToday, today } from '../../src/core/today';

const CONTEXT = 'cdk8s-hardened:date';

describe('the date that expiry is measured against', () => {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  beforeEach(() => {
    delete process.env.SOURCE_DATE_EPOCH;
  });
  afterEach(() => {
    jest.useRealTimers();
    delete process.env.SOURCE_DATE_EPOCH;
    if (epoch !== undefined) {
      process.env.SOURCE_DATE_EPOCH = epoch;
    }
  });

  test('is the one that was set, whatever the environment and the clock say', () => {
    process.env.SOURCE_DATE_EPOCH = '0';
    const app = new App();
    setToday(app, '2026-02-28');
    expect(today(new Chart(app, 'chart'))).toBe('2026-02-28');
  });

  test('else the day of SOURCE_DATE_EPOCH, in UTC', () => {
    process.env.SOURCE_DATE_EPOCH = '1767225599';
    expect(today(new App())).toBe('2025-12-31');
    process.env.SOURCE_DATE_EPOCH = '1767225600';
    expect(today(new App())).toBe('2026-01-01');
    process.env.SOURCE_DATE_EPOCH = '0';
    expect(today(new App())).toBe('1970-01-01');
  });

  test('else the clock\'s, in UTC, also where the environment has an empty one', () => {
    jest.useFakeTimers({ now: new Date('2026-03-01T23:59:59Z') });
    expect(today(new App())).toBe('2026-03-01');
    process.env.SOURCE_DATE_EPOCH = '';
    expect(today(new App())).toBe('2026-03-01');
  });

  test.each(['yesterday', '1767225600.5', '-1', '0x10', '1'.repeat(12)])('SOURCE_DATE_EPOCH can\'t be %s', (value) => {
    process.env.SOURCE_DATE_EPOCH = value;
    expect(() => today(new App())).toThrow(
      `[<root>] SOURCE_DATE_EPOCH: got "${value}"; allowed: seconds since 1970, as digits. Set it as reproducible-builds.org says, or unset it.`);
  });

  test('a wrong one is refused where it is set', () => {
    expect(() => setToday(new App(), '2026-2-1')).toThrow('[<root>] date: got "2026-2-1"; allowed: a day as YYYY-MM-DD. Write it like 2027-01-31.');
  });

  test('nor is one let through that came by the context', () => {
    const app = new App();
    app.node.setContext(CONTEXT, 20260101);
    expect(() => today(app)).toThrow(`[<root>] context ${CONTEXT}: got 20260101; allowed: a day as YYYY-MM-DD. Write it like 2027-01-31.`);
  });
});

describe('a day', () => {
  test.each(['2027-01-31', '2028-02-29', '1999-12-31'])('%s is one', (day) => {
    expect(checkDate(day, 'expires')).toBe(day);
  });

  test.each([
    '2027-02-29', '2027-02-30', '2027-13-01', '2027-00-10', '2027-01-00', '27-01-31', '2027-1-31', '2027/01/31', '2027-01-31T00:00:00Z', ' 2027-01-31', '', 'tomorrow', undefined, null,
    20270131, new Date(0),
  ])('%p is none', (day) => {
    expect(() => checkDate(day, 'expires', 'waivers.yaml, entry 1')).toThrow(/^\[waivers\.yaml, entry 1\] expires: got .*; allowed: a day as YYYY-MM-DD\. Write it like 2027-01-31\.$/);
  });
});

test('days are counted across months, leap years and changes of the clock', () => {
  expect(daysBetween('2026-06-15', '2026-06-15')).toBe(0);
  expect(daysBetween('2026-06-15', '2026-06-14')).toBe(-1);
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-01-01', '2027-01-01')).toBe(365);
});
