import { Yaml } from 'cdk8s';
import { Authorization } from './authorization';
import { CheckedWebhook } from './authorization-webhook-check';
import { invalid } from '../../core/errors';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { has } from '../availability';
import { ApiServerParts } from '../component/api-server-parts';
import { connectionFiles, kubeconfigPath, WebhookPlace } from '../component/webhook-kubeconfig';
import { AUTHORIZATION } from '../paths';

const SET_BY = 'Authorization';

/**
 * Adds the flags and mounts, and returns the files. AuthorizationConfiguration is v1 from 1.32 on and v1beta1 from 1.30 on. From there on kubeadm
 * leaves its own `--authorization-mode` out where the file is named: both together would keep the API server from starting.
 */
export function addAuthorization(authorization: Authorization, parts: ApiServerParts): NodeFileProps[] {
  const { at, profile, flags, mounts } = parts;
  const version = profile.kubernetesVersion;
  const webhooks = authorization._webhooks;
  if (!has(version, 'AuthorizationConfiguration v1beta1')) {
    if (webhooks.length > 0) {
      throw invalid({
        at, property: 'authorization.webhooks', got: webhooks.map(({ name }) => name), allowed: `none before Kubernetes 1.30; the profile has ${version}`,
        fix: 'Upgrade the cluster, or leave them out: this API server can\'t except health checks and nodes, and kubeadm would add a flag that excludes the file.',
      });
    }
    flags.set('authorization-mode', 'Node,RBAC', SET_BY);
    return [];
  }
  flags.set('authorization-config', AUTHORIZATION.config, SET_BY);
  mounts.add({ name: 'authorization', path: AUTHORIZATION.folder, readOnly: true, pathType: 'Directory' });
  const content = Yaml.stringify({
    apiVersion: `apiserver.config.k8s.io/${has(version, 'AuthorizationConfiguration v1') ? 'v1' : 'v1beta1'}`,
    kind: 'AuthorizationConfiguration',
    authorizers: [{ type: 'Node', name: 'node' }, ...webhooks.map(authorizer), { type: 'RBAC', name: 'rbac' }],
  });
  return [
    { path: AUTHORIZATION.config, content, kind: NodeFileKind.RESTRICTED },
    ...webhooks.flatMap((webhook) => connectionFiles(webhook, placeOf(webhook))),
  ];
}

function authorizer(webhook: CheckedWebhook): object {
  return {
    type: 'Webhook',
    name: webhook.name,
    webhook: {
      connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: kubeconfigPath(placeOf(webhook)) },
      timeout: `${webhook.timeoutSeconds}s`,
      authorizedTTL: '5m0s',
      unauthorizedTTL: '30s',
      subjectAccessReviewVersion: 'v1',
      matchConditionSubjectAccessReviewVersion: 'v1',
      failurePolicy: 'Deny',
      matchConditions: conditions(webhook).map((expression) => ({ expression })),
    },
  };
}

/** One that is false ends the matter, whatever the others would have said or failed at. */
function conditions({ exemptGroups, exemptUsers, matchConditions }: CheckedWebhook): string[] {
  const list = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;
  const own = [
    'has(request.resourceAttributes)',
    `!has(request.groups) || !request.groups.exists(group, group in ${list(exemptGroups)})`,
    ...(exemptUsers.length === 0 ? [] : [`!(request.user in ${list(exemptUsers)})`]),
  ];
  return [...own, ...matchConditions.filter((condition) => !own.includes(condition))];
}

function placeOf({ name }: CheckedWebhook): WebhookPlace {
  return { folder: AUTHORIZATION.folder, name };
}
