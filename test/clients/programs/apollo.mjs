// Apollo Client as its documentation sets it up: HttpLink, and GraphQLWsLink for subscriptions.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

// Node 20 has no WebSocket of its own, by which the link knows errors.
globalThis.WebSocket ??= WebSocket;

const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: id } = process.env;
const headers = { authorization: `Bearer ${token}` };
const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: headers });
const clientOf = (options) =>
  new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url, headers, ...options }),
    ),
    defaultOptions: { query: { errorPolicy: 'all' } },
  });
const client = clientOf({});
const codeOf = (error) =>
  CombinedGraphQLErrors.is(error) ? error.errors[0].extensions.code : `${error}`;

const ADDED = gql`subscription ($id: ID!) {
  messageAdded(conversationId: $id, after: 0) { id sequence content }
}`;
const SEND = gql`mutation ($id: ID!) {
  sendMessage(input: { conversationId: $id, content: "by Apollo Client" }) {
    message { id sequence }
  }
}`;
const ME = gql`{ me { id } }`;

const query = await client.query({ query: ME });
const byGet = await clientOf({ useGETForQueries: true }).query({ query: ME });
const added = new Promise((resolve) => {
  client
    .subscribe({ query: ADDED, variables: { id } })
    .subscribe(({ data, error }) => resolve(data?.messageAdded.content ?? codeOf(error)));
});
const mutation = await client.mutate({ mutation: SEND, variables: { id } });
const refused = await client.query({ query: gql`{ conversation(id: "none") { id } }` });
const refusedSubscription = new Promise((resolve) => {
  client
    .subscribe({ query: ADDED, variables: { id: 'none' } })
    .subscribe(({ data, error }) => resolve(data ?? codeOf(error)));
});
const output = {
  query: query.data,
  byGet: byGet.data,
  mutation: mutation.data.sendMessage.message.sequence,
  subscription: await added,
  refusal: codeOf(refused.error),
  refusedSubscription: await refusedSubscription,
};
await socket.dispose();
client.stop();
process.stdout.write(`${JSON.stringify(output)}\n`);
