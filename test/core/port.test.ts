import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { checkPort, checkPorts, Port, TransportProtocol } from '../../src/core/port';

test('a port knows its protocol and reads as people write it', () => {
  expect(Port.tcp(443).toString()).toBe('TCP 443');
  expect(Port.udp(53).toString()).toBe('UDP 53');
  expect(Port.sctp(3868).toString()).toBe('SCTP 3868');
  expect(Port.tcpRange(30000, 32767).toString()).toBe('TCP 30000-32767');
  expect(Port.udpRange(51820, 51821).toString()).toBe('UDP 51820-51821');
  expect(Port.udp(53).protocol).toBe(TransportProtocol.UDP);
});

test('a range of one port is that port', () => {
  expect(Port.tcpRange(443, 443).toString()).toBe('TCP 443');
});

test.each([0, -1, 65536, 1.5, NaN, Infinity])('%s is no port', (port) => {
  const message = `port: got ${port}; allowed: a whole number from 1 to 65535. Give the port that the program listens on.`;
  expect(messageOf(() => Port.tcp(port))).toBe(message);
  expect(messageOf(() => Port.udp(port))).toBe(message);
  expect(messageOf(() => Port.sctp(port))).toBe(message);
  expect(messageOf(() => Port.tcpRange(port, 443))).toBe(message);
  expect(messageOf(() => Port.udpRange(1, port))).toBe(message);
});

test('a port is a number, not a string of digits', () => {
  expect(messageOf(() => checkPort('443', 'port', 'shop/web')))
    .toBe('[shop/web] port: got "443"; allowed: a whole number from 1 to 65535. Give the port that the program listens on.');
});

test.each([443, '443', undefined, null, {}, { protocol: 'TCP' }])('%j is no port where a Port is expected: in a policy it would be every port', (port) => {
  expect(messageOf(() => checkPorts([Port.tcp(1), port as Port], 'ports', 'shop/web'))).toBe(
    `[shop/web] ports: got ${JSON.stringify(port)}; allowed: values of Port. Give each port as such, for instance Port.tcp(443).`);
});

test('a range that ends before it begins is refused', () => {
  expect(messageOf(() => Port.tcpRange(2, 1))).toBe('port: got "2-1"; allowed: a range whose last port is not below the first. Swap the two.');
});

test('a port cannot be changed afterwards', () => {
  const port = Port.tcp(443);
  expect(() => Object.assign(port, { first: 1 })).toThrow(TypeError);
  expect(port.first).toBe(443);
});

test('every whole number from 1 to 65535 is a port', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 65535 }), (port) => {
    expect(Port.tcp(port).first).toBe(port);
    expect(Port.tcp(port).last).toBe(port);
  }));
});
