import { exec } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { scripts } from '../../package.json';
import { startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, loadConfig } from '../../src/config';
import {
  ActiveUsersDocument,
  MeDocument,
  MessageAddedDocument,
  UserDocument,
} from '../generated/graphql';
import { Cluster, nodeConfig } from '../support/cluster';
import { eventually } from '../support/eventually';
import { sendBy } from '../support/factories';
import { openLogbook } from '../support/logbook';
import { expectForbidden, openRoom } from './room';
import { upgradeStatus, WireSocket } from './wire';

const ROOT = resolve(__dirname, '../..');
const SECRET = 'a-secret-that-only-this-node-shares-with-users';
const FRONTENDS = ['https://market.example.com', 'https://admin.example.com'];
const WORDS = 'words-for-bob-alone';

/** The rows of the same table that are for whoever runs it: what they set, read and try. */
describe('what the gateway was to whoever runs it', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  test('FRONTEND_URL, JWT_SECRET, PORT: are the same names', async () => {
    const { alice } = await openRoom(cluster);
    const { port } = new URL(cluster.node.url);
    const env = { FRONTEND_URL: FRONTENDS.join(', '), JWT_SECRET: SECRET };
    expect(loadConfig({ ...env, PORT: port })).toMatchObject({
      http: { frontendOrigins: FRONTENDS, port: Number(port) },
      auth: { userSecrets: [SECRET] },
    });
    const { logger } = openLogbook();
    const taken = startApp(nodeConfig(cluster.databaseUrl, true, { ...env, PORT: port }), logger);
    await expect(taken).rejects.toThrow(`PORT: ${port} is taken already`);
    const node = await startApp(nodeConfig(cluster.databaseUrl, true, env), logger);
    try {
      const bearing = (secret: string) =>
        cluster.stranger(signToken(secret, { sub: alice.id }), node);
      expect((await bearing(SECRET).ask(MeDocument, {})).me.id).toBe(alice.id);
      expect(await bearing(DEVELOPMENT_SECRET).refusal(MeDocument, {})).toBe('UNAUTHENTICATED');
      for (const [origin, status] of [
        ...FRONTENDS.map((one) => [one, 101] as const),
        ['https://evil.example', 403],
      ] as const) {
        const { headers } = await fetch(`${node.url}/graphql?query={__typename}`, {
          headers: { origin },
        });
        expect(headers.get('access-control-allow-origin') === origin).toBe(status === 101);
        expect(await upgradeStatus(node, origin)).toBe(status);
      }
    } finally {
      await node.stop();
    }
  });

  test('log lines: tell of connecting, authenticating, joining, sending and failing, with no token and no words', async () => {
    const { id, alice, carol } = await openRoom(cluster);
    const logbook = openLogbook();
    const node = await startApp(nodeConfig(cluster.databaseUrl, true), logbook.logger);
    const forged = signToken(SECRET, { sub: alice.id });
    try {
      const device = cluster.device(alice.here, node);
      const stream = device.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      const message = await sendBy(device, id, { content: WORDS });
      await stream.next();
      const outsider = cluster.device(carol.here, node);
      await outsider.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }).ended();
      await (await WireSocket.init(node, { token: forged })).closed;
      await cluster.stranger(forged, node).refusal(MeDocument, {});
      const { connectionId } = device.acknowledged!;
      const who = { userId: alice.id };
      const ofConnection = expect.stringContaining(String(connectionId));
      const expected = [
        ['connected', { connectionId, remoteAddress: expect.any(String) }],
        ['authenticated', { connectionId, ...who }],
        [
          'subscribed',
          { ...who, operation: 'MessageAdded', requestId: ofConnection, conversationId: id },
        ],
        ['operation refused', { userId: carol.id, code: 'FORBIDDEN', path: 'messageAdded' }],
        ['message sent', { ...who, messageId: message.id, conversationId: id, sequence: 1 }],
        [
          'authentication failed',
          { connectionId: expect.any(String), reason: 'UnauthenticatedError' },
        ],
        ['request refused', { code: 'UNAUTHENTICATED', requestId: expect.any(String) }],
      ] as const;
      for (const [msg, facts] of expected)
        expect(logbook.about(msg)).toContainEqual(expect.objectContaining({ msg, ...facts }));
      // Who is not let in has not joined.
      expect(logbook.about('subscribed')).toHaveLength(1);
      await device.disconnect();
      await eventually(() =>
        expect(logbook.about('disconnected')).toContainEqual(
          expect.objectContaining({ connectionId, ...who }),
        ),
      );
    } finally {
      await node.stop();
    }
    const all = JSON.stringify(logbook.lines);
    for (const secret of [WORDS, forged, alice.here.token!, 'Bearer'])
      expect(all).not.toContain(secret);
  });

  test('a client for trying by hand: GraphiQL at every node, and npm run token for a user and for the platform', async () => {
    const { alice, bob } = await openRoom(cluster);
    const token = async (words: string) => {
      const { stdout } = await promisify(exec)(`${scripts.token} ${words}`, {
        cwd: ROOT,
        env: { PATH: process.env.PATH },
      });
      expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      return stdout.trim();
    };
    const [ofAlice, ofService] = await Promise.all([
      token(alice.id),
      token('--service --expires-in 60'),
    ]);
    for (const node of cluster.nodes) {
      const page = await fetch(`${node.url}/graphiql`);
      expect([page.status, page.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('text/html'),
      ]);
      expect(await page.text()).toContain('GraphiQL');
      const device = cluster.stranger(ofAlice!, node);
      expect((await device.ask(MeDocument, {})).me.id).toBe(alice.id);
      expect((await device.askSocket(MeDocument, {})).data!.me.id).toBe(alice.id);
      const platform = cluster.stranger(ofService!, node);
      expect((await platform.ask(UserDocument, { id: bob.id })).user!.id).toBe(bob.id);
      expect(await platform.refusal(ActiveUsersDocument, {})).toBeNull();
    }
    await expectForbidden(alice, ActiveUsersDocument, {});
  });
});
