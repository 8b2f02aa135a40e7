import { StateBackend } from '../state-backend';

/** What every stack on AWS is told. */
export interface AwsStackProps {
  /** Where Terraform keeps the state: `StateBackend.s3(…)`, or for trying things out `StateBackend.local()`. */
  readonly state: StateBackend;
  /**
   * The AWS account, 12 digits. Terraform refuses to work in any other.
   * @default - whichever account the credentials belong to
   */
  readonly accountId?: string;
  /**
   * Tags of every resource that the provider makes.
   * @default - none
   */
  readonly defaultTags?: Record<string, string>;
}
