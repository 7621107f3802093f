// Runs in the empty project: Bob follows a conversation, Alice writes, and Bob gets it.
// usage: node check.mjs URL TOKEN-OF-ALICE TOKEN-OF-BOB
import { createRequire } from 'node:module';
import { resumable, retryForever } from '@parley/client';
import {
  ConversationsDocument,
  MessageAddedDocument,
  SendMessageDocument,
} from '@parley/client/documents';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, alice, bob] = process.argv.slice(2);
const TIMEOUT_MS = 30_000;

async function ask(document, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${alice}` },
    body: JSON.stringify({ query: textOf(document), variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

function textOf(document) {
  return typeof document === 'string' ? document : print(document);
}

setTimeout(() => {
  process.stderr.write('Bob got nothing in time\n');
  process.exit(1);
}, TIMEOUT_MS).unref();

// CommonJS gets the same package.
const { resumable: other } = createRequire(import.meta.url)('@parley/client');
if (typeof other !== 'function') throw new Error('@parley/client cannot be required');

const { conversations } = await ask(ConversationsDocument, {});
const { id, lastSequence } = conversations.nodes[0];
const content = `tried at ${new Date().toISOString()}`;
const client = createClient({
  url: `${url.replace('http', 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { token: bob },
  ...retryForever,
});
const received = new Promise((resolve, reject) => {
  resumable(client).subscribe(
    {
      query: textOf(MessageAddedDocument),
      variables: { conversationId: id, after: lastSequence },
    },
    { next: ({ data }) => resolve(data.messageAdded.content), error: reject, complete: reject },
  );
});
await ask(SendMessageDocument, {
  input: { conversationId: id, content, clientMessageId: content },
});
if ((await received) !== content) throw new Error('Bob got another message');
await client.dispose();
process.exit(0);
