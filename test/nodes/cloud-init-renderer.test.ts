import * as fc from 'fast-check';
import { parse } from 'yaml';
import { nodeApp, workerRole } from './node-app';
import { Cloud } from '../../src/core/cloud';
import { NodeFileKind } from '../../src/core/node-file';
import { NodeKind } from '../../src/core/node-kind';
import { renderCloudInit, renderCloudInitFiles } from '../../src/nodes/cloud-init-renderer';
import { NodeRole } from '../../src/nodes/node-role';

interface CloudConfig {
  readonly write_files?: { path: string; owner: string; permissions: unknown; content: string; encoding?: string; defer?: boolean }[];
  readonly packages?: string[];
  readonly runcmd?: (string | string[])[];
}

function read(role: NodeRole): CloudConfig {
  return parse(renderCloudInit(role), { version: '1.1' });
}

function contentOf(file: { content: string; encoding?: string }): string {
  return file.encoding === 'b64' ? Buffer.from(file.content, 'base64').toString('utf8') : file.content;
}

/** Noise of bytes that compress badly. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => String.fromCharCode(33 + ((state = (state * 48271) % 2147483647) % 90))).join('');
}

describe('cloud-init user data', () => {
  test('begins with the line by which cloud-init knows it', () => {
    expect(renderCloudInit(workerRole())).toMatch(/^#cloud-config\n/);
  });

  test('permissions are a string: cloud-init reads an integer as decimal', () => {
    const role = workerRole();
    role.addFile({ path: '/etc/a', content: 'x', kind: NodeFileKind.RESTRICTED });
    expect(read(role).write_files).toEqual([{ path: '/etc/a', owner: 'root:root', permissions: '0600', content: 'x' }]);
  });

  test('root\'s files are written before packages, those of other owners and groups after them', () => {
    const role = workerRole();
    role.addFile({ path: '/etc/a', content: '', owner: 'etcd' });
    role.addFile({ path: '/etc/b', content: '', group: 'etcd' });
    role.addFile({ path: '/etc/c', content: '' });
    expect(read(role).write_files!.map(({ path, defer }) => [path, defer])).toEqual([['/etc/c', undefined], ['/etc/a', true], ['/etc/b', true]]);
  });

  test('commands run in order under bash, and the first that fails is the last', () => {
    const role = workerRole();
    role.addCommand('echo "${HOME}" | cat');
    role.addCommand('true');
    expect(read(role).runcmd).toEqual(['set -e', ['bash', '-euo', 'pipefail', '-c', 'echo "${HOME}" | cat'], ['bash', '-euo', 'pipefail', '-c', 'true']]);
  });

  test('an empty role is valid user data', () => {
    expect(renderCloudInit(workerRole())).toBe('#cloud-config\n{}\n');
  });

  test.each([
    ['interpolation', 'a: ${HOME} $(reboot) `x` {{ ds.meta_data }}\n'],
    ['quotes', '"a" \'b\' \\ \\n\n'],
    ['CRLF', 'a\r\nb\r\n'],
    ['a lone CR', 'a\rb'],
    ['no newline at the end', 'last line'],
    ['several newlines at the end', 'last line\n\n\n'],
    ['leading blanks', '  - a\n b\n'],
    ['trailing blanks', 'a  \n\t\n'],
    ['document markers', '---\n...\n#cloud-config\n'],
    ['what YAML 1.1 takes for something else', '0600'],
    ['yes', 'yes'],
    ['nothing', ''],
    ['Unicode', 'größe 安全 💩\n'],
    ['Unicode line breaks', 'a\u0085b\u2028c\u2029d\n'],
    ['a byte order mark', '\ufeffa\n'],
    ['control characters', '\0\u0007\u001b[31m\u007f\u009b\n'],
  ])('carries %s byte for byte', (_, content) => {
    const role = workerRole();
    role.addFile({ path: '/etc/a', content });
    expect(contentOf(read(role).write_files![0])).toBe(content);
  });

  test('carries any text byte for byte', () => {
    const pieces = ['\n', '\r\n', ' ', '\t', ':', '- ', '#', '"', '\'', '\\', '|', '>', '%', '@', '&', '*', '!', '?', '{', '[', '---', '...', '\u0085', '\u2028', '\ufeff', '0'];
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 }))).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (content) => {
      const role = workerRole();
      role.addFile({ path: '/etc/a', content });
      expect(contentOf(read(role).write_files![0])).toBe(content);
    }), { numRuns: 500 });
  });

  test('text that cloud-init\'s parser would change travels as base64, other text stays readable', () => {
    const role = workerRole();
    role.addFile({ path: '/etc/a', content: 'next\u0085line' });
    role.addFile({ path: '/etc/b', content: 'größe\r\n' });
    expect(read(role).write_files!.map((file) => file.encoding)).toEqual(['b64', undefined]);
  });
});

describe('the limit of user data', () => {
  const roleOn = (cloud: Cloud, content: string) => {
    const role = new NodeRole(nodeApp({ cloud }), 'worker', { kind: NodeKind.WORKER });
    role.addFile({ path: '/etc/a', content });
    return role;
  };

  test('user data that fits is written as text alone', () => {
    expect(renderCloudInitFiles(roleOn(Cloud.AWS, 'a\n')).map((file) => file.path)).toEqual(['cloud-init.yaml']);
  });

  test('user data that fits only compressed is written in both forms', () => {
    const files = renderCloudInitFiles(roleOn(Cloud.AWS, 'line\n'.repeat(10_000)));
    expect(files.map((file) => file.path)).toEqual(['cloud-init.yaml', 'cloud-init.yaml.gz']);
    expect(files[1].content.length).toBeLessThan(16384);
  });

  test('user data that doesn\'t fit even compressed is refused, and the error says by how much', () => {
    expect(() => renderCloudInitFiles(roleOn(Cloud.AWS, noise(30_000)))).toThrow(
      /^\[worker\] user data: got "(\d+) bytes compressed"; allowed: at most 16384 bytes; it is \d+ bytes too large\. /);
  });

  test('what is too large for AWS fits where the platform takes more, or none is known', () => {
    expect(renderCloudInitFiles(roleOn(Cloud.HETZNER, noise(30_000)))).toHaveLength(1);
    expect(renderCloudInitFiles(roleOn(Cloud.NONE, noise(100_000)))).toHaveLength(1);
  });

  test('a stated limit takes precedence over the cloud\'s', () => {
    const role = roleOn(Cloud.NONE, 'line\n'.repeat(100));
    expect(renderCloudInitFiles(role, 400).map((file) => file.path)).toEqual(['cloud-init.yaml', 'cloud-init.yaml.gz']);
    expect(() => renderCloudInitFiles(role, 10)).toThrow(/allowed: at most 10 bytes; it is \d+ bytes too large/);
  });
});
