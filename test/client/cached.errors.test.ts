import { createParleyClient, type ParleyClient, ParleyError } from '@parley/client';
import { MessageAddedDocument, MessagesDocument } from '@parley/client/documents';
import type { CombinedError } from '@urql/core';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { withApollo, withUrql } from './cached.clients';

describe.each([
  ['the link for Apollo Client', withApollo, (error: unknown) => error],
  ['the exchange for urql', withUrql, (error: unknown) => (error as CombinedError).networkError],
])('%s', (_name, withClient, parleyErrorIn) => {
  let cluster: Cluster;
  let parley: ParleyClient;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [alice, bob, carol] = await cluster.persons('alice', 'bob', 'carol');
    ({ id } = await conversationOf([alice, bob] as Person[]));
    const url = `${cluster.nodes[0]!.url}/graphql`;
    parley = createParleyClient({ url, token: carol!.token!, webSocketImpl: WebSocket });
  });
  afterAll(async () => {
    parley.dispose();
    await cluster.stop();
  });

  test('gives each refusal as a ParleyError, of a subscription too', async () => {
    const cached = withClient(parley);
    const asked = cached.query(MessagesDocument, { id, last: 1 }).then(
      (result) => (result as { error?: unknown }).error,
      (reason: unknown) => reason,
    );
    const told = new Promise((resolve) => {
      cached.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }, () => {}, resolve);
    });
    for (const refusal of [asked, told]) {
      const error = parleyErrorIn(await refusal);
      expect(error).toBeInstanceOf(ParleyError);
      expect(error).toMatchObject({ code: 'FORBIDDEN', message: 'You may not access this.' });
    }
    cached.stop();
  });
});
