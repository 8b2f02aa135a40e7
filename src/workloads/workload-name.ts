import { IConstruct } from 'constructs';
import { WorkloadKind } from './secure-workload-props';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { checkPodLabels } from '../core/labels';

/** Names of objects that a HardenedNamespace makes, of kinds that a workload makes as well. */
const TAKEN = ['default', 'default-deny', 'allow-dns', 'allow-ingress', 'allow-monitoring', 'allow-api-server'];
/** A StatefulSet's pods carry its name, a dash and a hash of ten characters in a label; a CronJob's Jobs have its name, a dash and ten digits. */
const SHORTER = [WorkloadKind.STATEFUL_SET, WorkloadKind.CRON_JOB];
const SHORTER_LIMIT = 52;

/** Checks the name that a workload's objects share, each of which has rules of its own. */
export function checkWorkloadName(name: string, kind: WorkloadKind, hasService: boolean, at: IConstruct): string {
  checkDnsLabel(name, 'name', at);
  if (TAKEN.includes(name)) {
    throw invalid({
      at, property: 'name', got: name, allowed: `any name but ${TAKEN.join(', ')}, which belong to the namespace's own objects`, fix: 'Choose another name.',
    });
  }
  if (hasService && !/^[a-z]/.test(name)) {
    throw invalid({
      at, property: 'name', got: name, allowed: 'a name that begins with a letter, as a Service\'s has to (RFC 1035)', fix: 'Choose another name.',
    });
  }
  if (SHORTER.includes(kind) && name.length > SHORTER_LIMIT) {
    throw invalid({
      at, property: 'name', got: name, allowed: `at most ${SHORTER_LIMIT} characters for a ${kind}, whose pods or Jobs carry it in theirs`, fix: 'Choose a shorter name.',
    });
  }
  return name;
}

/** Checks the labels that select a workload's pods. An empty selector would select every pod of the namespace. */
export function checkSelector(labels: Record<string, string>, at: IConstruct): Record<string, string> {
  if (Object.keys(labels).length === 0) {
    throw invalid({
      at, property: 'selectorLabels', got: labels, allowed: 'at least one label: none would select every pod of the namespace',
      fix: 'Leave selectorLabels out to select by name, or give the labels of the object that you adopt.',
    });
  }
  return checkPodLabels(labels, 'selectorLabels', at);
}
