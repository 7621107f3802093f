import { people } from '../api/people';
import {
  ConversationEventsDocument,
  DeactivateUserDocument,
  EditMessageDocument,
  EmitEventDocument,
  LeaveConversationDocument,
  MessageAddedDocument,
  NotifyUserDocument,
  RemoveParticipantDocument,
  RevokeTokensDocument,
  SetTypingDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { document, FORMS, Tally, WIDE } from './attempts';
import { type Operation, operations, variablesOf } from './schema';
import type { Target } from './table/arguments';

type Event = Record<string, unknown>;

interface Listening {
  operation: Operation;
  stream: EventStream<Event>;
}

/** How the subject loses access: to the group alone, or to everything. */
const WAYS: [
  name: string,
  loses: 'the group' | 'everything',
  way: (service: Person, subject: Person, conversationId: string) => Promise<unknown>,
][] = [
  [
    'leaves',
    'the group',
    (_service, subject, conversationId) =>
      subject.ask(LeaveConversationDocument, { input: { conversationId } }),
  ],
  [
    'is removed',
    'the group',
    (service, { id: userId }, conversationId) =>
      service.ask(RemoveParticipantDocument, { input: { conversationId, userId } }),
  ],
  [
    'is deactivated',
    'everything',
    (service, { id: userId }) => service.ask(DeactivateUserDocument, { input: { userId } }),
  ],
  [
    'has their tokens revoked',
    'everything',
    (service, { id: userId }) => service.ask(RevokeTokensDocument, { input: { userId } }),
  ],
];

describe.each(FORMS)('whoever loses access while they listen, $form', ({ form, nodes }) => {
  let cluster: Cluster;
  const tally = new Tally();

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: WIDE });
  });
  afterAll(async () => {
    tally.print(`lost access ${form}`);
    await cluster.stop();
  });

  /** One of everything that can be heard of, each with the text wherever one may stand. */
  async function act(actor: Person, conversationId: string, to: Person, text: string) {
    const { id: messageId, sequence } = await sendBy(actor, conversationId, { content: text });
    await actor.ask(EditMessageDocument, { input: { messageId, content: `${text} again` } });
    await offerBy(actor, conversationId, { note: text, recipientId: to.id });
    const name = text;
    await cluster.service().ask(EmitEventDocument, { input: { conversationId, name } });
    await actor.ask(SetTypingDocument, { input: { conversationId, isTyping: true } });
    const open = actor.subscribe(MessageAddedDocument, { conversationId, after: 0 });
    await open.next();
    open.stop();
    return sequence;
  }

  /** Subscribes to everything, and resolves when all of it is in force. */
  async function listen(subject: Person, target: Target, act: () => Promise<unknown>) {
    const listening = operations('subscription').map((operation): Listening => {
      const variables = variablesOf(operation, target);
      return { operation, stream: subject.subscribe(document(operation, 1), variables) };
    });
    do await act();
    while (listening.some(({ stream }) => stream.received.length === 0));
    return listening;
  }

  async function expectEnded(ended: Listening[], loses: (typeof WAYS)[number][1]) {
    const expected =
      loses === 'everything'
        ? { closed: { code: 4401 } }
        : { errors: [{ extensions: { code: 'FORBIDDEN' } }] };
    for (const { operation, stream } of ended)
      expect([operation.name, await stream.ended()]).toMatchObject([operation.name, expected]);
  }

  /** Waits for what comes from home after everything else; presence and badges do not name it. */
  async function untilHeard(live: Listening[], home: string): Promise<void> {
    const waiting = live.filter(({ operation }) => !/Presence|inbox/.test(operation.name));
    const said = expect.stringMatching(`home|${home}`);
    await eventually(() => {
      for (const { operation, stream } of waiting)
        expect([operation.name, JSON.stringify(stream.received)]).toEqual([operation.name, said]);
    });
  }

  test.each(WAYS)('%s: nothing of %s', async (_name, loses, lose) => {
    const [actor, other, listener, friend] = await people(
      cluster,
      ...(['actor', 'other', 'subject', 'friend'] as const),
    );
    // At the other node, if there is one.
    const subject = cluster.device(listener, cluster.nodes.at(-1));
    const service = cluster.service();
    const { id } = await conversationOf([actor, other, subject]);
    const { id: home } = await conversationOf([friend, subject]);
    const target = { conversation: id, user: actor.id } as Target;
    const listening = await listen(subject, target, async () => {
      await act(actor, id, other, 'before');
      const input = { userId: subject.id, title: 'before' };
      await service.ask(NotifyUserDocument, { input });
    });

    await lose(service, subject, id);
    const sequence = await act(actor, id, other, 'after');
    const follower = other.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    await follower.find((event) => event.conversationEvents.sequence >= sequence);

    const isEnded = ({ operation: { name, field } }: Listening) =>
      loses === 'everything' ||
      (!name.endsWith(' of all') && field.args.some((arg) => arg.name === 'conversationId'));
    await expectEnded(listening.filter(isEnded), loses);
    const live = listening.filter((one) => !isEnded(one));
    if (live.length > 0) {
      const input = { userId: subject.id, title: 'home' };
      await act(friend, home, subject, 'home');
      await service.ask(NotifyUserDocument, { input });
      await untilHeard(live, home);
    }
    for (const { operation, stream } of listening) {
      const text = JSON.stringify(stream.received);
      expect([operation.name, text.includes('"after')]).toEqual([operation.name, false]);
      const late = stream.received
        .map((event) => event[operation.field.name] as Event)
        .filter((event) => event.conversationId === id)
        .filter(({ lastReadSequence }) => Number(lastReadSequence) >= sequence);
      expect(late).toEqual([]);
      expect(stream.eventErrors).toEqual([]);
    }
    tally.add('subscriptions that lost access', listening.length);
    for (const person of [actor, other, listener, subject, friend]) await person.disconnect();
  });
});
