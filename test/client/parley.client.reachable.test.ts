import { createParleyClient } from '@parley/client';
import { MeDocument, MessageAddedDocument, SendMessageDocument } from '@parley/client/documents';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { startTcpProxy } from '../support/tcp-proxy';

/** Makes the wait for the next attempt longer than any test. */
const UNLUCKY = 10_000;

test('an answer over HTTP ends the wait for the next connection', async () => {
  const cluster = await Cluster.start();
  const [alice, bob] = await cluster.persons('alice', 'bob');
  const { id: conversationId } = await conversationOf([alice!, bob!]);
  const proxy = await startTcpProxy(Number(new URL(cluster.node.url).port));
  const url = `${proxy.url.replace('redis:', 'http:')}/graphql`;
  const client = createParleyClient({ url, token: alice!.token!, webSocketImpl: WebSocket });
  const got: string[] = [];
  client.subscribe(
    MessageAddedDocument,
    { conversationId, after: 0 },
    { next: ({ messageAdded }) => got.push(messageAdded.content) },
  );
  await eventually(() => expect(client.session).not.toBeNull());

  proxy.refuses = true;
  const random = jest.spyOn(Math, 'random').mockReturnValue(UNLUCKY);
  const before = proxy.connections;
  proxy.cut();
  await eventually(() => expect(client.session).toBeNull());
  await expect(client.request(MeDocument)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(random).toHaveBeenCalled();
  random.mockRestore();
  expect(proxy.connections).toBeLessThanOrEqual(before + 2);

  proxy.refuses = false;
  const input = { conversationId, content: 'back' };
  await client.request(SendMessageDocument, { input });
  await eventually(() => expect(got).toEqual(['back']), 10_000);
  client.dispose();
  await proxy.stop();
  await cluster.stop();
});
