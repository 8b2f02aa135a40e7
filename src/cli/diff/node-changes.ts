import { Change } from './change';
import { lineChanges } from './line-changes';
import { NodeFileOutput, NodeFolder } from './node-folder';
import { settingsOf } from './node-settings';
import { knownSetting } from './setting-directions';
import { shownText, shownValue } from './shown-value';
import { plural } from '../../core/plural';
import { Severity } from '../../core/severity';

/** Files that are there to protect the node or the cluster. */
const PROTECTS = new RegExp(`^(${[
  '/etc/ssh/sshd_config', '/etc/sysctl\\.d/', '/etc/audit/', '/etc/nftables', '/etc/modprobe\\.d/', '/etc/security/', '/etc/pam\\.d/', '/etc/sudoers',
  '/etc/kubernetes/audit', '/etc/kubernetes/encryption', '/etc/kubernetes/admission', '/etc/apparmor\\.d/', '/var/lib/kubelet/seccomp/',
].join('|')})`);
/** Of the group, of others, set-id and sticky. */
const WIDE_BITS = [0o4000, 0o2000, 0o1000, 0o40, 0o20, 0o10, 0o4, 0o2, 0o1];

/** Everything that changed in what nodes get. */
export function nodeChanges(before: readonly NodeFolder[], after: readonly NodeFolder[]): Change[] {
  const roles = [...new Set([...before, ...after].map(({ role }) => role))];
  return roles.flatMap((role) => {
    const [old, next] = [before, after].map((side) => side.find((each) => each.role === role));
    const subject = `node role ${shownText(role)}`;
    if (!old || !next) {
      const kind = next ? 'new' : 'removed';
      return [{ verdict: 'neutral' as const, kind, subject, rule: 'node-role', message: `${kind}, with ${plural((next ?? old)!.files.size, 'file')}` } satisfies Change];
    }
    return [
      ...[...new Set([...old.files.keys(), ...next.files.keys()])].flatMap((path) => fileChanges(`${subject}: ${shownText(path)}`, old.files.get(path), next.files.get(path))),
      ...listChange(subject, 'packages', old.packages, next.packages),
      ...listChange(subject, 'commands', old.commands, next.commands),
    ];
  });
}

function fileChanges(subject: string, before: NodeFileOutput | undefined, after: NodeFileOutput | undefined): Change[] {
  if (!before || !after) {
    const kind = after ? 'new' : 'removed';
    const protects = PROTECTS.test((after ?? before)!.path);
    return [protects
      ? { verdict: after ? 'stronger' : 'weaker', kind, subject, rule: 'node-file', severity: Severity.HIGH, message: `${kind}: a file that hardens the node or the cluster` }
      : { verdict: 'neutral', kind, subject, rule: 'node-file', message: kind }];
  }
  return [...modeChange(subject, before, after), ...ownerChange(subject, before, after), ...contentChanges(subject, before, after)];
}

/** Wider: the group, others or a set-id bit have more than before. */
function modeChange(subject: string, { mode: before }: NodeFileOutput, { mode: after }: NodeFileOutput): Change[] {
  const has = (mode: number, bit: number) => Math.floor(mode / bit) % 2 === 1;
  const gained = WIDE_BITS.filter((bit) => has(after, bit) && !has(before, bit)).length;
  const lost = WIDE_BITS.filter((bit) => has(before, bit) && !has(after, bit)).length;
  if (before === after) {
    return [];
  }
  const verdict = (gained === 0) === (lost === 0) ? 'neutral' : gained === 0 ? 'stronger' : 'weaker';
  const [old, next] = [before, after].map((mode) => mode.toString(8).padStart(4, '0'));
  return [{ verdict, kind: 'changed', subject, rule: 'node-file-mode', message: 'mode', before: old, after: next, ...(verdict !== 'neutral' && { severity: Severity.MEDIUM }) }];
}

function ownerChange(subject: string, { owner: before = 'root:root' }: NodeFileOutput, { owner: after = 'root:root' }: NodeFileOutput): Change[] {
  if (before === after) {
    return [];
  }
  const verdict = before === 'root:root' ? 'weaker' : after === 'root:root' ? 'stronger' : 'neutral';
  return [{
    verdict, kind: 'changed', subject, rule: 'node-file-owner', message: 'owner', before: shownText(before), after: shownText(after),
    ...(verdict !== 'neutral' && { severity: Severity.MEDIUM }),
  }];
}

function contentChanges(subject: string, before: NodeFileOutput, after: NodeFileOutput): Change[] {
  if (before.bytes.equals(after.bytes)) {
    return [];
  }
  const details = before.text !== undefined && after.text !== undefined ? lineChanges(before.text, after.text) : undefined;
  const message = details === undefined ? 'contents changed' : `${plural(details.length, 'line')} changed`;
  return [
    ...settingChanges(subject, before, after),
    { verdict: 'neutral', kind: 'changed', subject, rule: 'node-file', message, ...(details !== undefined && { details }) },
  ];
}

function settingChanges(subject: string, before: NodeFileOutput, after: NodeFileOutput): Change[] {
  const [old, next] = [settingsOf(before.path, before.text ?? ''), settingsOf(after.path, after.text ?? '')];
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((name): Change[] => {
    const known = knownSetting(name.replace(/ \(Match .*\)$/, ''));
    const [was, is] = [known?.rank(old.get(name)), known?.rank(next.get(name))];
    // What a Match block leaves out is as it is for all.
    const isUnknown = was === undefined || is === undefined || was === is || (name.includes(' (Match ') && (!old.has(name) || !next.has(name)));
    return !known || isUnknown ? [] : [{
      verdict: is < was ? 'weaker' : 'stronger', kind: 'changed', severity: known.severity, subject, rule: 'node-setting', message: shownText(name),
      before: shownValue(old.get(name), [], name), after: shownValue(next.get(name), [], name),
    }];
  });
}

function listChange(subject: string, what: string, before: readonly string[], after: readonly string[]): Change[] {
  const details = lineChanges(before.join('\n'), after.join('\n'));
  return details.length === 0 ? [] : [{ verdict: 'neutral', kind: 'changed', subject, rule: `node-${what}`, message: `${what} changed`, details }];
}
