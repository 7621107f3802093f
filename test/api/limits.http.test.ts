import { type Ask, expectRefusal, LIMITS, LimitedClusters, OPERATIONS } from './limits';
import { people } from './people';
import { bearer, post } from './wire';

const NO_SOCKET = 'a request is no socket';
const NO_SUBSCRIPTION = 'there are no subscriptions over HTTP';

/** The status of each refusal; or the reason for which a limit cannot be met over HTTP. */
const OVER_HTTP: Record<string, number | string> = {
  LIMIT_BODY_BYTES: 413,
  LIMIT_DEPTH: 400,
  LIMIT_COST: 400,
  LIMIT_ALIASES: 400,
  LIMIT_TOKENS: 400,
  LIMIT_DIRECTIVES: 400,
  LIMIT_SUBSCRIPTIONS_PER_SOCKET: NO_SUBSCRIPTION,
  LIMIT_SOCKETS_PER_USER: NO_SOCKET,
  LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS: NO_SOCKET,
  LIMIT_MESSAGES_PER_SECOND: 200,
  LIMIT_MESSAGES_PER_MINUTE: 200,
  LIMIT_OFFERS_PER_MINUTE: 200,
  LIMIT_CONVERSATIONS_PER_HOUR: 200,
  LIMIT_WRITES_PER_MINUTE: 200,
  LIMIT_OPERATION_S: 200,
  LIMIT_OPERATIONS_PER_SOCKET: NO_SOCKET,
  LIMIT_OPERATIONS_PER_USER: 200,
  LIMIT_WAITING_OPERATIONS_PER_USER: 200,
  LIMIT_PENDING_OFFERS: 200,
  LIMIT_QUEUE_BYTES: NO_SUBSCRIPTION,
  LIMIT_QUEUE_EVENTS: NO_SUBSCRIPTION,
};

describe('over HTTP', () => {
  const clusters = new LimitedClusters();
  afterAll(() => clusters.stop());

  test('each limit has its status, or a reason why it has none', () => {
    expect(Object.keys(OVER_HTTP).sort()).toEqual([...LIMITS].sort());
  });

  test.each(Object.entries(OVER_HTTP).filter(([name]) => name in OPERATIONS))(
    '%s is refused with status %i, and says why',
    async (name, status) => {
      const limited = OPERATIONS[name]!;
      const cluster = await clusters.of(limited.env);
      const statuses = new Map<unknown, number>();
      const ask: Ask = async (person, query, variables) => {
        const answer = await post(person.node, { query, variables }, bearer(person.token));
        const refused = answer.body.errors?.[0]?.extensions ?? null;
        statuses.set(refused, answer.status);
        return refused;
      };
      const refused = await limited.exceed(cluster, ask);
      expectRefusal(refused, limited);
      expect(statuses.get(refused)).toBe(status);
    },
  );

  test('LIMIT_BODY_BYTES is refused with status 413, and says why', async () => {
    const limit = 1_000;
    const cluster = await clusters.of({ LIMIT_BODY_BYTES: String(limit) });
    const [alice] = await people(cluster, 'alice');
    const body = JSON.stringify({ query: `{ me { id } } # ${'x'.repeat(limit)}` });
    const answer = await post(cluster.node, body, bearer(alice.token));
    expect(answer.status).toBe(OVER_HTTP.LIMIT_BODY_BYTES);
    const extensions = { code: 'QUERY_TOO_COMPLEX', limit, actual: body.length };
    expect(answer.body.errors).toEqual([{ message: expect.any(String), extensions }]);
  });
});
