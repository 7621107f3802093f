import { createParleyClient, type ParleyClient, ParleyError } from '@parley/client';
import { MessageAddedDocument, MessagesDocument } from '@parley/client/documents';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { withApollo } from './cached.clients';

describe('the link for Apollo Client', () => {
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
    const apollo = withApollo(parley);
    const asked = apollo.query(MessagesDocument, { id, last: 1 });
    const told = new Promise((_, reject) => {
      apollo.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }, () => {}, reject);
    });
    for (const refused of [asked, told]) {
      const error = await refused.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ParleyError);
      expect(error).toMatchObject({ code: 'FORBIDDEN' });
    }
    apollo.stop();
  });
});
