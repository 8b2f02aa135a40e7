import { readFileSync } from 'fs';
import fc from 'fast-check';
import { shownUnless } from '../../../src/cli/diff/shown-value';
import { hidesOfTerraform } from '../../../src/cli/diff/terraform-secrets';

/** What `terraform providers schema -json` printed for the AWS provider. It is no part of the project. */
const FILE = process.env.AWS_PROVIDER_SCHEMA;

interface Attribute { readonly type: unknown; readonly sensitive?: boolean }
interface Block { readonly attributes?: Record<string, Attribute>; readonly block_types?: Record<string, { readonly block: Block }> }
interface Place { readonly name: string; readonly steps: readonly string[]; readonly isSensitive: boolean }

function places(name: string, { attributes = {}, block_types: blocks = {} }: Block, above: readonly string[] = []): Place[] {
  return [
    ...Object.entries(attributes).filter(([, { type }]) => JSON.stringify(type).includes('string'))
      .map(([attribute, { sensitive = false }]) => ({ name, steps: [...above, attribute], isSensitive: sensitive })),
    ...Object.entries(blocks).flatMap(([nested, { block }]) => places(name, block, [...above, nested])),
  ];
}

function allPlaces(): Place[] {
  const [provider] = Object.values<Record<string, Record<string, { block: Block }>>>(JSON.parse(readFileSync(FILE!, 'utf8')).provider_schemas);
  return ([['resource_schemas', ''], ['data_source_schemas', 'data.']] as const)
    .flatMap(([key, prefix]) => Object.entries(provider[key]).flatMap(([type, { block }]) => places(`${prefix}${type}.a`, block)));
}

function isShown({ name, steps }: Place, value: unknown): boolean {
  return shownUnless(hidesOfTerraform(name, []), value, steps, steps[steps.length - 1]).includes('bluewhale');
}

(FILE === undefined ? describe.skip : describe)('every text of the AWS provider (needs AWS_PROVIDER_SCHEMA)', () => {
  test('is hidden where the provider calls it sensitive, whatever it is', () => {
    const sensitive = allPlaces().filter(({ isSensitive }) => isSensitive);
    expect(sensitive.length).toBeGreaterThan(10);
    const value = fc.oneof(fc.constant('bluewhale'), fc.string().map((text) => `${text}bluewhale`), fc.string().map((text) => `bluewhale${text}`));
    fc.assert(fc.property(fc.constantFrom(...sensitive), value, (place, text) => !isShown(place, text) && !isShown(place, [text])));
  });

  test('is shown where it is a name, an id, an address or a choice: most of them', () => {
    const all = allPlaces().filter(({ isSensitive }) => !isSensitive);
    expect(all.filter((place) => isShown(place, 'bluewhale')).length / all.length).toBeGreaterThan(0.6);
  });
});
