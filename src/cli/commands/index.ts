import type { CommandModule, CommandRow } from '../command';

/** The commands, in the order in which help lists them. A module is loaded when its command is called, and not before. */
export const COMMANDS: readonly CommandRow[] = [
  { name: 'check', summary: 'say where manifests are weaker than the controls ask', load: () => require('./check') as CommandModule },
  { name: 'harden', summary: 'fix what a program can fix in manifests', load: () => require('./harden') as CommandModule },
  { name: 'diff', summary: 'say what became weaker or stronger between two folders', load: () => require('./diff') as CommandModule },
  { name: 'explain', summary: 'say what controls ask, and why', load: () => require('./explain') as CommandModule },
  { name: 'policies', summary: 'print the controls as ValidatingAdmissionPolicies', load: () => require('./policies') as CommandModule },
];
