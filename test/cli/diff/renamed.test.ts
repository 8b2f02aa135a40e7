import { compared, told } from './comparing';
import { Change } from '../../../src/cli/diff/change';

type Fields = Record<string, any>;

const pod = (spec: Fields) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec } },
});
const mount = (name: string, more: Fields = {}) => ({ name, mountPath: `/${more.at ?? 'h'}`, readOnly: more.readOnly ?? true });
const container = (name: string, more: Fields = {}) => ({ name, image: 'registry.example.com/app:1', ...more });
const withVolumes = (volumes: Fields[], volumeMounts: Fields[]) => pod({ volumes, containers: [container('app', { volumeMounts })] });
const hostPath = (name: string, path: string, more: Fields = {}) => withVolumes([{ name, hostPath: { path } }], [mount(name, more)]);

function ofControl(changes: readonly Change[], control: string): string[] {
  return told(changes.filter(({ rule, also = [] }) => [rule, ...also].includes(control))).map((each) => each.replace(/^(\w+) [\w-]+: ([^:]+):.*$/, '$1: $2'));
}

const volumes = (before: Fields, after: Fields) => ofControl(compared([before], [after]), 'host-path-volumes');
const privileged = (before: Fields, after: Fields) => ofControl(compared([before], [after]), 'privileged');
const capabilities = (before: Fields, after: Fields) => ofControl(compared([before], [after]), 'capabilities-baseline');

describe('a volume of the host by another name', () => {
  test('that shows less than before is stronger, and weaker the other way', () => {
    expect(volumes(hostPath('h', '/var/log'), hostPath('k', '/var/log/x'))).toEqual(['stronger: still not met']);
    expect(volumes(hostPath('k', '/var/log/x'), hostPath('h', '/var/log'))).toEqual(['weaker: still not met']);
    expect(compared([hostPath('h', '/var/log')], [hostPath('k', '/var/log/x')]).filter(({ verdict }) => verdict === 'weaker')).toEqual([]);
  });

  test('that shows the same is neither', () => {
    expect(volumes(hostPath('h', '/srv'), hostPath('k', '/srv/'))).toEqual([]);
    expect(volumes(hostPath('h', '/srv', { at: 'a' }), hostPath('k', '/srv', { at: 'a' }))).toEqual([]);
  });

  test.each<[string, Fields, Fields]>([
    ['another path', hostPath('h', '/srv/a'), hostPath('k', '/srv/b')],
    ['a path that only starts alike', hostPath('h', '/srv/a'), hostPath('k', '/srv/ab')],
    ['a path that steps back', hostPath('h', '/srv/a'), hostPath('k', '/srv/a/../../etc')],
    ['a place in the container that it was not at', hostPath('h', '/srv', { at: 'a' }), hostPath('k', '/srv', { at: 'b' })],
    ['one that can be written to', hostPath('h', '/srv'), hostPath('k', '/srv', { readOnly: false })],
    ['one more mount', hostPath('h', '/srv'), withVolumes([{ name: 'k', hostPath: { path: '/srv' } }], [mount('k'), mount('k', { at: 'b' })])],
    ['less of the host that can be written to', hostPath('h', '/srv'), hostPath('k', '/srv/a', { readOnly: false })],
    ['two where there was one', hostPath('h', '/srv'), withVolumes([{ name: 'k', hostPath: { path: '/srv' } }, { name: 'l', hostPath: { path: '/srv' } }], [mount('k')])],
    [
      'one beside another that stays, and is one no longer', withVolumes([{ name: 'h', hostPath: { path: '/srv' } }], [mount('h')]),
      withVolumes([{ name: 'h', emptyDir: {} }, { name: 'k', hostPath: { path: '/srv' } }], [mount('h'), mount('k', { at: 'b' })]),
    ],
  ])('is weaker with %s', (_name, before, after) => {
    expect(volumes(before, after).filter((each) => each.startsWith('weaker'))).toHaveLength(1);
  });
});

describe('a container by another name', () => {
  const rights = (name: string, securityContext: Fields, more: Fields = {}) => container(name, { securityContext, ...more });
  const open = { privileged: true };

  test('of the same image did not meet its controls before', () => {
    const [before, after] = [pod({ containers: [rights('a', open)] }), pod({ containers: [rights('b', open, { image: 'registry.example.com/app:2' })] })];
    expect(compared([before], [after]).filter(({ verdict }) => verdict !== 'neutral')).toEqual([]);
  });

  test('that may do more is weaker, and stronger the other way', () => {
    const adding = (name: string, ...add: string[]) => pod({ containers: [rights(name, { capabilities: { add } })] });
    const [few, many] = [adding('a', 'NET_ADMIN'), adding('b', 'NET_ADMIN', 'SYS_ADMIN')];
    expect(capabilities(few, many).filter((each) => each.startsWith('weaker'))).toHaveLength(1);
    expect(capabilities(many, few).filter((each) => each.startsWith('weaker'))).toEqual([]);
    expect(capabilities(adding('a', 'NET_ADMIN'), adding('b', 'SYS_ADMIN')).filter((each) => each.startsWith('weaker'))).toHaveLength(1);
  });

  test.each<[string, Fields[], Fields[]]>([
    ['another image', [rights('a', open)], [rights('b', open, { image: 'registry.example.com/other:1' })]],
    ['a container that stays', [rights('a', open), rights('b', {})], [rights('a', {}), rights('b', open)]],
    ['a container that stays without it', [rights('a', open)], [rights('a', {}), rights('b', open)]],
    ['two where there was one', [rights('a', open)], [rights('b', open), rights('c', open)]],
  ])('is weaker by %s', (_name, before, after) => {
    expect(privileged(pod({ containers: before }), pod({ containers: after })).filter((each) => each.startsWith('weaker'))).toHaveLength(1);
  });
});
