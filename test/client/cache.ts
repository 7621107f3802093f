import {
  type FieldMergeFunction,
  type FieldReadFunction,
  InMemoryCache,
  type Reference,
} from '@apollo/client';

type Connection = { nodes: readonly Reference[] };
type Read = FieldReadFunction<Connection>;

const greater: FieldMergeFunction<number> = (existing, incoming) =>
  Math.max(existing ?? incoming, incoming);

/** Pages make one list, each node once; its order is made when it is read. */
const union: FieldMergeFunction<Connection> = (existing, incoming) => ({
  ...incoming,
  nodes: withNodes(existing?.nodes ?? [], incoming.nodes),
});

/** A list with more nodes, each once. */
export function withNodes(nodes: readonly Reference[], more: readonly Reference[]): Reference[] {
  return [...new Map([...nodes, ...more].map((node) => [node.__ref, node])).values()];
}

/** In the order of two fields, as the server has it. */
function inOrder(fields: readonly [string, string], direction: 1 | -1): Read {
  return (existing, { readField }) => {
    const placed = existing?.nodes.map((node) => ({
      node,
      place: fields.map((field) => placeOf(readField(field, node))),
    }));
    placed?.sort((one, other) => (`${one.place}` < `${other.place}` ? -direction : direction));
    return existing && { ...existing, nodes: placed!.map(({ node }) => node) };
  };
}

/** As a text in the order of the values. */
function placeOf(value: unknown): string {
  return typeof value === 'number' ? String(value).padStart(10, '0') : String(value);
}

/** Of all the conversations that are known those of one list, the newest activity first. */
const listed: Read = (existing, options) => {
  const { args, readField } = options;
  const nodes = existing?.nodes.filter((node) => readField('archived', node) === args!.archived);
  return inOrder(['updatedAt', 'id'], -1)(nodes && { ...existing, nodes }, options);
};

/** A cache as a frontend would set it up. What comes late and is old does not come so far: see `newest.ts`. */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      Query: {
        fields: {
          conversations: { keyArgs: false, merge: union, read: listed },
          notifications: { keyArgs: false, merge: union, read: inOrder(['sequence', 'id'], -1) },
        },
      },
      Conversation: {
        fields: {
          messages: { keyArgs: false, merge: union, read: inOrder(['sequence', 'id'], 1) },
          offers: { keyArgs: false, merge: union, read: inOrder(['createdAt', 'id'], -1) },
          participants: { merge: false },
        },
      },
      // Both only ever grow, also for who leaves and joins anew.
      Participant: {
        fields: { lastReadSequence: { merge: greater }, joinedSequence: { merge: greater } },
      },
    },
  });
}
