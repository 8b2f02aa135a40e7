import * as fc from 'fast-check';
import { Fields, fields, oneOf, sometimes, weighted, when } from './arbitraries';
import { GeneratorOptions, supports } from './options';

/** Paths of the node from harmless to fatal, and spellings of the same that a plain comparison misses. */
export const HOST_PATHS = [
  '/var/log', '/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock', '/var/run/crio/crio.sock', '/run/cri-dockerd.sock', '/', '/etc',
  '/etc/kubernetes', '/var/lib/kubelet', '/var/lib/etcd', '/proc', '/sys', '/dev', '/root', '/boot', '/srv/data', 'relative/path',
  '/var/run/docker.sock/', '/var//run/docker.sock', '/var/run/./docker.sock', '//', '/VAR/RUN/docker.sock',
];
const HOST_PATH_TYPES = ['', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'];

const items = sometimes(20, oneOf<Fields[]>([{ key: 'a', path: 'a' }], [{ key: '.x', path: 'dir/x', mode: 0o400 }]));
const mode = sometimes(15, oneOf(0o400, 0o644, 0o777));
const accessModes = oneOf(['ReadWriteOnce'], ['ReadWriteMany', 'ReadOnlyMany']);
const downwardItems = oneOf<Fields[]>(
  [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }],
  [{ path: 'name', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' }, mode: 0o444 }],
);

/** Where volumes come from in-tree drivers that have moved to CSI: all are outside of PSS restricted, and still valid. */
export const LEGACY_SOURCES: Fields[] = [
  { awsElasticBlockStore: { volumeID: 'vol-0' } },
  { azureDisk: { diskName: 'disk', diskURI: '/subscriptions/s/disk', kind: 'Managed' } },
  { azureFile: { secretName: 'azure', shareName: 'share' } },
  { cephfs: { monitors: ['192.0.2.1:6789'] } },
  { cinder: { volumeID: 'vol-0' } },
  { fc: { wwids: ['3600508b400105e210000900000490000'] } },
  { flexVolume: { driver: 'example.com/driver', options: { a: 'b' } } },
  { flocker: { datasetName: 'data' } },
  { gcePersistentDisk: { pdName: 'disk' } },
  { glusterfs: { endpoints: 'gluster', path: 'vol' } },
  { photonPersistentDisk: { pdID: 'disk' } },
  { portworxVolume: { volumeID: 'vol-0' } },
  { quobyte: { registry: '192.0.2.1:7861', volume: 'vol' } },
  { rbd: { monitors: ['192.0.2.1:6789'], image: 'image' } },
  { scaleIO: { gateway: 'https://192.0.2.1', system: 'sio', secretRef: { name: 'sio' }, volumeName: 'vol' } },
  { storageos: { volumeName: 'vol' } },
  { vsphereVolume: { volumePath: '[store] disk' } },
];

function projected(options: GeneratorOptions): fc.Arbitrary<Fields> {
  const sources: [number, Fields | fc.Arbitrary<Fields>][] = [
    [40, fields({
      serviceAccountToken: fields({ path: fc.constant('token'), audience: sometimes(50, oneOf('vault', '')), expirationSeconds: sometimes(60, oneOf(600, 3600)) }),
    })],
    [20, fields({ configMap: fields({ name: fc.constant('kube-root-ca.crt'), items: sometimes(50, fc.constant([{ key: 'ca.crt', path: 'ca.crt' }])) }) })],
    [20, fields({ secret: fields({ name: fc.constant('tls'), items: sometimes(50, fc.constant([{ key: 'tls.crt', path: 'tls.crt' }])), optional: sometimes(20, fc.boolean()) }) })],
    [15, { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } }],
  ];
  if (supports(options, 'trustBundleVolumes')) {
    sources.push([8, { clusterTrustBundle: { name: 'bundle', path: 'bundle.pem', optional: true } }]);
  }
  if (supports(options, 'podCertificateVolumes')) {
    sources.push([8, { podCertificate: { signerName: 'example.com/signer', keyType: 'ED25519', credentialBundlePath: 'credentials.pem' } }]);
  }
  return fields({
    projected: fields({
      sources: fc.uniqueArray(weighted<Fields>(...sources), { minLength: 0, maxLength: 3, selector: (source) => Object.keys(source)[0] }),
      defaultMode: mode,
    }),
  });
}

/** The source of a volume; an empty one is an emptyDir by default. */
export function volumeSource(options: GeneratorOptions): fc.Arbitrary<Fields> {
  return weighted<Fields>(
    [18, fields({ emptyDir: fields({ medium: sometimes(30, oneOf('Memory', '', 'HugePages')), sizeLimit: sometimes(30, oneOf<string | number>('64Mi', 1048576, '1e9', 0)) }) })],
    [6, {}],
    [15, fields({ configMap: fields({ name: oneOf('flags', 'dotted.name'), items, defaultMode: mode, optional: sometimes(20, fc.boolean()) }) })],
    [15, fields({ secret: fields({ secretName: oneOf('tls', 'db'), items, defaultMode: mode, optional: sometimes(20, fc.boolean()) }) })],
    [10, projected(options)],
    [6, fields({ downwardAPI: fields({ items: downwardItems, defaultMode: mode }) })],
    [9, fields({ persistentVolumeClaim: fields({ claimName: oneOf('data', 'other.claim'), readOnly: sometimes(30, fc.boolean()) }) })],
    [4, fields({ csi: fields({ driver: oneOf('secrets-store.csi.k8s.io', 'csi.example.com'), readOnly: sometimes(50, fc.boolean()), volumeAttributes: sometimes(40, fc.constant({ a: 'b' })) }) })],
    [4, fields({
      ephemeral: fields({
        volumeClaimTemplate: fields({
          metadata: sometimes(30, fc.constant({ labels: { tier: 'scratch' } })),
          spec: fc.record({ accessModes, resources: fc.constant({ requests: { storage: '1Gi' } }) }),
        }),
      }),
    })],
    [3, fields({ hostPath: fields({ path: oneOf(...HOST_PATHS), type: sometimes(50, oneOf(...HOST_PATH_TYPES)) }) })],
    [0.5, fields({ nfs: fields({ server: fc.constant('nfs.example.com'), path: fc.constant('/exports'), readOnly: sometimes(30, fc.boolean()) }) })],
    [0.5, { iscsi: { targetPortal: '192.0.2.1:3260', iqn: 'iqn.2001-04.com.example:storage.disk1', lun: 0 } }],
    [0.4, { gitRepo: { repository: 'https://git.example.com/repo.git', revision: 'main', directory: 'src' } }],
    [supports(options, 'imageVolumes') ? 0.7 : 0, fields({ image: fields({ reference: oneOf('registry.example/model:1', 'registry.example/model:latest'), pullPolicy: sometimes(50, oneOf('Always', 'IfNotPresent')) }) })],
    [1.6, oneOf(...LEGACY_SOURCES)],
  );
}

/** Where a container mounts a volume, which is given by its place among the pod's. */
export function mount(options: GeneratorOptions): fc.Arbitrary<{ volume: number; mount: Fields }> {
  return fc.record({
    volume: fc.nat(4),
    mount: fields({
      mountPath: oneOf('/data', '/tmp', '/var/cache/app', '/etc/app', '/var/run/docker.sock', '/', 'relative', 'C:\\data', '/var/run/secrets/kubernetes.io/serviceaccount'),
      readOnly: sometimes(40, fc.boolean()),
      subPath: sometimes(12, oneOf('sub', 'a/b.conf', '')),
      subPathExpr: sometimes(4, oneOf('$(POD_NAME)', 'logs/$(POD_NAME)')),
      mountPropagation: sometimes(15, oneOf('None', 'HostToContainer', 'Bidirectional', 'Bidirectional')),
      recursiveReadOnly: when(supports(options, 'recursiveReadOnly'), sometimes(4, oneOf('Disabled', 'IfPossible', 'Enabled'))),
    }).map((each) => each.subPath ? { ...each, subPathExpr: undefined } : each),
  });
}
