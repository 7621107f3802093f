import { getIntrospectionQuery } from 'graphql';
import { askBoth } from '../hostile/both';
import { Cluster } from '../support/cluster';
import { people } from './people';
import { post } from './wire';

const COSTLY = `{ __schema { ${Array.from({ length: 30 }, (_, at) => `a${at}: types { name fields { name type { name } args { name type { name } } } }`).join(' ')} } }`;

describe('introspection, where it is on', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  test('is bounded on both transports, and without a token', async () => {
    const [alice] = await people(cluster, 'alice');
    const refused = {
      errors: [
        {
          message: expect.stringContaining('introspected fields'),
          extensions: {
            code: 'QUERY_TOO_COMPLEX',
            limit: expect.any(Number),
            actual: expect.any(Number),
          },
        },
      ],
    };
    for (const answer of await askBoth(cluster.node, alice.token!, { query: COSTLY }))
      expect(answer).toEqual(refused);
    expect(await post(cluster.node, { query: COSTLY })).toMatchObject({
      status: 400,
      body: refused,
    });
  });

  test('works as tools ask for it, with all options', async () => {
    const [alice] = await people(cluster, 'alice');
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
      typeDepth: 20,
    });
    for (const { data, errors } of await askBoth(cluster.node, alice.token!, { query })) {
      expect(errors).toBeUndefined();
      expect(data).toHaveProperty('__schema.types');
    }
    expect((await post(cluster.node, { query })).body.errors).toBeUndefined();
  });
});
