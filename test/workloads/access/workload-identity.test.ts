import { catalogControls } from '../../../src/controls/catalog';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { ReviewedException } from '../../../src/controls/waivers/reviewed-exception';
import { Cloud } from '../../../src/core/cloud';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { Cni } from '../../../src/core/cni';
import { Distribution } from '../../../src/core/distribution';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { WorkloadIdentity } from '../../../src/workloads/access/workload-identity';
import { findings } from '../../support/twins';
import { find, names, refusal, shop, templateOf, written } from '../fixtures';
import { violations } from '../restricted';

const RANGES = { podCidrs: ['10.4.0.0/14'], serviceCidrs: ['10.8.0.0/20'] };
const EKS = { distribution: Distribution.EKS, ...RANGES };
const GKE = { distribution: Distribution.GKE, ...RANGES };
const AKS = { distribution: Distribution.AKS, ...RANGES };
const GUID = '11111111-2222-3333-4444-555555555555';
const ROLE = 'arn:aws:iam::111122223333:role/shop/web';
const EMAIL = 'shop-web@acme-prod.iam.gserviceaccount.com';
const EXCEPTION: ReviewedException = { reason: 'GKE hands out the pod\'s own credentials at this address.', owner: 'platform', expires: '2026-09-01' };

const METADATA = catalogControls().find(({ id }) => id === 'network-policy-metadata-service')!;

function cluster(profile: Partial<ClusterProfileProps>, workloadIdentity: WorkloadIdentity) {
  const made = shop(new ClusterProfile({ name: 'prod', ...profile }), '2026-06-15');
  return { ...made, web: made.workload('web', { workloadIdentity }) };
}

function facts(profile: Partial<ClusterProfileProps>, identity: WorkloadIdentity) {
  const { app } = cluster(profile, identity);
  const policies = written(app).filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name.startsWith('web'));
  const template = templateOf(find(app, 'Deployment'));
  expect(violations(template)).toEqual([]);
  expect(template.spec.automountServiceAccountToken).toBe(false);
  return {
    annotations: find(app, 'ServiceAccount', 'web').metadata.annotations,
    labels: template.metadata.labels,
    nodeSelector: template.spec.nodeSelector,
    egress: policies.flatMap(({ spec }) => spec.egress.map(({ to, ports }: any) => [to.map(({ ipBlock }: any) => ipBlock.cidr), ports])),
    findings: findings(ControlPack.recommended().controls, KubernetesVersion.V1_35, written(app)),
  };
}

test('IRSA names the role on the service account, with tokens of an hour, and opens nothing', () => {
  expect(facts(EKS, WorkloadIdentity.awsIrsa(ROLE))).toMatchObject({
    annotations: { 'eks.amazonaws.com/role-arn': ROLE, 'eks.amazonaws.com/token-expiration': '3600' }, nodeSelector: undefined, egress: [], findings: [],
  });
});

test('IRSA works on clusters of one\'s own on AWS, in every partition', () => {
  expect(() => cluster({ cloud: Cloud.AWS }, WorkloadIdentity.awsIrsa('arn:aws-us-gov:iam::111122223333:role/web'))).not.toThrow();
});

test('EKS Pod Identity opens the address of its agent on port 80, and nothing is written on the service account', () => {
  expect(facts(EKS, WorkloadIdentity.awsPodIdentity())).toMatchObject({
    annotations: undefined, egress: [[['169.254.170.23/32'], [{ protocol: 'TCP', port: 80 }]]], findings: [],
  });
});

test('in a cluster of IPv6 it is the agent\'s IPv6 address', () => {
  expect(facts({ ...EKS, podCidrs: ['fd00:10::/56'], serviceCidrs: ['fd00:20::/108'] }, WorkloadIdentity.awsPodIdentity()).egress)
    .toEqual([[['fd00:ec2::23/128'], [{ protocol: 'TCP', port: 80 }]]]);
});

