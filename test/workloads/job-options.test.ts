import { Cron, Duration } from 'cdk8s';
import { ConcurrencyPolicy } from 'cdk8s-plus-28';
import fc from 'fast-check';
import { find, names, refusal, shop } from './fixtures';
import { violations } from './restricted';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';

const refused = (props: Partial<SecureWorkloadProps>) => refusal(() => shop().workload('web', props));

describe('a Job', () => {
  const { app, workload } = shop();
  workload('migrate', { kind: WorkloadKind.JOB });
  const { spec } = find(app, 'Job');

  test('ends: after one hour, or three failures', () => {
    expect(spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 3, activeDeadlineSeconds: 3600 });
  });

  test('leaves its selector to the API server, and is not deleted, so that no GitOps tool runs it again', () => {
    expect(spec).not.toHaveProperty('selector');
    expect(spec).not.toHaveProperty('ttlSecondsAfterFinished');
  });

  test('has pods that pass restricted, are not restarted, and no service', () => {
    expect(violations(spec.template)).toEqual([]);
    expect(spec.template.spec.restartPolicy).toBe('Never');
    expect(names(app)).not.toContain('Service/shop/migrate');
  });

  test('is run as is said', () => {
    const other = shop();
    other.workload('migrate', {
      kind: WorkloadKind.JOB,
      job: { completions: 6, parallelism: 2, backoffLimit: 0, activeDeadline: Duration.minutes(5), ttlAfterFinished: Duration.days(1) },
    });
    expect(find(other.app, 'Job').spec).toMatchObject({
      completions: 6, parallelism: 2, backoffLimit: 0, activeDeadlineSeconds: 300, ttlSecondsAfterFinished: 86400,
    });
  });
});

describe('a CronJob', () => {
  const { app, workload } = shop();
  workload('report', { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.schedule({ minute: '15', hour: '3' }) } });
  const { spec } = find(app, 'CronJob');

  test('runs at its times in UTC, never twice at once', () => {
    expect(spec).toMatchObject({ schedule: '15 3 * * *', timeZone: 'Etc/UTC', concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 300, suspend: false });
  });

  test('makes Jobs that end, whose pods pass restricted', () => {
    expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 3, activeDeadlineSeconds: 3600 });
    expect(violations(spec.jobTemplate.spec.template)).toEqual([]);
  });

  test('runs when and how is said', () => {
    const other = shop();
    other.workload('report', {
      kind: WorkloadKind.CRON_JOB,
      schedule: { cron: Cron.hourly(), timeZone: 'Europe/Berlin', concurrency: ConcurrencyPolicy.REPLACE, startingDeadline: Duration.minutes(1), suspended: true },
    });
    expect(find(other.app, 'CronJob').spec).toMatchObject({
      schedule: '0 * * * *', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Replace', startingDeadlineSeconds: 60, suspend: true,
    });
  });
});

describe('refused', () => {
  test.each<[string, Partial<SecureWorkloadProps>, string]>([
    ['a number of pods of a DaemonSet', { kind: WorkloadKind.DAEMON_SET, replicas: 2 }, 'replicas: got 2; allowed: none for a DaemonSet. Leave replicas out.'],
    ['a port of a Job', { kind: WorkloadKind.JOB, port: 80 },
      'port: got 80; allowed: none for a Job, whose pods come and go. Leave port out: name ports where connections are allowed.'],
    ['job options of a Deployment', { job: { backoffLimit: 1 } },
      'job: got {"backoffLimit":1}; allowed: none for a Deployment. Set kind: WorkloadKind.JOB or WorkloadKind.CRON_JOB, or leave job out.'],
    ['a CronJob without times', { kind: WorkloadKind.CRON_JOB, schedule: undefined },
      'schedule: got undefined; allowed: the times at which it runs. Say when it runs: schedule: { cron: Cron.daily() }.'],
    ['no completion', { kind: WorkloadKind.JOB, job: { completions: 0 } }, 'job.completions: got 0; allowed: a whole number from 1 on. Correct the number.'],
    ['part of a second', { kind: WorkloadKind.JOB, job: { activeDeadline: Duration.millis(1500) } },
      'job.activeDeadline: got "1.5 seconds"; allowed: a Duration of whole seconds, 1 or more. Give it as Duration.minutes(5), for instance.'],
    ['a start that the controller would miss', { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.daily(), startingDeadline: Duration.seconds(5) } },
      'schedule.startingDeadline: got "5 seconds"; allowed: a Duration of whole seconds, 10 or more. Give it as Duration.minutes(5), for instance.'],
    ['a minute that is none', { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.schedule({ minute: '60' }) } },
      'schedule.cron.minute: got "60 * * * *"; allowed: *, numbers from 0 to 59, ranges, lists and steps of them. Make it by Cron.schedule({ minute: \'15\', hour: \'3\' }) or Cron.daily().'],
    ['times as text', { kind: WorkloadKind.CRON_JOB, schedule: { cron: '0 2 * * *' as any } },
      'schedule.cron: got "0 2 * * *"; allowed: a Cron of cdk8s. Make it by Cron.schedule({ minute: \'15\', hour: \'3\' }) or Cron.daily().'],
    ['an option that nobody reads', { kind: WorkloadKind.JOB, job: { retries: 5 } as any },
      'job.retries: allowed: completions, parallelism, backoffLimit, activeDeadline, ttlAfterFinished. Correct or remove it: nobody reads it.'],
    ['a time zone that is none', { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.daily(), timeZone: 'Europe/Entenhausen' } },
      'schedule.timeZone: got "Europe/Entenhausen"; allowed: a time zone of the IANA database. Name it like Europe/Berlin or Etc/UTC.'],
    ['a time zone in the case of another database', { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.daily(), timeZone: 'europe/berlin' } },
      'schedule.timeZone: got "europe/berlin"; allowed: a time zone of the IANA database. Name it like Europe/Berlin or Etc/UTC.'],
  ])('%s', (_, props, message) => {
    expect(refused(props)).toBe(`[c/shop/web] ${message}`);
  });
});

test('fields of a schedule are taken or refused, never passed on unread', () => {
  const field = fc.oneof(fc.constantFrom('*', '*/5', '1-5', '1,2', '0', '59', '60', '5-1', '*/0', 'x', '', '1-2-3', '1/2/3', 'mon'), fc.string({ maxLength: 4 }));
  fc.assert(fc.property(field, (minute) => {
    const valid = /^(\*|\d+(-\d+)?)(\/0*[1-9]\d*)?(,(\*|\d+(-\d+)?)(\/0*[1-9]\d*)?)*$/.test(minute);
    const attempt = () => shop().workload('web', { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.schedule({ minute, hour: '1' }) } });
    if (!valid && minute !== '?' && minute !== '') {
      expect(refusal(attempt)).toContain('schedule.cron');
    }
  }), { numRuns: 300 });
});
