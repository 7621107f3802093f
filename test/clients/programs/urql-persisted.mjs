// urql with its persisted exchange, with a cache and without.
import { createRequire } from 'node:module';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const documents = createRequire(import.meta.url)('@parley/client/documents');
const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: id } = process.env;
const authorization = `Bearer ${token}`;
const texts = [];

async function use(caches, preferGetForPersistedQueries = false) {
  const socket = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  const client = new Client({
    url,
    fetchOptions: { headers: { authorization } },
    fetch: (target, options) => {
      const sent = options.body ?? decodeURIComponent(new URL(target).search);
      if (/"query":|[?&]query=/.test(sent)) texts.push(sent);
      return fetch(target, options);
    },
    exchanges: [
      ...caches,
      persistedExchange({
        enforcePersistedQueries: true,
        enableForMutation: true,
        enableForSubscriptions: true,
        preferGetForPersistedQueries,
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => {
          if (request.query) texts.push(request.query);
          // graphql-ws sends no subscription without a query.
          const payload = { ...request, query: request.query ?? '' };
          return { subscribe: (sink) => ({ unsubscribe: socket.subscribe(payload, sink) }) };
        },
      }),
    ],
  });
  const input = { conversationId: id, content: 'persisted' };
  const sent = await client.mutation(documents.SendMessageDocument, { input }).toPromise();
  if (sent.error) throw sent.error;
  const after = sent.data.sendMessage.message.sequence - 1;
  const added = await new Promise((resolve) => {
    const { unsubscribe } = client
      .subscription(documents.MessageAddedDocument, { conversationId: id, after })
      .subscribe(({ data, error }) => {
        resolve(data?.messageAdded.content ?? `${error}`);
        setImmediate(() => unsubscribe());
      });
  });
  const { data, error } = await client.query(documents.MeDocument, {}).toPromise();
  await socket.dispose();
  return { me: data?.me.id ?? `${error}`, added };
}

const cached = await use([cacheExchange]);
const plain = await use([]);
const byGet = await use([cacheExchange], true);
process.stdout.write(`${JSON.stringify({ cached, plain, byGet, texts })}\n`);
