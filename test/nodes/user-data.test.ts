import { createHash } from 'crypto';
import { gunzipSync } from 'zlib';
import * as fc from 'fast-check';
import { workerRole } from './node-app';
import { Cloud } from '../../src/core/cloud';
import { checkUserDataSize, gzipUserData, userDataLimit } from '../../src/nodes/user-data';

test('AWS takes 16 KiB and Hetzner 32 KiB', () => {
  expect([userDataLimit(Cloud.AWS), userDataLimit(Cloud.HETZNER), userDataLimit(Cloud.NONE)]).toEqual([16384, 32768, undefined]);
});

test('the gzip header carries neither a time nor an operating system', () => {
  const header = gzipUserData('#cloud-config\n').subarray(0, 10);
  expect([...header]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
});

test('the same text makes the same bytes on every machine and with every build of zlib', () => {
  const text = Array.from({ length: 500 }, (_, i) => `- path: /etc/example/${i * 7919 % 500}.conf # ${'é'.repeat(i % 5)}\n`).join('');
  expect(createHash('sha256').update(gzipUserData(text)).digest('hex')).toBe('74db71a276d57b8179b1e31223b68d002345d15122151be52686aaf0e5a82b6c');
});

test('it is compressed: repetition takes no room', () => {
  expect(gzipUserData('x'.repeat(100_000)).length).toBeLessThan(200);
});

test('what was compressed comes back', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(gunzipSync(gzipUserData(text)).toString('utf8')).toBe(Buffer.from(text, 'utf8').toString('utf8'));
  }));
});

test('user data at the limit passes; one byte more is refused, and the error says by how much', () => {
  const role = workerRole();
  expect(() => checkUserDataSize('é'.repeat(50), 100, role)).not.toThrow();
  expect(() => checkUserDataSize('é'.repeat(52), 100, role)).toThrow(new Error(
    '[worker] user data: got "104 bytes"; allowed: at most 100 bytes; it is 4 bytes too large. '
    + 'Bake files into the image with the role\'s install.sh and DESTDIR, and leave NodeRenderer.cloudInit() out of renderers; or split the role.'));
});
