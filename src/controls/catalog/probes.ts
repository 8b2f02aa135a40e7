import { Requirement } from '../requirement';

/** Pods of Jobs: nobody asks them anything, and that they end is what they are for. */
export const RUNS_TO_ITS_END = Requirement.oneOf('spec.restartPolicy', 'OnFailure', 'Never');
