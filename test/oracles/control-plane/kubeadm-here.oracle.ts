import { symlinkSync } from 'fs';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, MEMBERS } from '../../control-plane/cluster';
import { describeWith, programPath } from '../programs';
import { Machine, run } from './machine';

const HERE = '/usr/local/sbin/kubeadm-here';
const [{ name, address }] = MEMBERS;

describeWith(['shellcheck'], 'shellcheck', ({ shellcheck }) => {
  test.each(['1.30', '1.37'])('has nothing to say about kubeadm-here for %s', (minor) => {
    const { content } = cluster({ kubernetesVersion: KubernetesVersion.of(minor) }).nodes.files.find(({ path }) => path === HERE)!;

    expect(run(shellcheck, ['--enable=all', '--exclude=SC2250,SC2310,SC2312', '-'], content)).toBe('');
  });
});

describe.each([['1.37.1', 'kubeadm'], ['1.33.13', 'kubeadm@1.33'], ['1.30.5', 'kubeadm@1.33']] as const)('the configuration that kubeadm-here makes for %s', (release, program) => {
  describeWith([program, 'ip', 'unshare'], `on a machine with interfaces and a host name of its own, for ${program}`, () => {
    const made = cluster({ kubernetesVersion: KubernetesVersion.of(release.replace(/\.\d+$/, '')) }, { kubernetesRelease: release });
    const machine = new Machine().add(made.nodes);
    machine.write('/made/keep', '', '0700');
    machine.write('/bin/keep', '');
    afterAll(() => machine.remove());
    /** With kubeadm, or what stands for it, in a machine of that name and with these addresses. */
    const on = (host: string, addresses: string[], words: string, kubeadm = `for file in "$@"; do :; done; cp "$file" ${machine.path('/kept.yaml')}`) => {
      machine.write('/bin/kubeadm', `#!/bin/sh\n${kubeadm}\n`);
      run('chmod', ['0700', machine.path('/bin/kubeadm')]);
      return run('unshare', ['--map-root-user', '--net', '--uts', 'sh', '-euc', [
        `hostname ${host}.example`, 'ip link add eth0 type bridge', ...addresses.map((each) => `ip address add ${each}/24 dev eth0`),
        'ip link set eth0 up', `ip route add default via ${addresses[0].replace(/\d+$/, '2')}`,
        `PATH=${machine.path('/bin')}:$PATH TMPDIR=${machine.root} KUBEADM_INIT_DRYRUN_DIR=${machine.path('/made')} ${machine.path(HERE)} ${words}`,
      ].join('\n')]);
    };
    const real = `exec ${machine.path('/real-kubeadm')} "$@"`;
    symlinkSync(programPath(program), machine.path('/real-kubeadm'));

    test('is one that kubeadm takes', () => {
      for (const word of ['init', 'join']) {
        machine.write('/etc/kubernetes/kubeadm/discovery.conf', '');
        on(name, ['10.0.2.15', address], word);
        // A version that it installs: what is looked at is the API.
        const completed = machine.read('/kept.yaml').replace('v1.30.5', 'v1.33.13');
        const validate = (yaml: string) => run(programPath(program), ['config', 'validate', '--config', machine.write('/completed.yaml', yaml)]);

        expect(completed).toContain(`advertiseAddress: "${address}"`);
        expect(validate(completed)).toContain('ok');
        expect(() => validate(completed.replace('kubeletExtraArgs', 'kubeletArgs'))).toThrow(release === '1.30.5' ? /unknown field|unmarshal/ : 'unknown field');
      }
    });

    test('is refused on another machine, and on one that lost the address', () => {
      expect(() => on('web', [address], 'init')).toThrow('no machine of the control plane is called web');
      expect(() => on(name, ['10.0.16.111'], 'init')).toThrow(`this machine does not have the address of ${name}, ${address}`);
    });

    if (release !== '1.30.5') {
      const namesOf = (certificate: string) => run('openssl', ['x509', '-in', machine.path(`/etc/kubernetes/pki/${certificate}.crt`), '-noout', '-ext', 'subjectAltName']);

      test('has kubeadm plan for that address: in certificates, for etcd, for the API server, and for the kubelet', () => {
        for (const phase of ['certs all', 'etcd local --dry-run', 'control-plane apiserver --dry-run', 'kubelet-start --dry-run']) {
          on(name, ['10.0.2.15', address], `init phase ${phase}`, real);
        }

        expect(namesOf('apiserver')).toContain(`IP Address:${address}`);
        expect(namesOf('etcd/server')).toMatch(new RegExp(`DNS:${name}, .*IP Address:${address}`));
        expect(machine.read('/made/etcd.yaml')).toContain(`--initial-cluster=${name}=https://${address}:2380`);
        expect(machine.read('/made/kube-apiserver.yaml')).toContain(`--advertise-address=${address}\n`);
        expect(machine.read('/made/kubeadm-flags.env')).toContain(`--node-ip=${address}`);
      });

      test('whereas kubeadm by itself plans for the network with the default route', () => {
        run('rm', ['-rf', machine.path('/etc/kubernetes/pki')]);
        on(name, ['10.0.2.15', address], 'init phase certs all', `exec ${machine.path('/real-kubeadm')} init phase certs all --config ${machine.path('/etc/kubernetes/kubeadm/init.yaml')}`);

        expect(namesOf('apiserver')).not.toContain(address);
        expect(namesOf('apiserver')).toContain('IP Address:10.0.2.15');
      });
    }
  });
});
