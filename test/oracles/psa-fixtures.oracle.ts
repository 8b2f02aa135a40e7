import { PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { psaFixtures } from './psa-fixtures';

const NEWEST_MINOR = 37;

describeWith(['psa-fixtures', ...policyServerPrograms('1.37')], 'the fixtures of Pod Security admission', () => {
  let server: PolicyServer;
  beforeAll(async () => { server = await PolicyServer.start(); });
  afterAll(async () => server?.stop());

  test('there are 1,354, passing and failing, for both levels and each version from 1.28 on', () => {
    const fixtures = psaFixtures();

    expect(fixtures).toHaveLength(1354);
    expect(new Set(fixtures.map(({ name }) => name)).size).toBe(1354);
    const kinds = new Set(fixtures.map(({ level, minor, verdict }) => `${level} 1.${minor} ${verdict}`));
    expect([...kinds].sort()).toEqual(['baseline', 'restricted'].flatMap(level =>
      Array.from({ length: NEWEST_MINOR - 27 }, (_, i) => [`${level} 1.${28 + i} fail`, `${level} 1.${28 + i} pass`]).flat()));
  });

  test('a namespace that enforces their level and version gives the verdict of each, but for twelve that are invalid', async () => {
    const fixtures = psaFixtures().filter(({ minor }) => minor <= server.minor);
    const namespaceOf = (level: string, minor: number) => `${level}-1-${minor}`;
    const namespaces = new Map(fixtures.map(({ level, minor }) => [namespaceOf(level, minor), {
      'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/enforce-version': `v1.${minor}`,
    }]));
    await Promise.all([...namespaces].map(([name, labels]) => server.namespace(name, labels)));

    const answers = await Promise.all(fixtures.map(async ({ level, minor, verdict, name, pod }) => {
      const answer = await server.dryRun({ ...pod, metadata: { ...pod.metadata, namespace: namespaceOf(level, minor) } });
      return { name, verdict, ...answer };
    }));

    const judged = answers.filter(({ unjudged }) => !unjudged);
    expect(judged.filter(({ verdict, allowed }) => allowed !== (verdict === 'pass')).map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
    const invalid = answers.filter(({ unjudged }) => unjudged);
    expect(invalid.filter(({ message }) => !message.includes('`hostUsers` must be false to use `Unmasked`'))).toEqual([]);
    expect(invalid.map(({ name }) => name)).toEqual(['baseline', 'restricted'].flatMap(level =>
      [35, 36, 37].filter(minor => minor <= server.minor).flatMap(minor => [`${level}/v1.${minor}/fail/procmount0`, `${level}/v1.${minor}/fail/procmount1`])));
  });
});
