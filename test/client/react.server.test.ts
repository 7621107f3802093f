import { createParleyClient } from '@parley/client';
import {
  ParleyProvider,
  useConversation,
  useConversations,
  useInbox,
  useOffers,
  useOutbox,
  useParley,
  usePresence,
  useTyping,
  useViewers,
} from '@parley/client/react';
import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import WebSocket from 'ws';
import { observeSubscriptions } from './subscriptions';

test('a server renders each hook as loading, and begins nothing', () => {
  const requests: string[] = [];
  const client = createParleyClient({
    url: 'http://localhost/graphql',
    webSocketImpl: WebSocket,
    token: () => {
      requests.push('token');
      return 'none';
    },
    fetch: async () => {
      requests.push('fetch');
      return new Response('{}');
    },
  });
  const subscriptions = observeSubscriptions(client);
  function Component() {
    const live = [
      useConversation('1'),
      useConversations(),
      useConversations({ archived: true }),
      useOffers('1'),
      useInbox(),
      useTyping('1'),
      useViewers('1'),
      usePresence(['a']),
    ];
    const { sendings } = useOutbox();
    const { userId } = useParley();
    return `${live.map(({ status }) => status)} ${sendings.length} ${userId}`;
  }
  const html = renderToString(h(ParleyProvider, { client }, h(Component)));
  expect(html).toBe(`${Array(8).fill('loading')} 0 null`);
  expect(subscriptions.begun).toEqual([]);
  expect(requests).toEqual([]);
  expect(() => renderToString(h(Component))).toThrow('<ParleyProvider>');
  client.dispose();
});
