import { Fields } from './arbitraries';

export interface GeneratedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Fields;
  readonly [field: string]: any;
}

export interface GeneratorOptions {
  /** Kubernetes 1.x, from 28 to 37. What this version lacks, drops or refuses is left out. */
  readonly minor: number;
  /** @default - GENERATED_NAMESPACE */
  readonly namespace?: string;
  /** Writes some of the absent fields as null, which the server takes for absent. @default false */
  readonly nulls?: boolean;
}

/** The server refuses Pods in it unless it has the service accounts below. */
export const GENERATED_NAMESPACE = 'generated';

/** Service accounts that generated Pods name, or get by default. */
export const SERVICE_ACCOUNTS: readonly string[] = ['default', 'app'];

/** The first minor that keeps the field where no feature gate is set; before, it's unknown, dropped or refused. */
const SINCE = {
  sidecars: 29,
  appArmorField: 30,
  sleepAction: 30,
  recursiveReadOnly: 31,
  anyEnvironmentName: 32,
  userNamespaces: 33,
  supplementalGroupsPolicy: 33,
  seLinuxChangePolicy: 33,
  resizePolicy: 33,
  podResources: 34,
  imageVolumes: 35,
  containerRestartPolicy: 35,
  hostnameOverride: 35,
  seLinuxMountOption: 37,
  trustBundleVolumes: 37,
  podCertificateVolumes: 37,
};

export function supports(options: GeneratorOptions, feature: keyof typeof SINCE): boolean {
  return options.minor >= SINCE[feature];
}
