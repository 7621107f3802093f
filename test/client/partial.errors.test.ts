import { CombinedGraphQLErrors } from '@apollo/client';
import { createParleyClient, type ParleyClient } from '@parley/client';
import { MessageUpdatedDocument } from '@parley/client/documents';
import { CombinedError } from '@urql/core';
import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { type CachedClient, withApollo, withUrql } from './cached.clients';
import { type Impostor, startAccepter } from './outage';

const ERRORS = [
  { message: 'away', path: ['messageUpdated', 'message'], extensions: { code: 'UNAVAILABLE' } },
];
const ACKNOWLEDGEMENT = { userId: 'u', connectionId: 'c', logEpoch: 'e', expiresAt: null };
const update = (sequence: number) => ({
  messageUpdated: { __typename: 'MessageUpdate', sequence, kind: 'MESSAGE_EDITED', message: null },
});

describe('an event of which a part failed', () => {
  let server: Impostor;
  let parley: ParleyClient;
  let cached: CachedClient;

  beforeAll(async () => {
    server = await startAccepter((socket) => {
      socket.on('message', (text) => {
        const { type, id } = JSON.parse(String(text));
        const send = (message: object) => socket.send(JSON.stringify(message));
        if (type === 'connection_init') send({ type: 'connection_ack', payload: ACKNOWLEDGEMENT });
        if (type !== 'subscribe') return;
        send({ id, type: 'next', payload: { data: update(1), errors: ERRORS } });
        send({ id, type: 'next', payload: { data: update(2), errors: ERRORS } });
        send({ id, type: 'next', payload: { data: update(3) } });
      });
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    const url = `http://127.0.0.1:${server.port}/graphql`;
    parley = createParleyClient({ url, token: 't', webSocketImpl: WebSocket });
  });
  afterEach(() => {
    cached.stop();
    parley.dispose();
  });

  test.each([
    ['Apollo Client', withApollo, CombinedGraphQLErrors, 'errors'],
    ['urql', withUrql, CombinedError, 'graphQLErrors'],
  ] as const)('comes with an error of %s, and the next one without', async (...given) => {
    const [, withClient, kind, at] = given;
    cached = withClient(parley);
    const told: unknown[] = [];
    cached.subscribe(
      MessageUpdatedDocument,
      { conversationId: 'id', after: 0 },
      () => told.push('an event'),
      (error, data) => told.push({ error, data: data ?? (error as { data?: unknown }).data }),
    );
    await eventually(() => expect(told).toContain('an event'));
    expect(told).toHaveLength(3);
    for (const [index, one] of (told.slice(0, 2) as { error: object }[]).entries()) {
      expect(one.error).toBeInstanceOf(kind);
      const data = { messageUpdated: { sequence: index + 1 } };
      expect(one).toMatchObject({ error: { [at]: ERRORS }, data });
    }
  });
});
