// The documents of codegen by the hash that they carry: over fetch, and over graphql-ws.
import { createRequire } from 'node:module';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const documents = createRequire(import.meta.url)('@parley/client/documents');
const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: id } = process.env;
const authorization = `Bearer ${token}`;
const documentIdOf = (document) => document.__meta__.hash;

async function ask(document, variables = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ documentId: documentIdOf(document), variables }),
  });
  return response.json();
}

async function askByGet(document) {
  const parameters = new URLSearchParams({ documentId: documentIdOf(document) });
  const response = await fetch(`${url}?${parameters}`, { headers: { authorization } });
  return response.json();
}

const input = { conversationId: id, content: 'persisted' };
const sent = await ask(documents.SendMessageDocument, { input });
const socket = createClient({
  url: url.replace('http', 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
});
const subscription = socket.iterate({
  query: '',
  documentId: documentIdOf(documents.MessageAddedDocument),
  variables: { conversationId: id, after: sent.data.sendMessage.message.sequence - 1 },
});
const { value } = await subscription.next();
await subscription.return();
await socket.dispose();
const output = {
  me: (await ask(documents.MeDocument)).data.me.id,
  byGet: (await askByGet(documents.MeDocument)).data.me.id,
  added: value.data.messageAdded.content,
};
process.stdout.write(`${JSON.stringify(output)}\n`);
