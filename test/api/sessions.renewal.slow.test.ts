import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { RenewSessionDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { people } from './people';
import { bearer, post, WireSocket } from './wire';

const RENEW = 'mutation ($token: String!) { renewSession(input: { token: $token }) { expiresAt } }';

const now = () => Math.floor(Date.now() / 1_000);
/** What is left of such a token is the end of the tolerance, more than a second. */
const almostOver = () => now() - 3;

describe('renewSession', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const tokenOf = (sub: string, exp = now() + 3_600) => signToken(DEVELOPMENT_SECRET, { sub, exp });
  const serviceToken = (exp = now() + 3_600) =>
    signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service', exp });

  async function connect(payload: Record<string, unknown>): Promise<WireSocket> {
    const socket = await WireSocket.init(cluster.node, payload);
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    return socket;
  }

  async function ask(socket: WireSocket, query: string, variables = {}) {
    socket.send({ type: 'subscribe', id: 'one', payload: { query, variables } });
    const answer = await socket.next();
    if (answer.type === 'next') expect(await socket.next()).toMatchObject({ type: 'complete' });
    return answer.payload as { data?: unknown; errors?: { extensions: unknown }[] };
  }

  const renew = (socket: WireSocket, token: string) => ask(socket, RENEW, { token });

  /** Resolves when a token with this `exp` is over at the node. */
  async function isOver(id: string, exp: number): Promise<void> {
    const witness = await WireSocket.init(cluster.node, { token: tokenOf(id, exp) });
    expect(await witness.closed).toMatchObject({ code: 4403 });
  }

  test('lets the socket outlive its first token', async () => {
    const [alice] = await people(cluster, 'alice');
    const [first, second] = [almostOver(), now() + 3_600];
    const socket = await connect({ token: tokenOf(alice.id, first) });
    expect(await renew(socket, tokenOf(alice.id, second))).toEqual({
      data: { renewSession: { expiresAt: new Date(second * 1_000).toISOString() } },
    });
    await isOver(alice.id, first);
    expect(await ask(socket, '{ me { id } }')).toEqual({ data: { me: { id: alice.id } } });
    await socket.close();
  });

  test('ends the socket with 4403 when the renewed token expires', async () => {
    const [alice] = await people(cluster, 'alice');
    const socket = await connect({ token: alice.token });
    await renew(socket, tokenOf(alice.id, almostOver()));
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  test('makes a session endless with a token that never expires', async () => {
    const [alice] = await people(cluster, 'alice');
    const first = almostOver();
    const socket = await connect({ token: tokenOf(alice.id, first) });
    expect(await renew(socket, alice.token!)).toEqual({
      data: { renewSession: { expiresAt: null } },
    });
    await isOver(alice.id, first);
    expect(await ask(socket, '{ me { id } }')).toMatchObject({ data: { me: { id: alice.id } } });
    await socket.close();
  });

  test('counts the last of several that are under way at once', async () => {
    const [alice] = await people(cluster, 'alice');
    const socket = await connect({ token: alice.token });
    const [short, long] = [almostOver(), now() + 3_600];
    for (const [id, exp] of Object.entries({ short, long, none: short, last: long })) {
      const variables = { token: tokenOf(alice.id, exp) };
      socket.send({ type: 'subscribe', id, payload: { query: RENEW, variables } });
    }
    for (let frames = 0; frames < 8; frames++) await socket.next();
    await isOver(alice.id, short);
    expect(await ask(socket, '{ me { id } }')).toMatchObject({ data: { me: { id: alice.id } } });
    await socket.close();
  });

  test.each([
    ['of another user', 'BAD_USER_INPUT', () => tokenOf('bob')],
    ['of an unknown user', 'BAD_USER_INPUT', () => tokenOf('nobody')],
    ['of the service', 'BAD_USER_INPUT', () => serviceToken()],
    ['of another key', 'UNAUTHENTICATED', (id: string) => signToken('x'.repeat(40), { sub: id })],
    ['that has expired', 'UNAUTHENTICATED', (id: string) => tokenOf(id, now() - 60)],
    ['that is none', 'UNAUTHENTICATED', () => 'Bearer nonsense'],
    ['that is empty', 'UNAUTHENTICATED', () => ''],
  ])('refuses a token %s, and leaves the first one in place', async (_name, code, tokenFor) => {
    const [alice] = await people(cluster, 'alice');
    const socket = await connect({ token: tokenOf(alice.id, almostOver()) });
    const { errors } = await renew(socket, tokenFor(alice.id));
    expect(errors![0]!.extensions).toMatchObject({ code });
    expect(await ask(socket, '{ me { id } }')).toEqual({ data: { me: { id: alice.id } } });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  test('of a service socket takes a service token alone, and goes on as the same user', async () => {
    const [alice] = await people(cluster, 'alice');
    for (const onBehalfOf of [undefined, alice.id]) {
      const first = almostOver();
      const socket = await connect({ token: serviceToken(first), onBehalfOf });
      const { errors } = await renew(socket, alice.token!);
      expect(errors![0]!.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.token',
      });
      expect(await renew(socket, serviceToken())).toMatchObject({ data: expect.anything() });
      await isOver(alice.id, first);
      const me = await ask(socket, '{ me { id } }');
      if (onBehalfOf) expect(me).toEqual({ data: { me: { id: alice.id } } });
      else expect(me.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
      await socket.close();
    }
  });

  test('is BAD_USER_INPUT over HTTP, and UNAUTHENTICATED without a token', async () => {
    const [alice] = await people(cluster, 'alice');
    const input = { token: alice.token! };
    const { errors } = await alice.request(RenewSessionDocument, { input });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.token' });
    const { status } = await post(cluster.node, { query: RENEW, variables: input }, bearer(null));
    expect(status).toBe(401);
  });
});
