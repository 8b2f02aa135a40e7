import { workerRole } from './node-app';
import { NodeFileKind } from '../../src/core/node-file';
import { NodeRenderer } from '../../src/nodes/node-renderer';
import { renderNodeRole } from '../../src/nodes/render-node-role';

test('a role is written below its own folder, in all of its forms', () => {
  const role = workerRole();
  role.addFile({ path: '/etc/motd', content: 'hello\n' });
  expect(renderNodeRole(role).map((file) => file.path)).toEqual([
    'worker/cloud-init.yaml', 'worker/files/etc/motd', 'worker/install.sh', 'worker/manifest.json',
  ]);
});

test('only the chosen forms are written', () => {
  const role = workerRole({ renderers: [NodeRenderer.cloudInit()] });
  role.addFile({ path: '/etc/motd', content: 'hello\n' });
  expect(renderNodeRole(role).map((file) => file.path)).toEqual(['worker/cloud-init.yaml']);
});

test('the order in which files were added changes no byte', () => {
  const build = (paths: string[]) => {
    const role = workerRole();
    paths.forEach((path) => role.addFile({ path, content: path, kind: NodeFileKind.RESTRICTED }));
    return renderNodeRole(role);
  };
  expect(build(['/etc/b', '/etc/a', '/etc/c'])).toEqual(build(['/etc/c', '/etc/a', '/etc/b']));
});
