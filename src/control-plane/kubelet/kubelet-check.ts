import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { EvictionThresholds, KubeletServingCertificates, ReservedResources } from './kubelet-options';
import { Cidr } from '../../core/cidr';
import { checkDnsDomain } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { cpuText, mebibytesOf, millisOf, sizeText } from '../../core/quantities';
import { checkWholeNumber } from '../whole-number';

const RESERVED: KnownProps<ReservedResources> = { cpu: true, memory: true, ephemeralStorage: true, pids: true };
const SERVING: KnownProps<KubeletServingCertificates> = { approver: true, nodeDomains: true, externalCidrs: true };
const PERCENT = {
  nodefsAvailablePercent: ['nodefs.available', 10],
  nodefsInodesFreePercent: ['nodefs.inodesFree', 5],
  imagefsAvailablePercent: ['imagefs.available', 15],
  imagefsInodesFreePercent: ['imagefs.inodesFree', 5],
  pidAvailablePercent: ['pid.available', 10],
} as const;
const EVICTION: KnownProps<EvictionThresholds> = {
  memoryAvailable: true, nodefsAvailablePercent: true, nodefsInodesFreePercent: true, imagefsAvailablePercent: true, imagefsInodesFreePercent: true,
  pidAvailablePercent: true,
};

/** Who approves serving certificates. */
export interface CheckedServing {
  /** What the cluster runs itself, if so. */
  readonly approver?: string;
  readonly nodeDomains: readonly string[];
  readonly externalCidrs: readonly Cidr[];
}

/** As the kubelet reads it: resources by their names. */
export function checkReserved(reserved: ReservedResources, property: string, at: string): Readonly<Record<string, string>> {
  checkProps(reserved, RESERVED, { at, property });
  const pids = checkWholeNumber(reserved.pids ?? 1000, 1, 1_000_000, { at, property: `${property}.pids`, fix: 'Leave it out for 1000.' });
  return Object.freeze({
    'cpu': cpuText(millisOf(reserved.cpu ?? Cpu.millis(100), `${property}.cpu`, at)),
    'memory': sizeText(mebibytesOf(reserved.memory ?? Size.mebibytes(256), `${property}.memory`, at)),
    'ephemeral-storage': sizeText(mebibytesOf(reserved.ephemeralStorage ?? Size.gibibytes(1), `${property}.ephemeralStorage`, at)),
    'pid': String(pids),
  });
}

/** Every signal: the kubelet takes those that a configuration lacks for 0. */
export function checkEviction(thresholds: EvictionThresholds, property: string, at: string): Readonly<Record<string, string>> {
  checkProps(thresholds, EVICTION, { at, property });
  const percent = Object.entries(PERCENT).map(([name, [signal, normal]]) => {
    const value = thresholds[name as keyof typeof PERCENT] ?? normal;
    if (!Number.isInteger(value) || value < 1 || value > 50) {
      throw invalid({ at, property: `${property}.${name}`, got: value, allowed: 'a whole number of percent from 1 to 50', fix: `Leave it out for ${normal}.` });
    }
    return [signal, `${value}%`];
  });
  const memory = sizeText(mebibytesOf(thresholds.memoryAvailable ?? Size.mebibytes(100), `${property}.memoryAvailable`, at));
  return Object.freeze(Object.fromEntries([['memory.available', memory], ...percent]));
}

/** Either an approver by name, or what ours may approve. */
export function checkServing(serving: KubeletServingCertificates, property: string, at: string): CheckedServing {
  checkProps(serving, SERVING, { at, property });
  const { approver } = serving;
  if (approver !== undefined && (typeof approver !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(approver))) {
    throw invalid({
      at, property: `${property}.approver`, got: approver, allowed: 'the name of what approves kubelet-serving requests in this cluster',
      fix: 'Name it, for reports, or leave it out for the approver on the control-plane nodes.',
    });
  }
  const nodeDomains = checkList(serving.nodeDomains ?? [], `${property}.nodeDomains`, 'domains', at)
    .map((domain, i) => checkDnsDomain(domain, `${property}.nodeDomains[${i}]`, at));
  const externalCidrs = checkList(serving.externalCidrs ?? [], `${property}.externalCidrs`, 'ranges', at)
    .map((range, i) => checkExternal(Cidr._parse(range, `${property}.externalCidrs[${i}]`, at), `${property}.externalCidrs[${i}]`, at));
  for (const [name, got] of [['nodeDomains', nodeDomains], ['externalCidrs', externalCidrs.map(String)]] as const) {
    if (approver !== undefined && got.length > 0) {
      throw invalid({
        at, property: `${property}.${name}`, got, allowed: `none where ${approver} approves`, fix: `Tell ${approver}: only the approver on the nodes reads them.`,
      });
    }
  }
  return Object.freeze({
    ...(approver === undefined ? {} : { approver }), nodeDomains: Object.freeze(nodeDomains), externalCidrs: Object.freeze(externalCidrs),
  });
}

function checkExternal(range: Cidr, property: string, at: string): Cidr {
  if (range.isEverything) {
    throw invalid({
      at, property, got: String(range), allowed: 'ranges that your nodes have addresses in', fix: 'Give the provider\'s ranges: this one would undo the limit of nodeCidrs.',
    });
  }
  return range;
}
