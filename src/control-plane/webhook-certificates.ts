import { Admission } from './admission/admission';
import { AuditWebhook } from './audit/audit-webhook';
import { Authorization } from './authorization/authorization';
import { WebhookConnection } from './component/webhook-kubeconfig';

/** A certificate that the API server shows to a service which it calls. Its maker is not known here. */
export interface WebhookCertificate {
  readonly name: string;
  readonly path: string;
}

/** Who says which services the API server calls. */
export interface Webhooks {
  readonly auditWebhook?: AuditWebhook;
  readonly authorization: Authorization;
  readonly admission: Admission;
}

/** The certificates by which the API server is known to its webhooks: when one ends, requests are denied, images refused, or records lost. */
export function webhookCertificates({ auditWebhook, authorization, admission }: Webhooks): WebhookCertificate[] {
  const of = (name: string, connection?: WebhookConnection) => (connection === undefined ? [] : [{ name, path: connection.clientCertificatePath }]);
  return [
    ...of('audit-webhook', auditWebhook?._checked),
    ...authorization._webhooks.flatMap((webhook) => of(`authorization-webhook-${webhook.name}`, webhook)),
    ...of('image-policy-webhook', admission._imagePolicyWebhook),
  ];
}
