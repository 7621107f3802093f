// urql as its documentation sets it up: queries go by GET, subscriptions over graphql-ws.
import { Client, cacheExchange, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: id } = process.env;
const authorization = `Bearer ${token}`;
const socket = createClient({
  url: url.replace('http', 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
});
const methods = [];
const client = new Client({
  url,
  fetchOptions: { headers: { authorization } },
  fetch: (target, options) => {
    methods.push(options.method);
    return fetch(target, options);
  },
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe(request, sink) }),
      }),
    }),
  ],
});

const ADDED = gql`subscription ($id: ID!) {
  messageAdded(conversationId: $id, after: 0) { id sequence content }
}`;
const SEND = gql`mutation ($id: ID!) {
  sendMessage(input: { conversationId: $id, content: "by urql" }) { message { id sequence } }
}`;

const query = await client.query(gql`{ me { id } }`, {}).toPromise();
const added = new Promise((resolve) => {
  client.subscription(ADDED, { id }).subscribe(({ data, error }) => resolve(data ?? `${error}`));
});
const mutation = await client.mutation(SEND, { id }).toPromise();
const refused = await client.query(gql`{ conversation(id: "none") { id } }`, {}).toPromise();
const subscription = await added;
await socket.dispose();
process.stdout.write(
  `${JSON.stringify({
    methods,
    query: query.data ?? `${query.error}`,
    mutation: mutation.data?.sendMessage.message.sequence ?? `${mutation.error}`,
    subscription: subscription.messageAdded?.content ?? subscription,
    refusal: refused.error?.graphQLErrors[0]?.extensions.code ?? `${refused.error}`,
  })}\n`,
);
