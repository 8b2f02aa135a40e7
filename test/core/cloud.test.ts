import { Cidr } from '../../src/core/cidr';
import { Cloud, metadataCidrs } from '../../src/core/cloud';

test.each([
  [Cloud.AWS, ['169.254.169.254/32', 'fd00:ec2::254/128']],
  [Cloud.GOOGLE, ['169.254.169.254/32', 'fd20:ce::254/128']],
  [Cloud.AZURE, ['169.254.169.254/32', '168.63.129.16/32']],
  [Cloud.HETZNER, ['169.254.169.254/32']],
  [Cloud.ALIBABA, ['169.254.169.254/32', '100.100.100.200/32']],
  [Cloud.OPENSTACK, ['169.254.169.254/32', 'fe80::a9fe:a9fe/128']],
])('on %s instance metadata is served at %j', (cloud, addresses) => {
  expect(metadataCidrs(cloud)).toEqual(addresses);
});

test('where no cloud is named the addresses of every cloud stay closed', () => {
  for (const cloud of Object.values(Cloud)) {
    expect(metadataCidrs(Cloud.NONE)).toEqual(expect.arrayContaining(metadataCidrs(cloud)));
  }
  expect(new Set(metadataCidrs(Cloud.NONE)).size).toBe(metadataCidrs(Cloud.NONE).length);
});

test('each is one address in canonical form', () => {
  for (const address of metadataCidrs(Cloud.NONE)) {
    expect(Cidr.of(address).toString()).toBe(address);
    expect(address).toMatch(/\/(32|128)$/);
  }
});

test('what hands out a pod\'s own credentials stays reachable', () => {
  expect(metadataCidrs(Cloud.NONE)).not.toContain('169.254.170.23/32');
});
