import type { Cluster } from '../support/cluster';
import { startProduction } from '../support/production';
import { askBoth, repeat } from './both';

const tooComplex = (limit: number, actual?: number) => ({
  code: 'QUERY_TOO_COMPLEX',
  limit,
  ...(actual !== undefined && { actual }),
});
const OFFER = 'mutation ($i: CreateOfferInput!) { createOffer(input: $i) { offer { id } } }';
const item = (fields: object) => ({
  i: { conversationId: '1', items: [{ giverId: '1', ...fields }] },
});

/** The protections of graphql-armor, each just over its limit and just below it. */
describe('graphql-armor would add nothing in production', () => {
  let cluster: Cluster;
  let token: string;

  beforeAll(async () => {
    ({ cluster, token } = await startProduction());
  });
  afterAll(() => cluster.stop());

  test.each<[string, string, object]>([
    ['aliases', `{ ${repeat(31, (at) => `a${at}: __typename`)} }`, tooComplex(30, 31)],
    [
      'aliases in fragments',
      `{ ...A ...A } fragment A on Query { ${repeat(16, (at) => `a${at}: __typename`)} }`,
      tooComplex(30, 32),
    ],
    [
      'cost',
      '{ conversations(first: 100) { nodes { messages(first: 10) { nodes { id } } } } }',
      tooComplex(2_000, 2_201),
    ],
    [
      'depth',
      `{ conversations(first: 1) { nodes { ${'lastMessage { conversation { '.repeat(5)} id ${'} }'.repeat(5)} } } }`,
      tooComplex(12, 13),
    ],
    ['tokens', `{ me { ${'id '.repeat(4_996)} } }`, tooComplex(5_000)],
    [
      'directives',
      `{ ${repeat(26, () => '__typename @skip(if: false) @include(if: true)')} }`,
      tooComplex(50, 52),
    ],
    [
      'directives in a fragment',
      `{ ...F } fragment F on Query { ${repeat(51, () => '__typename @skip(if: false)')} }`,
      tooComplex(50, 51),
    ],
    [
      'directives of an operation that is not run',
      `query A { __typename } query B { ${repeat(51, (at) => `a${at}: __typename @x`)} }`,
      tooComplex(50, 51),
    ],
  ])('%s over the limit are refused', async (_, query, extensions) => {
    for (const answer of await askBoth(cluster.node, token, { query }))
      expect(answer).toEqual({ errors: [expect.objectContaining({ extensions })] });
  });

  test.each([
    ['aliases', `{ ${repeat(30, (at) => `a${at}: __typename`)} }`],
    ['cost', '{ conversations(first: 99) { nodes { messages(first: 9) { nodes { id } } } } }'],
    [
      'depth',
      `{ conversations(first: 1) { nodes { ${'lastMessage { conversation { '.repeat(4)} lastMessage { id } ${'} }'.repeat(4)} } } }`,
    ],
    [
      'directives',
      `{ ${repeat(25, (at) => `${at > 0 ? `a${at}:` : ''} __typename @skip(if: false) @include(if: true)`)} }`,
    ],
    ['an @ in a text', `{ user(id: "${'@'.repeat(60)}") { id } } # ${'@'.repeat(60)}`],
  ])('%s below the limit are not', async (_, query) => {
    for (const { errors } of await askBoth(cluster.node, token, { query }))
      for (const { extensions } of errors ?? []) expect(extensions.code).toBe('FORBIDDEN');
  });

  test.each<[string, object]>([
    ['a field', { query: '{ mee { id } }' }],
    ['a field of a mutation', { query: 'mutation { sendMesage { id } }' }],
    ['a field of a subscription', { query: 'subscription { messageAdd { id } }' }],
    ['an argument', { query: '{ conversation(idd: "x") { id } }' }],
    ['an argument of a directive', { query: '{ __typename @skip(iff: true) }' }],
    ['a type of a variable', { query: 'query ($i: CreateOferInput) { __typename }' }],
    ['a type of a fragment', { query: '{ ... on Quer { __typename } }' }],
    ['a selection', { query: '{ me }' }],
    ['a type’s field', { query: '{ me { content } }' }],
    ['an enum value in the document', { query: '{ offers(status: [PENDIN]) { nodes { id } } }' }],
    ['a text for an enum value', { query: '{ offers(status: ["PENDING"]) { nodes { id } } }' }],
    [
      'an enum value as a default',
      { query: 'query ($s: [OfferStatus!] = [PENDIN]) { offers(status: $s) { nodes { id } } }' },
    ],
    ['an enum value in a variable', { query: OFFER, variables: item({ kind: 'MONNEY' }) }],
    ['an enum value of another case', { query: OFFER, variables: item({ kind: 'money' }) }],
    [
      'a field of an input in the document',
      { query: 'mutation { markRead(input: { conversation: "1" }) { receipt { user { id } } } }' },
    ],
    [
      'a field of an input in a variable',
      { query: OFFER, variables: item({ kind: 'MONEY', amout: 1 }) },
    ],
    ['an operation', { query: 'query Mine { __typename }', operationName: 'Min' }],
  ])('nothing is suggested for %s', async (_, payload) => {
    for (const answer of await askBoth(cluster.node, token, payload)) {
      expect(answer.data).toBeUndefined();
      expect(answer.errors!.length).toBeGreaterThan(0);
      expect(JSON.stringify(answer)).not.toMatch(
        /Did you mean|PENDING"|\bMONEY\b|"amount|sendMessage|messageAdded/,
      );
    }
  });
});
