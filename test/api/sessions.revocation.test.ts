import jwt from 'jsonwebtoken';
import { Client } from 'pg';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { MeDocument, RenewSessionDocument, RevokeTokensDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';
import { people } from './people';
import { WireSocket } from './wire';

describe('revokeTokens', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  const tokenOf = ({ id }: Person) => signToken(DEVELOPMENT_SECRET, { sub: id });
  const revoke = ({ id: userId }: Person) =>
    cluster.service().ask(RevokeTokensDocument, { input: { userId } });

  async function connect(payload: Record<string, unknown>, node = 0): Promise<WireSocket> {
    const socket = await WireSocket.init(cluster.nodes[node]!, payload);
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    return socket;
  }

  async function isAccepted(token: string): Promise<boolean> {
    const answers = cluster.nodes.map((node) =>
      cluster.stranger(token, node).request(MeDocument, {}),
    );
    const refused = { extensions: { code: 'UNAUTHENTICATED', reason: 'revoked token' } };
    const accepted = (await Promise.all(answers)).map(({ errors }) => {
      if (errors) expect(errors).toMatchObject([refused]);
      return !errors;
    });
    expect(new Set(accepted).size).toBe(1);
    return accepted[0]!;
  }

  test('ends the user’s sockets with 4401 on every node, and nobody else’s', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const sockets = await Promise.all([0, 1].map((node) => connect({ token: alice.token }, node)));
    const service = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    const others = await Promise.all([
      connect({ token: bob.token }, 1),
      connect({ token: service, onBehalfOf: alice.id }, 1),
      connect({ token: service }, 1),
    ]);
    expect((await revoke(alice)).revokeTokens.user).toMatchObject({ id: alice.id });
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 4401 });
    for (const socket of others) {
      socket.send({ type: 'ping' });
      expect(await socket.next()).toMatchObject({ type: 'pong' });
      await socket.close();
    }
  });

  test('refuses the tokens of before, and accepts those that are issued after the answer', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const timeless = jwt.sign({ sub: alice.id }, DEVELOPMENT_SECRET, { noTimestamp: true });
    expect(await isAccepted(timeless)).toBe(true);
    const before = tokenOf(alice);
    await revoke(alice);
    const after = tokenOf(alice);
    for (const token of [before, alice.token!, timeless]) {
      expect(await isAccepted(token)).toBe(false);
      const socket = await WireSocket.init(cluster.nodes[1]!, { token });
      expect(await socket.closed).toEqual({ code: 4401, reason: 'revoked token' });
    }
    expect(await isAccepted(after)).toBe(true);
    expect(await isAccepted(bob.token!)).toBe(true);
    const socket = await connect({ token: after });
    await revoke(alice);
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  test('lets no socket be renewed with a token of before', async () => {
    const [alice] = await people(cluster, 'alice');
    const before = tokenOf(alice);
    await revoke(alice);
    const device = cluster.stranger(tokenOf(alice));
    const renew = (token: string) => device.askSocket(RenewSessionDocument, { input: { token } });
    expect((await renew(before)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', reason: 'revoked token' } },
    ]);
    expect((await renew(tokenOf(alice))).errors).toBeUndefined();
  });

  test('is seen by nodes that were not told of it', async () => {
    const [alice] = await people(cluster, 'alice');
    const sockets = await Promise.all([0, 1].map((node) => connect({ token: alice.token }, node)));
    const client = new Client({ connectionString: cluster.databaseUrl });
    await client.connect();
    const statement = `update users set tokens_valid_from = now() + interval '1 s' where id = $1`;
    await client.query(statement, [alice.id]);
    await client.end();
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  test('is for service tokens, and for users who are there', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const refusal = (person: Person, userId: string) =>
      person.refusal(RevokeTokensDocument, { input: { userId } });
    expect(await refusal(alice, alice.id)).toBe('FORBIDDEN');
    expect(await refusal(alice, bob.id)).toBe('FORBIDDEN');
    for (const userId of ['nobody', '', 'a\0b', 'x'.repeat(200)])
      expect(await refusal(cluster.service(), userId)).toBe('NOT_FOUND');
    expect(await isAccepted(bob.token!)).toBe(true);
  });
});
