import { ApiObject, JsonPatch } from 'cdk8s';
import { Container, Env, EnvFieldPaths, EnvValue, Secret } from 'cdk8s-plus-28';
import { unresolvedReferences } from '../../../src/workloads/pod/variable-references';
import { SecureWorkloadProps } from '../../../src/workloads/secure-workload-props';
import { find, shop } from '../fixtures';

const SECRET_ENV = { DB_PASSWORD: { secretName: 'db', key: 'password' } };
const of = (props: Partial<SecureWorkloadProps>) => unresolvedReferences(shop().workload('web', props).resource);
const words = (place: string, name: string) => `${place}: got "$(${name})"; allowed: references to variables of the container, in env to earlier ones. `
  + `Set ${name} in env or secretEnv, before it is used (the kubelet doesn't know the image's own variables), or write $$(${name}) for the text itself.`;

describe('a reference that the kubelet can\'t resolve', () => {
  test.each<[string, Partial<SecureWorkloadProps>, string, string]>([
    ['to a misspelt variable, in a value', { env: { DB: 'postgres://app:$(DB_PASSWRD)@db' }, secretEnv: SECRET_ENV }, 'env.DB', 'DB_PASSWRD'],
    ['to a misspelt variable, in an argument', { args: ['serve', '--password=$(DB_PASSWRD)'], secretEnv: SECRET_ENV }, 'args[1]', 'DB_PASSWRD'],
    ['in a command', { command: ['/bin/serve', '$(PORT)'] }, 'command[1]', 'PORT'],
    ['to a variable of the image', { env: { PATH: '/opt/bin:$(PATH)' } }, 'env.PATH', 'PATH'],
    ['to a later variable', { env: { URL: 'http://$(HOST)', HOST: 'web' } }, 'env.URL', 'HOST'],
    ['to a later variable in lower case', { env: { url: 'http://$(host)', host: 'web' } }, 'env.url', 'host'],
    ['beside an escaped one', { args: ['$$(A) $(A)'] }, 'args[0]', 'A'],
    ['after an escaped dollar', { args: ['$$$(A)'] }, 'args[0]', 'A'],
  ])('%s is said to be one', (_what, props, place, name) => {
    expect(of(props)).toEqual([words(place, name)]);
  });

  test('fails the synth, with the workload\'s path', () => {
    const { app, workload } = shop();
    workload('web', { args: ['--port=$(PORT)'] });
    expect(() => app.synthYaml()).toThrow(`[c/shop/web] ${words('args[0]', 'PORT')}`);
  });
});

describe('no problem', () => {
  test.each<[string, Partial<SecureWorkloadProps>]>([
    ['a variable from a Secret, in a value', { env: { DB: 'postgres://app:$(DB_PASSWORD)@db' }, secretEnv: SECRET_ENV }],
    ['a variable from a Secret, in an argument', { args: ['--password=$(DB_PASSWORD)'], secretEnv: SECRET_ENV }],
    ['an earlier variable', { env: { HOST: 'web', URL: 'http://$(HOST)' } }],
    ['any variable, in an argument', { args: ['$(URL)'], env: { URL: 'http://web' } }],
    ['the address of the API server', { args: ['https://$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)'] }],
    ['an escaped reference', { args: ['echo $$(HOME)', '$$$$(HOME)'] }],
    ['commands of a shell', { command: ['sh', '-c', 'echo $(date) $(nproc) $(cat /run/x) ${HOME} $HOME $((1+1)) $('] }],
  ])('in %s', (_what, props) => {
    expect(of(props)).toEqual([]);
  });

  test('in a variable that is added later', () => {
    const { app, workload } = shop();
    const { resource } = workload('web', { args: ['--ip=$(POD_IP)'] });
    resource.containers[0].env.addVariable('POD_IP', EnvValue.fromFieldRef(EnvFieldPaths.POD_IP));
    expect(unresolvedReferences(resource)).toEqual([]);
    expect(find(app, 'Deployment').spec.template.spec.containers[0].args).toEqual(['--ip=$(POD_IP)']);
  });

  test('in a variable that a patch adds', () => {
    const { resource } = shop().workload('web', { args: ['--zone=$(ZONE)'] });
    ApiObject.of(resource).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/env', [{ name: 'ZONE', value: 'a' }]));
    expect(unresolvedReferences(resource)).toEqual([]);
  });

  test('where variables come from a whole Secret, whose keys nobody knows here', () => {
    const { chart, workload } = shop();
    const { resource } = workload('web', { args: ['$(TOKEN)'] });
    resource.containers[0].env.copyFrom(Env.fromSecret(Secret.fromSecretName(chart, 'whole', 'whole')));
    expect(unresolvedReferences(resource)).toEqual([]);
  });
});

test('containers that are added later are looked at too', () => {
  const { resource } = shop().workload('web');
  const sidecar: Container = resource.addContainer({ image: 'x', args: ['$(PORT)'], name: 'sidecar' });
  expect(unresolvedReferences(resource)).toEqual([words('args[0]', 'PORT')]);
  sidecar.env.addVariable('PORT', EnvValue.fromValue('1'));
  expect(unresolvedReferences(resource)).toEqual([]);
});
