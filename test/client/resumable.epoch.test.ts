import { type Resync, resumable } from '@parley/client';
import type { Client } from 'graphql-ws';
import { Client as PostgresClient } from 'pg';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { tunnelled } from './tunnelled';

const MESSAGES = `subscription ($id: ID!, $from: Int) {
  messageAdded(conversationId: $id, after: $from) { sequence }
}`;

interface Added {
  messageAdded: { sequence: number };
}

describe('a resumable client whose log is set back while it is connected', () => {
  let cluster: Cluster;
  const clients: Client[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await cluster.stop();
  });

  async function beginEpoch(): Promise<void> {
    const database = new PostgresClient(cluster.databaseUrl);
    await database.connect();
    await database.query('update installation set log_epoch = gen_random_uuid()');
    await database.end();
  }

  test('is told where the log ends now, and goes on from there on the same socket', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const resyncs: Resync[] = [];
    let connections = 0;
    const { client } = tunnelled(bob!, clients);
    client.on('connected', () => connections++);
    const wrapped = resumable(client, { onResync: (resync) => resyncs.push(resync) });
    // Keeps the socket while nothing is followed.
    wrapped.subscribe(
      { query: 'subscription { inboxUpdated { id } }' },
      { next() {}, error() {}, complete() {} },
    );
    const follow = (from: number) =>
      wrapped.iterate<Added>({ query: MESSAGES, variables: { id, from } });
    const stream = follow(0);
    await sendBy(alice!, id);
    await stream.next();
    const next = stream.next();
    await beginEpoch();
    await expect(next).rejects.toMatchObject([{ extensions: { code: 'RESYNC_REQUIRED' } }]);
    expect(resyncs).toMatchObject([{ reason: 'RESYNC_REQUIRED', lastSequence: 1 }]);
    const again = follow(resyncs[0]!.lastSequence!);
    await sendBy(alice!, id);
    expect((await again.next()).value!.data!.messageAdded.sequence).toBe(2);
    expect(connections).toBe(1);
  });
});
