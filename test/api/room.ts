import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

type Variables = Record<string, unknown>;

/** One person with a device at each of two nodes. */
export interface Somebody {
  readonly id: string;
  readonly here: Person;
  readonly there: Person;
  readonly both: readonly Person[];
}

/** A conversation of Alice's and Bob's, to which Carol is a stranger: she talks with Dave elsewhere. */
export interface Room {
  readonly id: string;
  readonly elsewhere: string;
  readonly alice: Somebody;
  readonly bob: Somebody;
  readonly carol: Somebody;
  readonly dave: Somebody;
}

/** Nothing was said yet, and no device is connected. */
export async function openRoom(cluster: Cluster): Promise<Room> {
  const persons = await people(cluster, 'alice', 'bob', 'carol', 'dave');
  const [alice, bob, carol, dave] = persons.map((person) => atBothNodes(cluster, person)) as [
    Somebody,
    Somebody,
    Somebody,
    Somebody,
  ];
  const [{ id }, { id: elsewhere }] = await Promise.all([
    conversationOf([alice.here, bob.here]),
    conversationOf([carol.here, dave.here]),
  ]);
  return { id, elsewhere, alice, bob, carol, dave };
}

function atBothNodes(cluster: Cluster, person: Person): Somebody {
  const [here, there] = cluster.nodes.map((node) => cluster.device(person, node)) as [
    Person,
    Person,
  ];
  return { id: person.id, here, there, both: [here, there] };
}

/** The same subscription on both devices of each. */
export function listen<T, V extends Variables>(
  listeners: readonly Somebody[],
  document: TypedDocumentNode<T, V>,
  variables: V,
): EventStream<T>[] {
  return listeners.flatMap(({ both }) =>
    both.map((device) => device.subscribe(document, variables)),
  );
}

/** The next event of each stream. */
export function nextOf<T>(streams: readonly EventStream<T>[]): Promise<T[]> {
  return Promise.all(streams.map((stream) => stream.next()));
}

/** A query or mutation is FORBIDDEN to them at both nodes, over HTTP and over the socket. */
export async function expectForbidden<T, V extends Variables>(
  { both }: Somebody,
  document: TypedDocumentNode<T, V>,
  variables: V,
): Promise<void> {
  for (const device of both)
    for (const answer of [
      await device.request(document, variables),
      await device.askSocket(document, variables),
    ])
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
}

/** A subscription is FORBIDDEN to them at both nodes. */
export async function expectDeaf<T, V extends Variables>(
  somebody: Somebody,
  document: TypedDocumentNode<T, V>,
  variables: V,
): Promise<void> {
  for (const stream of listen([somebody], document, variables))
    expect(await stream.refusal()).toBe('FORBIDDEN');
}
