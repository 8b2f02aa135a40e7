import { App, Chart } from 'cdk8s';
import type { Command } from 'commander';
import { PolicyPhase } from '../../controls/admission/policy-binding';
import { AdmissionPolicies } from '../../controls/admission-policies';
import { ControlPack } from '../../controls/pack';
import { effectiveControls } from '../../controls/superseding';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid } from '../../core/errors';
import { plural } from '../../core/plural';
import { choiceAmong, collecting, DEFAULT_VERSION, kubernetesVersion, packNamed } from '../checking/packs';
import { CommandIo, ExitCode } from '../command';
import { controlList } from '../output/control-list';
import { painterFor, widthOf } from '../output/terminal';

const PHASES = Object.values(PolicyPhase);

interface PolicyOptions {
  readonly pack: string;
  readonly phase: string;
  readonly kubernetesVersion: string;
  readonly excludeNamespaces?: readonly string[];
  readonly list?: boolean;
}

export function configure(command: Command): void {
  command
    .description('Print a pack of controls as ValidatingAdmissionPolicies and their bindings, so that the API server itself holds objects to them.')
    .usage('[options]')
    .allowExcessArguments(false)
    .option('-p, --pack <name>', 'recommended, pss-restricted, pss-baseline, nsa, cis-workloads or all', 'recommended')
    .option('--phase <phase>', 'what the API server does about what does not comply: audit notes it, warn tells, deny refuses', 'audit')
    .option('-k, --kubernetes-version <1.NN>', 'version of the cluster, from 1.30 on', DEFAULT_VERSION)
    .option('-x, --exclude-namespaces <names>', 'namespaces that are left out besides those of the system; repeat it, or put commas between', collecting('--exclude-namespaces'))
    .option('-l, --list', 'list the controls of the pack, worst first')
    .addHelpText('after', `
Examples:
  cdk8s-hardened policies --list
  cdk8s-hardened policies | kubectl apply --dry-run=server -f -
  cdk8s-hardened policies --phase audit | kubectl apply -f -
  cdk8s-hardened policies --pack pss-restricted --phase deny

On a cluster with a life of its own begin with audit, then warn, then deny.`);
}

export function run(io: CommandIo, _operands: readonly string[], given: Readonly<Record<string, unknown>>): ExitCode {
  const options = given as unknown as PolicyOptions;
  const pack = packNamed(options.pack);
  const phase = PHASES[choiceAmong('--phase', options.phase, PHASES)];
  const version = kubernetesVersion(options.kubernetesVersion);
  if (options.list) {
    io.stdout.write(controlList(effectiveControls(pack.controls, version), widthOf(io.stdout), painterFor(io.stdout, io)).map((line) => `${line}\n`).join(''));
    return ExitCode.OK;
  }
  const app = new App();
  new ClusterProfile({ name: 'cluster', kubernetesVersion: version }).attachTo(app);
  const { withoutPolicy } = policiesOf(app, pack, phase, options.excludeNamespaces ?? []);
  io.stdout.write(app.synthYaml());
  if (withoutPolicy.length > 0) {
    io.stderr.write(`${plural(withoutPolicy.length, 'control')} of ${pack.name} ${withoutPolicy.length === 1 ? 'has' : 'have'} no policy: run "cdk8s-hardened check" on manifests for ${withoutPolicy.length === 1 ? 'it' : 'them'}.\n`);
  }
  return ExitCode.OK;
}

/** What the class refuses is said in the words of the command line. */
function policiesOf(app: App, pack: ControlPack, phase: PolicyPhase, excludedNamespaces: readonly string[]): AdmissionPolicies {
  try {
    return new AdmissionPolicies(new Chart(app, 'policies'), pack.name, { pack, phase, excludedNamespaces: [...excludedNamespaces] });
  } catch (error) {
    const { property = '', allowed, fix } = error as { readonly property?: string; readonly allowed: string; readonly fix: string };
    if (property === 'pack') {
      throw invalid({ property: '--kubernetes-version', allowed: 'a version from 1.30 on: earlier ones have no ValidatingAdmissionPolicy', fix: 'Leave it out, or upgrade the cluster.' });
    }
    const [, position] = /^excludedNamespaces\[(\d+)\]$/.exec(property) ?? [];
    throw position === undefined ? error : invalid({ property: '--exclude-namespaces', got: [...excludedNamespaces][Number(position)], allowed, fix });
  }
}
