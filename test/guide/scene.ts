import { randomUUID } from 'node:crypto';
import { parse } from 'graphql';
import type { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';

/** The people and the conversation of the guide's snippets. */
export interface Scene {
  alice: Person;
  bob: Person;
  service: Person;
  conversationId: string;
  /** Values for all variables that the snippets have, fresh where each may be used once only. */
  variables(): Promise<Record<string, unknown>>;
}

export async function openScene(cluster: Cluster): Promise<Scene> {
  const [alice, bob] = (await cluster.persons('alice', 'bob', 'ann-1')) as [Person, Person];
  const { id: conversationId } = await conversationOf([alice, bob]);
  for (const content of ['Is it still there?', 'It is.'])
    await sendBy(bob, conversationId, { content });
  return {
    alice,
    bob,
    service: cluster.service(),
    conversationId,
    variables: async () => {
      const offer = await offerBy(alice, conversationId);
      return {
        conversationId,
        after: 0,
        before: await startCursor(alice, conversationId),
        clientMessageId: randomUUID(),
        sequence: 1,
        myId: alice.id,
        userId: bob.id,
        userIds: [bob.id],
        offerId: offer.id,
        version: offer.version,
      };
    },
  };
}

interface Room {
  conversation: { messages: { pageInfo: { startCursor: string } } };
}

async function startCursor(person: Person, id: string): Promise<unknown> {
  const query = parse(
    'query ($id: ID!) { conversation(id: $id) { messages(last: 1) { pageInfo { startCursor } } } }',
  );
  const { data } = await person.request(query, { id });
  const { conversation } = data as Room;
  return conversation.messages.pageInfo.startCursor;
}

/** What others do so that a subscription of alice has something to tell. */
const DEEDS: Record<string, (scene: Scene, turn: number) => Promise<unknown>> = {
  messageAdded: say,
  conversationEvents: say,
  conversationUpdated: say,
  inboxUpdated: say,
  notificationAdded: (scene) =>
    askAs(
      scene.service,
      `mutation { notifyUser(input: { userId: "alice", title: "t" }) {
      notification { id } } }`,
    ),
  offerUpdated: (scene) => offerBy(scene.bob, scene.conversationId),
  messageUpdated: async (scene) => {
    const { id } = await sendBy(scene.bob, scene.conversationId);
    return askAs(
      scene.bob,
      `mutation { editMessage(input: { messageId: "${id}", content: "e" }) {
      message { id } } }`,
    );
  },
  messagesRead: say,
  typing: (scene, turn) =>
    askAs(
      scene.bob,
      `mutation { setTyping(input: {
      conversationId: "${scene.conversationId}", isTyping: ${turn % 2 === 0} }) { ok } }`,
    ),
  viewers: async (scene) => {
    scene.bob.subscribe(
      parse(`subscription { messageAdded(conversationId: "${scene.conversationId}") { id } }`),
      {},
    );
  },
  // The present state comes by itself.
  userPresence: async () => {},
  customEvent: (scene) =>
    askAs(
      scene.service,
      `mutation { emitEvent(input: {
      conversationId: "${scene.conversationId}", name: "listing.sold" }) { ok } }`,
    ),
};

/** Lets the deeds of a subscription happen again and again, until it is stopped by the result. */
export function stir(scene: Scene, subscription: string): () => Promise<void> {
  let isOver = false;
  const work = (async () => {
    for (let turn = 0; !isOver; turn++) {
      await DEEDS[subscription]!(scene, turn);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return () => {
    isOver = true;
    return work;
  };
}

function say(scene: Scene): Promise<unknown> {
  return sendBy(scene.bob, scene.conversationId);
}

async function askAs(person: Person, text: string): Promise<unknown> {
  const { data, errors } = await person.request(parse(text), {});
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
