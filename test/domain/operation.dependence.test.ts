import { type OperationDefinitionNode, parse } from 'graphql';
import { dependenceOf } from '../../src/execution/operation.dependence';
import { getSchema } from '../../src/graphql/schema';

function shape(text: string) {
  const document = parse(text);
  const operation = document.definitions.find(
    ({ kind }) => kind === 'OperationDefinition',
  ) as OperationDefinitionNode;
  return dependenceOf(getSchema(), document, operation);
}

describe('what a selection depends on', () => {
  test.each([
    [
      'everyone',
      '{ messageAdded { id content sender { id } conversation { id participants { user { id } } } } }',
    ],
    ['members', '{ messageAdded { replyTo { id } } }'],
    ['members', '{ conversationEvents(conversationId: "1") { message { id } } }'],
    ['caller', '{ messageAdded { conversation { unreadCount } } }'],
    ['caller', '{ messageAdded { replyTo { sender { presence { online } } } } }'],
    ['caller', '{ messageAdded { sender { ... { ... on User { blocks: blockedByViewer } } } } }'],
    [
      'caller',
      '{ ...Root } fragment Root on Subscription { offerUpdated { ...Offer } } fragment Offer on OfferUpdate { offer { availableActions } }',
    ],
    ['caller', '{ messageAdded { conversation { archived @skip(if: true) } } }'],
    ['everyone', '{ __typename messageAdded { __typename id } }'],
  ])('is %s: %s', (dependence, selection) => {
    expect(shape(`subscription ${selection}`).dependence).toBe(dependence);
  });

  test('is of the variables below the root field, and of those that choose it', () => {
    const { variables } = shape(`
      subscription ($id: ID, $after: Int, $viewing: Boolean!, $brief: Boolean!, $n: Int, $root: Boolean!, $in: Boolean!) {
        messageAdded(conversationId: $id, after: $after, viewing: $viewing) @include(if: $root) {
          content @skip(if: $brief)
          ...Rest @include(if: $in)
        }
      }
      fragment Rest on Message { conversation { events(first: $n) { sequence } } }
    `);
    expect(variables).toEqual(['brief', 'in', 'n', 'root']);
  });

  test("is of a fragment's root arguments only where they are not the root's", () => {
    const { variables } = shape(`
      subscription ($id: ID, $first: Int) { ...Root }
      fragment Root on Subscription { messageAdded(conversationId: $id) { conversation { messages(first: $first) { nodes { id } } } } }
    `);
    expect(variables).toEqual(['first']);
  });
});
