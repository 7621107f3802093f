import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { bearer, post } from './wire';

const OLDER = 'application/json; charset=utf-8';
const NEWER = 'application/graphql-response+json; charset=utf-8';
const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { message { sequence } }
}`;

describe('the types that a client accepts', () => {
  let cluster: Cluster;
  let alice: Person;
  let conversationId: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [first, second] = await cluster.persons('alice', 'bob');
    alice = first!;
    ({ id: conversationId } = await conversationOf([first!, second!]));
  });
  afterAll(() => cluster.stop());

  const ask = (accept: string, query: string, variables = {}) =>
    post(cluster.node, { query, variables }, { ...bearer(alice.token), accept });

  async function lastSequence(): Promise<number> {
    const query = 'query ($id: ID!) { conversation(id: $id) { lastSequence } }';
    const { body } = await ask('*/*', query, { id: conversationId });
    return (body.data as { conversation: { lastSequence: number } }).conversation.lastSequence;
  }

  test.each([
    'application/json;charset=utf-16',
    'application/json; version=1',
    'application/json;ext="a,b"',
    'application/json;x="q=0"',
    'application/json;q=abc',
    'application/json;q= 0',
    'application/json;q=-1',
    'application/json;q="0"',
    'application/json;q=0, application/graphql-response+json;q=0.000',
    'application/graphql-response+json; charset=latin1',
    'application/*;x=y',
    '*/*;level=1',
    '*/*;q=0',
    'text/html, application/json;boundary=x',
  ])('are none that there is: nothing is done: %s', async (accept) => {
    const before = await lastSequence();
    const input = { conversationId, content: 'hello' };
    expect((await ask(accept, SEND, { input })).status).toBe(406);
    expect(await lastSequence()).toBe(before);
  });

  test.each([
    ['*/*', OLDER],
    ['text/html, */*;q=0.1', OLDER],
    ['APPLICATION/JSON', OLDER],
    ['application/json;charset="UTF-8"', OLDER],
    ['application/json;charset=utf8', OLDER],
    ['application/*;q=0, application/json', OLDER],
    ['application/graphql-response+json;q=0, application/json', OLDER],
    ['application/graphql-response+json;q=0.5, application/json;q=0.9', OLDER],
    ['application/json, application/graphql-response+json', OLDER],
    ['application/graphql-response+json, application/json', NEWER],
    ['application/json;q=0.9, application/graphql-response+json', NEWER],
    ['application/json;q=0, */*', NEWER],
    ['multipart/mixed;deferSpec=20220824, application/json', OLDER],
  ])('decide the type of the answer: %s', async (accept, type) => {
    const answer = await ask(accept, '{ me { id } }');
    expect([answer.status, answer.type]).toEqual([200, type]);
  });

  test.each([
    ['application/json', 200],
    ['application/graphql-response+json;q=0, application/json', 200],
    ['application/json, application/graphql-response+json', 400],
    ['*/*', 400],
  ])('decide the status of a mistake: %s', async (accept, status) => {
    expect((await ask(accept, '{ me { x } }')).status).toBe(status);
  });
});
