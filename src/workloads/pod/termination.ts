import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkSeconds } from '../job-options';
import { PodParts } from './pod-parts';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkList } from '../../core/list';
import { checkMadeBy, markAs } from '../../core/made-by';
import { refuseSecretArguments } from '../../secrets/literal-secret';

/** What happens before a program is told to stop. */
export class PreStop {
  /**
   * The program goes on for a while, until load balancers have noticed that the pod ends. Nothing in the image is needed for it. From Kubernetes 1.30 on.
   * @param duration whole seconds, at least one and less than `terminationGracePeriod`
   */
  public static sleep(duration: Duration): PreStop {
    return new PreStop(duration, undefined);
  }

  /**
   * A program of the image runs to its end, or until `terminationGracePeriod` is over.
   * @param command the program and its arguments; there is no shell. Secrets are refused: everyone on the node reads them in the process list
   */
  public static command(command: string[]): PreStop {
    return new PreStop(undefined, command);
  }

  private constructor(/** @internal */ public readonly _sleep?: Duration, /** @internal */ public readonly _command?: string[]) {
    lock(this);
    markAs('PreStop', this);
  }
}

/** How a program is stopped. */
export interface TerminationProps {
  readonly terminationGracePeriod?: Duration;
  readonly preStop?: PreStop;
}

/** Checked: what the workload is made with, and what is added as it is written. */
export interface Termination {
  readonly gracePeriod: Duration;
  readonly parts: readonly PodParts[];
}

/** Checks how a program is stopped. */
export function terminationOf(props: TerminationProps, profile: ClusterProfile, at: IConstruct): Termination {
  const { terminationGracePeriod: gracePeriod = Duration.seconds(30), preStop } = props;
  const grace = checkSeconds(gracePeriod, 'terminationGracePeriod', 1, at);
  if (preStop === undefined) {
    return { gracePeriod, parts: [] };
  }
  checkMadeBy('PreStop', preStop, { at, property: 'preStop', fix: 'Take PreStop.sleep(Duration.seconds(5)), for instance.' });
  const { _sleep: sleep, _command: command } = preStop;
  const action = command === undefined ? sleepAction(sleep!, grace, profile, at) : { exec: { command: checkCommand(command, at) } };
  return { gracePeriod, parts: [{ container: { lifecycle: { preStop: action } } }] };
}

function sleepAction(sleep: Duration, grace: number, { kubernetesVersion }: ClusterProfile, at: IConstruct): object {
  const seconds = checkSeconds(sleep, 'preStop.sleep', 1, at);
  if (!kubernetesVersion.atLeast(KubernetesVersion.V1_30)) {
    throw invalid({
      at, property: 'preStop', got: `a sleep at Kubernetes ${kubernetesVersion}`, allowed: 'a sleep from Kubernetes 1.30 on, a command before',
      fix: 'Where the image has such a program, take PreStop.command([\'/bin/sleep\', \'5\']).',
    });
  }
  if (seconds >= grace) {
    throw invalid({
      at, property: 'preStop.sleep', got: `${seconds} seconds`, allowed: `less than terminationGracePeriod, ${grace} seconds, which begins with it`,
      fix: 'Sleep for less, or raise terminationGracePeriod: the program would be killed at once.',
    });
  }
  return { sleep: { seconds } };
}

function checkCommand(given: string[], at: IConstruct): string[] {
  const command = checkList(given, 'preStop.command', 'words', at);
  const wrong = command.findIndex((word) => typeof word !== 'string');
  if (command.length === 0 || wrong >= 0) {
    throw invalid({ at, property: 'preStop.command', got: command, allowed: 'a program and its arguments', fix: 'Name the program of the image that is run.' });
  }
  refuseSecretArguments(command, 'preStop.command', at);
  return command;
}
