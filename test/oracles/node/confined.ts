/** Lines of /proc/1/status of a program that runs as a workload has it, whatever its image says. */
export function confinedAs(user: number): Record<string, string> {
  const ids = Array(4).fill(user).join(' ');
  const none = '0000000000000000';
  return { Uid: ids, Gid: ids, CapInh: none, CapPrm: none, CapEff: none, CapBnd: none, CapAmb: none, NoNewPrivs: '1', Seccomp: '2' };
}
