import { randomBytes } from 'node:crypto';
import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { FrameShapes, SHOWN_NAMES } from '../../src/frame-trace/frame.shape';
import { vocabularyOf } from '../../src/frame-trace/frame.vocabulary';
import { readOperation } from '../../src/frame-trace/operation.facts';
import { getSchema } from '../../src/graphql/schema';

const WORDS = 'the words of a person';
const UUID = '018f3a5c-0000-7000-8000-000000000001';
const MAX_DEPTH = 3;
/** Ids that the platform or the client made up: texts by their type. */
const IDS_THAT_ARE_TEXT = ['listingId', 'clientMessageId', 'clientOfferId', 'clientConversationId'];

const vocabulary = vocabularyOf(getSchema());
const shapes = (key = randomBytes(32)) => new FrameShapes(vocabulary, key, 'älice');
const factsOf = (query: string) => readOperation(query, null);
const answer = (data: unknown, query: string | null) =>
  shapes().ofAnswer('next', { data }, query === null ? null : factsOf(query));

/** An answer of this type in which each text is one of a person's. */
function sample(type: GraphQLOutputType, depth = 0): unknown {
  if (isNonNullType(type)) return sample(type.ofType, depth);
  if (isListType(type)) return [sample(type.ofType, depth)];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (!isObjectType(type))
    return (
      { ID: UUID, Int: 7, SafeInt: 7, Boolean: true, JSON: { [WORDS]: WORDS } }[type.name] ?? WORDS
    );
  return depth === MAX_DEPTH ? null : sampleObject(type, depth);
}

function sampleObject(type: GraphQLObjectType, depth: number) {
  const fields = Object.values(type.getFields()).filter(
    ({ name }) => !IDS_THAT_ARE_TEXT.includes(name),
  );
  return Object.fromEntries(fields.map(({ name, type }) => [name, sample(type, depth + 1)]));
}

describe('the shape of a frame', () => {
  const objects = Object.values(getSchema().getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );

  test.each(objects.map((type) => [type.name, type] as const))(
    'of a %s hides each text that is no id, code or time',
    (_, type) => {
      const data = sampleObject(type, 0);
      const text = JSON.stringify(answer(data, null));
      expect(JSON.stringify(data)).toMatch(/[\w"]/);
      expect(text).not.toContain('person');
    },
  );

  test('lists only names that the schema or the protocol has', () => {
    const ofProtocol = ['connectionId', 'logEpoch', '__typename'];
    const unknown = SHOWN_NAMES.filter((name) => !vocabulary.names.has(name));
    expect(unknown.sort()).toEqual([...ofProtocol].sort());
  });

  test('shows ids, sequences, kinds and times, and hides the rest with its length', () => {
    const query =
      '{ messageAdded { id sequence createdAt content sender { id username } kind: sequence } }';
    const messageAdded = {
      id: UUID,
      sequence: 3,
      createdAt: '2026-11-28T12:00:00.000Z',
      content: 'Grüße 👋',
      sender: { id: 'bob : the second', username: 'Bob' },
      kind: 3,
    };
    expect(answer({ messageAdded }, query)).toEqual({
      data: {
        messageAdded: {
          ...messageAdded,
          content: expect.stringMatching(/^#[\da-f]{8}~7$/),
          sender: { id: 'bob : the second', username: expect.stringMatching(/^#[\da-f]{8}~3$/) },
        },
      },
    });
  });

  test.each([
    ['an id', '{ m: messageAdded { id: content } }', { m: { id: WORDS } }],
    [
      'an id in one place only',
      '{ messageAdded { id: content sender { id } } }',
      { messageAdded: { id: WORDS } },
    ],
    ['a code', '{ messageAdded { kind: content } }', { messageAdded: { kind: 'PENDING' } }],
    ['an object', '{ customEvent { sender: data } }', { customEvent: { sender: { id: WORDS } } }],
    [
      'an id in a fragment',
      '{ messageAdded { ...M } } fragment M on Message { id: content }',
      { messageAdded: { id: WORDS } },
    ],
  ])('is not deceived by a text that a client calls %s', (_, query, data) => {
    const text = JSON.stringify(answer(data, query));
    expect(text).not.toMatch(/person|PENDING/);
    expect(text).toMatch(/#[\da-f]{8}/);
  });

  test('of an operation without a document shows no id but UUIDs and the user', () => {
    const data = { messageAdded: { id: UUID, sender: { id: 'bob' }, replyTo: { id: 'älice' } } };
    expect(answer(data, null)).toEqual({
      data: {
        messageAdded: {
          id: UUID,
          sender: { id: expect.stringMatching(/^#/) },
          replyTo: { id: 'älice' },
        },
      },
    });
  });

  test('of a request shows variables whose type and name say what they are', () => {
    const query = `mutation ($input: SendMessageInput!, $id: String, $other: ID!, $after: Int, $amount: Int, $viewing: Boolean) {
      sendMessage(input: $input) { message { id } } }`;
    const input = { conversationId: UUID, content: WORDS, clientMessageId: 'c-1', [WORDS]: WORDS };
    const variables = {
      input,
      id: WORDS,
      other: 'bob',
      after: 5,
      amount: 700,
      viewing: true,
      [WORDS]: 1,
    };
    const shape = shapes().ofRequest({ query, variables }, factsOf(query)) as {
      variables: Record<string, unknown>;
    };
    expect(JSON.stringify(shape)).not.toMatch(/person|:700|mutation/);
    expect(shape.variables).toMatchObject({
      input: { conversationId: UUID, clientMessageId: 'c-1' },
      other: 'bob',
      after: 5,
      viewing: true,
    });
  });

  test('of an error shows its code and figures, and no message', () => {
    const payload = [
      {
        message: WORDS,
        path: ['sendMessage', 0],
        extensions: { code: 'CONFLICT', currentVersion: 3, reason: WORDS, field: 'input.content' },
      },
    ];
    const shape = shapes().ofAnswer('error', payload, null);
    expect(JSON.stringify(shape)).not.toContain('person');
    expect(shape).toMatchObject([
      {
        path: ['sendMessage', 0],
        extensions: { code: 'CONFLICT', currentVersion: 3, field: 'input.content' },
      },
    ]);
  });

  test('hashes equal texts alike within one trace only', () => {
    const [one, other] = [shapes(), shapes()];
    expect(one.hidden(WORDS)).toBe(one.hidden(WORDS));
    expect(one.hidden(WORDS)).not.toBe(other.hidden(WORDS));
    expect(one.hidden(WORDS)).not.toBe(one.hidden(`${WORDS}.`));
  });

  test('is bounded, however much there is', () => {
    const nodes = Array.from({ length: 100 }, () => ({
      messages: { nodes: Array(100).fill({ id: UUID }) },
    }));
    const text = JSON.stringify(answer({ conversations: { nodes } }, null));
    expect(text.length).toBeLessThan(20_000);
    expect(text).toContain('… 80 more');
  });

  test.each([
    ['nothing', undefined],
    ['a number', 5],
    ['a text', WORDS],
    ['a list', [WORDS]],
    [
      'a prototype',
      JSON.parse('{"data":{"__proto__":{"id":"the words of a person"},"constructor":"person"}}'),
    ],
  ])('of %s where an answer should be is a shape as well', (_, payload) => {
    const shape = shapes().ofAnswer('next', payload, null);
    expect(JSON.stringify(shape) ?? '').not.toContain('person');
  });
});
