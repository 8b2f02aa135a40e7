import { AdmissionPlugin } from './admission-plugin';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkConnection, kubeconfigPath, WebhookConnection, WebhookPlace } from '../component/webhook-kubeconfig';
import { ADMISSION } from '../paths';
import { checkWholeNumber } from '../whole-number';

/**
 * A service that is asked about the images of every pod, in every namespace, when it is made or changed (CIS 5.5.1). What it does not answer is
 * refused: while it is down no pod starts anywhere, so run it outside of the cluster.
 */
export interface ImagePolicyWebhook {
  /**
   * Its https URL, which gets an ImageReview (imagepolicy.k8s.io/v1alpha1). The API server asks the node's resolver, which knows no Services: a
   * name that ends in `.svc` is refused.
   */
  readonly server: string;
  /** CA certificates, in PEM, that its certificate is checked by. No file is read: give the text. */
  readonly certificateAuthority: string;
  /** Path on the nodes of the certificate that the API server shows it, below /etc/kubernetes/pki. Make it there; no file of this library holds it. */
  readonly clientCertificatePath: string;
  /** Path on the nodes of that certificate's key, below /etc/kubernetes/pki. */
  readonly clientKeyPath: string;
  /**
   * Seconds for which the same images stay allowed without being asked about again: 1 to 1800.
   * @default 300
   */
  readonly allowTtlSeconds?: number;
  /**
   * Seconds for which they stay refused: 1 to 1800.
   * @default 30
   */
  readonly denyTtlSeconds?: number;
  /**
   * Milliseconds before it is asked a second time: 1 to 5000. It is asked five times in all, each wait half as long again, so that a request waits
   * some eight times this before it is refused.
   * @default 500
   */
  readonly retryBackoffMilliseconds?: number;
}

/** Checked, with its defaults. */
export interface CheckedImagePolicy extends WebhookConnection {
  readonly allowTtlSeconds: number;
  readonly denyTtlSeconds: number;
  readonly retryBackoffMilliseconds: number;
}

/** Where its kubeconfig lies. */
export const IMAGE_POLICY: WebhookPlace = { folder: ADMISSION.folder, name: 'image-policy' };

const PROPS: KnownProps<ImagePolicyWebhook> = {
  server: true, certificateAuthority: true, clientCertificatePath: true, clientKeyPath: true, allowTtlSeconds: true, denyTtlSeconds: true,
  retryBackoffMilliseconds: true,
};
const PROPERTY = 'imagePolicyWebhook';

export function checkImagePolicyWebhook(given: ImagePolicyWebhook, at: string): CheckedImagePolicy {
  checkProps(given, PROPS, { at, property: PROPERTY });
  const number = (property: 'allowTtlSeconds' | 'denyTtlSeconds' | 'retryBackoffMilliseconds', otherwise: number, most: number) => (
    checkWholeNumber(given[property] ?? otherwise, 1, most, { at, property: `${PROPERTY}.${property}`, fix: `Leave it out for ${otherwise}.` })
  );
  return Object.freeze({
    ...checkConnection(given, PROPERTY, { at, unanswered: 'what the webhook does not answer is refused' }),
    allowTtlSeconds: number('allowTtlSeconds', 300, 1800),
    denyTtlSeconds: number('denyTtlSeconds', 30, 1800),
    retryBackoffMilliseconds: number('retryBackoffMilliseconds', 500, 5000),
  });
}

/** Numbers alone: the plugin refuses `50s`. It ignores what it does not know, and 0 would be its default. */
export function imagePolicyWebhookPlugin({ allowTtlSeconds, denyTtlSeconds, retryBackoffMilliseconds }: CheckedImagePolicy): AdmissionPlugin {
  return {
    name: 'ImagePolicyWebhook',
    configuration: {
      imagePolicy: {
        kubeConfigFile: kubeconfigPath(IMAGE_POLICY),
        allowTTL: allowTtlSeconds,
        denyTTL: denyTtlSeconds,
        retryBackoff: retryBackoffMilliseconds,
        defaultAllow: false,
      },
    },
  };
}
