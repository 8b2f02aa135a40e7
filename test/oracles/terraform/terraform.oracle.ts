import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { sampleConfigurations } from './sample-stacks';
import { describeWith } from '../programs';

/** Terraform's complaints about a configuration. Without a provider it reads and decodes all of it, and then misses the provider. */
function complaints(program: string, configuration: unknown): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  try {
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(configuration));
    const { stdout } = spawnSync(program, ['validate', '-json'], { cwd: folder, encoding: 'utf8', env: { ...process.env, CHECKPOINT_DISABLE: '1' } });
    const { diagnostics } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    return diagnostics.filter(({ severity }: { severity: string }) => severity === 'error').map(({ summary }: { summary: string }) => summary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWith(['terraform'], 'Terraform', ({ terraform }) => {
  const { defaults, options } = sampleConfigurations();

  test.each(Object.entries({ ...defaults, ...options }))('it can read the stack %s, and only misses the provider', (_name, configuration) => {
    expect(complaints(terraform, configuration)).toEqual(['Missing required provider']);
  });

  test.each<[string, (network: any) => void, string]>([
    ['an output whose name is none', (network) => { network.output['1st'] = { value: 1 }; }, 'Invalid output name'],
    ['an unknown argument of a lifecycle', (network) => { Object.values<any>(network.resource.aws_default_network_acl)[0].lifecycle.ignore = []; },
      'Extraneous JSON object property'],
    ['a version that is none', (network) => { network.terraform.required_providers.aws.version = 'newest'; }, 'Invalid version constraint'],
  ])('it finds %s', (_what, plant, summary) => {
    const { network } = structuredClone(defaults);
    plant(network);
    expect(complaints(terraform, network)).toContain(summary);
  });
});
