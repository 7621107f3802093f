import { resumable } from '@parley/client';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { choosePort, createMigratedDatabase, dropDatabase } from '../support/services';
import { type Added, MESSAGES } from './outage';

test('a client by graphql-ws’ defaults goes on after its node was killed and replaced, twice', async () => {
  const databaseUrl = await createMigratedDatabase();
  const env = {
    PORT: String(await choosePort()),
    DATABASE_URL: databaseUrl,
    USER_PROVISIONING: 'token',
  };
  const [alice, bob] = ['alice', 'bob'].map((sub) =>
    signToken(DEVELOPMENT_SECRET, { sub, username: sub }),
  ) as [string, string];
  let node = new NodeProcess(env);
  const { url } = await node.ready();

  async function ask<Data>(token: string, query: string): Promise<Data> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: Data }).data;
  }
  await ask(bob, '{ me { id } }');
  const { startConversation } = await ask<{ startConversation: { conversation: { id: string } } }>(
    alice,
    'mutation { startConversation(input: { participantIds: ["bob"] }) { conversation { id } } }',
  );
  const { id } = startConversation.conversation;
  const say = () =>
    ask(
      alice,
      `mutation { sendMessage(input: { conversationId: "${id}", content: "x" }) { message { id } } }`,
    );

  const client = resumable(
    createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { token: bob },
    }),
  );
  const came: number[] = [];
  const ends: unknown[] = [];
  client.subscribe<Added>(
    { query: MESSAGES, variables: { id, after: 0 } },
    {
      next: ({ data }) => came.push(data!.messageAdded.sequence),
      error: (error) => ends.push(error),
      complete: () => ends.push('complete'),
    },
  );
  await say();
  for (const round of [1, 2]) {
    await eventually(() => expect(came.length).toBeGreaterThanOrEqual(2 * round - 1));
    node.kill();
    await node.exit();
    node = new NodeProcess(env);
    await node.ready();
    await say();
    await say();
  }
  await eventually(() => expect(came.length).toBeGreaterThanOrEqual(5), 60_000);
  expect([came, ends]).toEqual([[1, 2, 3, 4, 5], []]);
  await client.dispose();
  node.kill();
  await node.exit();
  await dropDatabase(databaseUrl);
});
