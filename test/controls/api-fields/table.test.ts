import * as generated from '../../../src/controls/api-fields/table.generated';

const lines = (text: string) => text.trim().split('\n');
const TYPES = lines(generated.TYPES).map((line) => ({ name: line.split(' ')[0].split('@')[0], fields: line.split(' ').slice(1) }));

describe('the generated table', () => {
  test('is sorted and has nothing twice', () => {
    for (const table of [lines(generated.TYPES), lines(generated.RESOURCES), ...TYPES.map(({ fields }) => fields)]) {
      expect(table).toEqual([...new Set(table)].sort());
    }
    const names = TYPES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, fields } of TYPES) {
      const fieldNames = fields.map((field) => field.split(/[:^]/)[0]);
      expect([name, new Set(fieldNames).size]).toEqual([name, fieldNames.length]);
    }
  });

  test('refers to types that it has, and has no other words', () => {
    const names = new Set(TYPES.map(({ name }) => name));
    const odd = TYPES.flatMap(({ name, fields }) => fields.filter((field) => {
      const match = /^[a-z][A-Za-z0-9]*(?::[[{]*([a-z]|[A-Za-z0-9.]+))?(?:\^(29|3[0-7]))?$/.exec(field);
      return !match || (match[1] !== undefined && !'sinbxqa'.includes(match[1]) && !names.has(match[1]));
    }).map((field) => `${name} ${field}`));
    expect(odd).toEqual([]);
    expect(TYPES.length).toBeGreaterThan(250);
  });

  test('has rows of one form for API versions', () => {
    const odd = lines(generated.RESOURCES).filter((line) => !/^[a-z0-9.]*\/?v\d\w* [A-Z]\w+ [a-z]+ (namespaced|cluster)( \d*-\d*)?( !\d+-\d+)?$/.test(line));
    expect(odd).toEqual([]);
  });

  test('is small', () => {
    expect(generated.TYPES.length + generated.RESOURCES.length).toBeLessThan(60_000);
  });
});

describe('loading it', () => {
  test('waits for the first lookup, and happens once', () => {
    jest.isolateModules(() => {
      let loads = 0;
      jest.doMock('../../../src/controls/api-fields/table.generated', () => {
        loads++;
        return generated;
      });
      const { checkPath, fieldType } = require('../../../src/controls/api-fields/lookup');
      const { apiResource } = require('../../../src/controls/api-fields/api-resource');
      const { removedIn } = require('../../../src/controls/api-fields/removed-api-versions');
      expect(loads).toBe(0);
      expect(fieldType('Pod', ['spec', 'hostPID'])).toEqual({ kind: 'boolean' });
      expect(checkPath('Pod', ['spec', 'hostPID'])).toBeUndefined();
      expect(apiResource('Pod')).toBeDefined();
      expect(removedIn('policy/v1beta1', 'PodSecurityPolicy')).toBeDefined();
      expect(loads).toBe(1);
    });
  });
});
