// Apollo Client with the ids of Parley's manifest, with ids that it computes, and with plain hashes.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import {
  createPersistedQueryManifestVerificationLink,
  generatePersistedQueryIdsAtRuntime,
  generatePersistedQueryIdsFromManifest,
} from '@apollo/persisted-query-lists';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket;

const require = createRequire(import.meta.url);
const documents = require('@parley/client/documents');
const manifest = require('../../../client/manifest.json');
const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: id } = process.env;
const headers = { authorization: `Bearer ${token}` };
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const bodies = [];
const differing = [];
const noteBody = (target, options) => {
  bodies.push(options.body ?? new URL(target).search);
  return fetch(target, options);
};
const verification = createPersistedQueryManifestVerificationLink({
  loadManifest: async () => manifest,
  onUnknownOperationName: ({ operationName }) => differing.push(operationName),
  onDifferentBody: ({ operationName }) => differing.push(operationName),
});

async function use(options) {
  const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: headers });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      verification,
      new PersistedQueryLink(options),
      ApolloLink.split(
        ({ operationType }) => operationType === 'subscription',
        new GraphQLWsLink(socket),
        new HttpLink({ uri: url, headers, fetch: noteBody }),
      ),
    ]),
  });
  const mutation = documents.SendMessageDocument;
  const variables = { input: { conversationId: id, content: 'persisted' } };
  const sent = await client.mutate({ mutation, variables });
  const added = await new Promise((resolve) => {
    client
      .subscribe({
        query: documents.MessageAddedDocument,
        variables: { conversationId: id, after: sent.data.sendMessage.message.sequence - 1 },
      })
      .subscribe(({ data, error }) => resolve(data?.messageAdded.content ?? `${error}`));
  });
  const { data } = await client.query({ query: documents.MeDocument });
  await socket.dispose();
  client.stop();
  return { me: data.me.__typename, added };
}

const fromManifest = await use(
  generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest }),
);
const atRuntime = await use(generatePersistedQueryIdsAtRuntime({ sha256 }));
const plain = await use({ sha256 });
const byGet = await use({ sha256, useGETForHashedQueries: true });
const hasTexts = bodies.some((body) => /"query"|[?&]query=/.test(body));
const strange = new ApolloClient({
  cache: new InMemoryCache(),
  link: new PersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: url, headers })),
});
const refusal = await strange
  .query({ query: gql`query Free { me { id } }` })
  .catch((error) =>
    CombinedGraphQLErrors.is(error) ? error.errors[0].extensions.code : `${error}`,
  );
process.stdout.write(
  `${JSON.stringify({ fromManifest, atRuntime, plain, byGet, hasTexts, differing, refusal })}\n`,
);
