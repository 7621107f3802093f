import { post } from '../api/wire';
import { Stage } from './stage';

describe('the extension of persisted queries', () => {
  let stage: Stage;
  let headers: Record<string, string>;

  beforeAll(async () => {
    stage = await Stage.open();
    const { token } = await stage.person('alice');
    headers = { authorization: `Bearer ${token}` };
  });
  afterAll(() => stage.close());

  const sha256Hash = 'a'.repeat(64);
  test.each([
    { version: 1, sha256Hash },
    { version: 1, sha256Hash: 1 },
    { version: 1 },
    { version: 2, sha256Hash },
    { version: '1', sha256Hash },
    {},
    [],
    'text',
    1,
    true,
  ])('is refused as a mistake of its client when it is %j', async (persistedQuery) => {
    const body = { query: '{ me { id } }', extensions: { persistedQuery } };
    const answer = await post(stage.node, body, headers);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { message: expect.any(String), extensions: { code: 'BAD_REQUEST' } },
    ]);
    expect(stage.complaints()).toEqual([]);
  });
});