test('on GKE with Calico, pods run on nodes with the metadata server of GKE alone, and reach it where it listens', () => {
  expect(facts({ ...GKE, cni: Cni.CALICO }, WorkloadIdentity.gke({ serviceAccountEmail: EMAIL }))).toMatchObject({
    annotations: { 'iam.gke.io/gcp-service-account': EMAIL },
    nodeSelector: { 'iam.gke.io/gke-metadata-server-enabled': 'true' },
    egress: [[['169.254.169.252/32'], [{ protocol: 'TCP', port: 988 }]]],
    findings: [],
  });
});

test('without a service account of Google Cloud, nothing is written on the service account', () => {
  expect(facts({ ...GKE, cni: Cni.CALICO }, WorkloadIdentity.gke())).toMatchObject({ annotations: undefined });
});

test('Autopilot refuses to be asked for the metadata server that all of its nodes have', () => {
  expect(facts(GKE, WorkloadIdentity.gke({ autopilot: true, exception: EXCEPTION })).nodeSelector).toBeUndefined();
});

describe('on GKE with Dataplane V2', () => {
  test('the address that the controls keep closed is opened on port 80, in a policy of its own, by a reviewed exception', () => {
    expect(facts(GKE, WorkloadIdentity.gke({ exception: EXCEPTION }))).toMatchObject({
      egress: [[['169.254.169.254/32'], [{ protocol: 'TCP', port: 80 }]]],
      findings: [expect.stringMatching(/^network-policy-metadata-service: .*spec\.egress\[0\]\.to\[0\]\.ipBlock\.cidr$/)],
    });
    expect(names(cluster(GKE, WorkloadIdentity.gke({ exception: EXCEPTION })).app)).toContain('NetworkPolicy/shop/web.identity');
  });

  test('the exception waives that place where the controls are enforced', () => {
    const { app } = cluster(GKE, WorkloadIdentity.gke({ exception: EXCEPTION }));
    Controls.of(app).enforce(ControlPack.recommended());
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('it is refused without one', () => {
    expect(refusal(() => cluster(GKE, WorkloadIdentity.gke()))).toBe(
      `[c/shop/web] workloadIdentity.exception: got undefined; allowed: a reviewed exception from network-policy-metadata-service ("${METADATA.title}"). `
      + `${METADATA.remediation} Where it has to be, state workloadIdentity.exception: { reason, owner, expires }.`);
  });
});

test('with Calico no exception is needed, and none is taken', () => {
  expect(refusal(() => cluster({ ...GKE, cni: Cni.CALICO }, WorkloadIdentity.gke({ exception: EXCEPTION })))).toBe(
    '[c/shop/web] workloadIdentity.exception: allowed: none: no control speaks against it. Leave it out, so that it accepts nothing later.');
});

test('on Azure the client is named on the service account, and the label on the pods has the webhook bring tokens of an hour', () => {
  expect(facts(AKS, WorkloadIdentity.azure(GUID, { tenantId: GUID }))).toMatchObject({
    annotations: {
      'azure.workload.identity/client-id': GUID, 'azure.workload.identity/tenant-id': GUID, 'azure.workload.identity/service-account-token-expiration': '3600',
    },
    labels: { 'azure.workload.identity/use': 'true' },
    egress: [],
    findings: [],
  });
});

test('the label selects no pods', () => {
  const { app, web } = cluster(AKS, WorkloadIdentity.azure(GUID));
  expect(find(app, 'Deployment').spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'web' });
  expect(web.selectorLabels).toEqual({ 'app.kubernetes.io/name': 'web' });
});

describe('refused, before anything is made', () => {
  const FIX = 'Take the one of the cluster\'s cloud, or correct distribution and cloud in the ClusterProfile.';
  test.each<[string, Partial<ClusterProfileProps>, any, string]>([
    ['IRSA elsewhere', GKE, WorkloadIdentity.awsIrsa(ROLE), `got "WorkloadIdentity.awsIrsa on gke, cloud google"; allowed: a cluster on AWS for it. ${FIX}`],
    ['Pod Identity without EKS', { cloud: Cloud.AWS }, WorkloadIdentity.awsPodIdentity(), `got "WorkloadIdentity.awsPodIdentity on kubeadm, cloud aws"; allowed: an EKS cluster for it. ${FIX}`],
    ['GKE elsewhere', EKS, WorkloadIdentity.gke(), `got "WorkloadIdentity.gke on eks, cloud aws"; allowed: a GKE cluster for it. ${FIX}`],
    ['Azure elsewhere', {}, WorkloadIdentity.azure(GUID), `got "WorkloadIdentity.azure on kubeadm, cloud none"; allowed: a cluster on Azure for it. ${FIX}`],
    ['an ARN alone', EKS, ROLE, `got "${ROLE}"; allowed: a WorkloadIdentity. Take, for instance, WorkloadIdentity.awsPodIdentity().`],
  ])('%s', (_what, profile, identity, message) => {
    const { app, workload } = shop(new ClusterProfile({ name: 'prod', ...profile }));
    const before = written(app);
    expect(refusal(() => workload('web', { workloadIdentity: identity }))).toBe(`[c/shop/web] workloadIdentity: ${message}`);
    expect(written(app)).toEqual(before);
  });
});

describe('a value of the wrong form is refused', () => {
  const ARN = 'allowed: the ARN of an IAM role. Copy it from IAM: arn:aws:iam::111122223333:role/shop-web.';
  const MAIL = 'allowed: name@project.iam.gserviceaccount.com. Make a service account for this workload: the default ones of a project are shared.';
  const CLIENT = 'allowed: a GUID. Copy the client id (not the object id) of the application or managed identity.';
  test.each<[string, () => WorkloadIdentity, string]>([
    ['a role\'s name', () => WorkloadIdentity.awsIrsa('web'), `[WorkloadIdentity.awsIrsa] roleArn: got "web"; ${ARN}`],
    ['a user\'s ARN', () => WorkloadIdentity.awsIrsa('arn:aws:iam::111122223333:user/web'), `[WorkloadIdentity.awsIrsa] roleArn: got "arn:aws:iam::111122223333:user/web"; ${ARN}`],
    ['an account of eleven digits', () => WorkloadIdentity.awsIrsa('arn:aws:iam::11112222333:role/web'), `[WorkloadIdentity.awsIrsa] roleArn: got "arn:aws:iam::11112222333:role/web"; ${ARN}`],
    ['no text', () => WorkloadIdentity.awsIrsa(7 as any), `[WorkloadIdentity.awsIrsa] roleArn: got 7; ${ARN}`],
    ['what Terraform makes', () => WorkloadIdentity.awsIrsa('${TfToken[TOKEN.3]}'),
      '[WorkloadIdentity.awsIrsa] roleArn: got "(a value that is not known until Terraform applies it)"; allowed: literal text. Give it literally: manifests are written before Terraform runs.'],
    ['a default service account', () => WorkloadIdentity.gke({ serviceAccountEmail: '123-compute@developer.gserviceaccount.com' }),
      `[WorkloadIdentity.gke] serviceAccountEmail: got "123-compute@developer.gserviceaccount.com"; ${MAIL}`],
    ['a person', () => WorkloadIdentity.gke({ serviceAccountEmail: 'ann@example.com' }), `[WorkloadIdentity.gke] serviceAccountEmail: got "ann@example.com"; ${MAIL}`],
    ['an e-mail address in place of options', () => WorkloadIdentity.gke(EMAIL as any),
      `[WorkloadIdentity.gke] props: got "${EMAIL}"; allowed: an object with serviceAccountEmail, autopilot, exception. Write it like { serviceAccountEmail: … }.`],
    ['a client\'s name', () => WorkloadIdentity.azure('web'), `[WorkloadIdentity.azure] clientId: got "web"; ${CLIENT}`],
    ['a tenant\'s domain', () => WorkloadIdentity.azure(GUID, { tenantId: 'acme.onmicrosoft.com' }),
      '[WorkloadIdentity.azure] tenantId: got "acme.onmicrosoft.com"; allowed: a GUID. Copy it from Entra ID, or leave it out to take the cluster\'s.'],
  ])('%s', (_what, make, message) => {
    expect(refusal(make)).toBe(message);
  });
});
