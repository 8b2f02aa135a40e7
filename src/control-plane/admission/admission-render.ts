import { Yaml } from 'cdk8s';
import { Admission } from './admission';
import { AdmissionPlugin } from './admission-plugin';
import { IMAGE_POLICY } from './image-policy-webhook';
import { invalid } from '../../core/errors';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { ApiServerParts } from '../component/api-server-parts';
import { connectionFiles } from '../component/webhook-kubeconfig';
import { ADMISSION } from '../paths';

const SET_BY = 'Admission';

/**
 * Adds the flags and the mount, and returns the files. What is enabled and what is configured comes from one list, so that neither goes without
 * the other: the API server would ignore the configuration of a plugin that is not enabled, and not start with one that lacks its own. Every
 * configuration is inline; the one kubeconfig that has to be a file is named by its absolute path. The folder is mounted as a whole.
 *
 * @param further plugins that others configure, with whatever files they need below the folder
 */
export function addAdmission(admission: Admission, parts: ApiServerParts, further: readonly AdmissionPlugin[] = []): NodeFileProps[] {
  const { at, profile, flags, mounts } = parts;
  const plugins = inOrder([...admission._plugins(profile, at), ...further], parts);
  flags
    .set('admission-control-config-file', ADMISSION.config, SET_BY)
    .set('enable-admission-plugins', plugins.map(({ name }) => name).join(','), SET_BY);
  mounts.add({ name: 'admission', path: ADMISSION.folder, readOnly: true, pathType: 'Directory' });
  const webhook = admission._imagePolicyWebhook;
  const content = Yaml.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: plugins.filter(({ configuration }) => configuration !== undefined),
  });
  return [
    { path: ADMISSION.config, content, kind: NodeFileKind.RESTRICTED },
    ...(webhook === undefined ? [] : connectionFiles(webhook, IMAGE_POLICY)),
  ];
}

/** By name; the API server has an order of its own, and of two with one name it ignores the second. */
function inOrder(plugins: AdmissionPlugin[], { at }: ApiServerParts): AdmissionPlugin[] {
  const names = plugins.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw invalid({ at, property: 'admission', got: twice, allowed: 'each plugin once', fix: 'Configure it in one place: the API server reads the first and ignores the second.' });
  }
  return [...plugins].sort((a, b) => (a.name < b.name ? -1 : 1));
}
