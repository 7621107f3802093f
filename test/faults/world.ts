import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import type { Answer, Arena } from './arena';
import { type Cause, type Close, causeOf } from './closes';
import { Follower } from './follower';
import { InboxFollower } from './inbox-follower';
import type { Listener } from './listener';
import { CONVERSATIONS, PEOPLE, type Step } from './script';
import { complaintsAboutEvents, type Logged, spansOf } from './verdict';

const START = `mutation ($input: StartConversationInput!) { startConversation(input: $input) { conversation { id } } }`;
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id sequence } } }`;
const EDIT = `mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }`;
const DELETE = `mutation ($input: DeleteMessageInput!) { deleteMessage(input: $input) { message { id } } }`;
const OFFER = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { offer { id } } }`;
const DECLINE = `mutation ($input: OfferActionInput!) { declineOffer(input: $input) { offer { id } } }`;
const LEAVE = `mutation ($input: LeaveConversationInput!) { leaveConversation(input: $input) { conversationId } }`;
const ADD = `mutation ($input: AddParticipantInput!) { addParticipant(input: $input) { conversation { id } } }`;
const READ = `mutation ($input: MarkReadInput!) { markRead(input: $input) { inbox { id } } }`;
const UPSERT = `mutation ($input: [UpsertUserInput!]!) { upsertUsers(input: $input) { users { id } } }`;

/** Longer than the 5 s that are promised, by what a client needs to come back. */
const CATCH_UP_MS = 15_000;

/** One run: a few people and conversations of its own, who does what, who follows whom, and whether all was told. */
export class World {
  readonly followers: Follower[] = [];
  private readonly inboxes: InboxFollower[] = [];
  private readonly people: string[];
  private readonly conversations: string[] = [];
  private readonly acknowledged: { conversationId: string; id: string; sequence: number }[] = [];
  private readonly ownMessages = new Map<string, string>();
  private readonly offers = new Map<string, { id: string; by: string }>();
  /** The codes of all errors that were answered to what people did. */
  readonly codes: string[] = [];
  private readonly underWay: Promise<unknown>[] = [];
  /** Complaints about a node that was told to end. */
  private readonly endings: string[] = [];

  private constructor(
    private readonly arena: Arena,
    seed: number,
  ) {
    this.people = Array.from(
      { length: PEOPLE },
      (_, index) => `s${seed}-${index}-${randomUUID().slice(0, 8)}`,
    );
  }

  static async create(arena: Arena, seed: number): Promise<World> {
    const world = new World(arena, seed);
    const input = world.people.map((id) => ({ id, username: id }));
    await arena.insist(null, UPSERT, { input });
    for (let index = 0; index < CONVERSATIONS; index++) {
      const others = index === 0 ? world.people.slice(1, 2) : world.people.slice(1);
      const { data } = await arena.insist(world.people[0]!, START, {
        input: {
          participantIds: others,
          ...(others.length > 1 && { clientConversationId: randomUUID() }),
        },
      });
      world.conversations.push((data as unknown as Started).startConversation.conversation.id);
    }
    // Everywhere somebody follows from the beginning, in both ways.
    for (const [index, mode] of (['resumable', 'bare', 'resumable', 'bare'] as const).entries())
      await world.take({ do: 'follow', who: index % 2, where: index % CONVERSATIONS, mode });
    for (const [index, mode] of (['resumable', 'bare'] as const).entries())
      world.inboxes.push(new InboxFollower(arena, world.people[index]!, mode, index));
    for (const inbox of world.inboxes) inbox.start();
    return world;
  }

  /** Does one step; what takes time goes on beside the next ones. */
  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'pause':
        return new Promise((resolve) => setTimeout(resolve, step.forMs));
      case 'drop':
        return this.listeners[step.which % this.listeners.length]?.drop();
      case 'stall':
        return this.listeners[step.which % this.listeners.length]?.stall(step.forMs);
      case 'follow':
        return this.follow(step.who, step.where, step.mode);
      case 'kill redis clients':
        return this.meanwhile(this.arena.killRedisClients(step.type));
      case 'restart redis':
        return this.meanwhile(this.arena.restartRedis(step.awayMs));
      case 'stall network':
        return this.arena.stallNetwork();
      case 'half-close network':
        return this.arena.halfCloseNetwork();
      case 'cut network':
        return this.arena.cutNetwork();
      case 'slow network':
        return this.arena.slowNetwork(step.delayMs);
      case 'terminate backends':
        return this.meanwhile(this.arena.operator.terminateAll());
      case 'terminate a backend':
        return this.meanwhile(this.arena.operator.terminateOne());
      case 'terminate a busy backend':
        return this.meanwhile(this.terminateBusy());
      case 'fail over to read-only':
        return this.meanwhile(this.arena.operator.failOverToReadOnly(step.forMs));
      case 'freeze a connection':
        return this.arena.freezeConnection(step.which);
      case 'restart postgres':
        return this.meanwhile(this.arena.restartPostgres(step.awayMs));
      case 'terminate a node':
        return this.meanwhile(this.terminateNode(step.which));
      default:
        return this.meanwhile(
          this.act(step.do, this.people[step.who]!, this.conversations[step.where]!),
        );
    }
  }

  /** Waits until everybody has caught up, then says everything that is not as promised. */
  async verdict(): Promise<string[]> {
    // What is under way may begin something more.
    for (let count = 0; count < this.underWay.length; ) {
      count = this.underWay.length;
      await Promise.allSettled(this.underWay);
    }
    this.arena.slowNetwork(0);
    const complaints: string[] = [];
    for (const conversationId of this.conversations) {
      const log = await this.log(conversationId);
      complaints.push(...this.complaintsAboutLog(conversationId, log));
      for (const follower of this.followers.filter((one) => one.conversationId === conversationId))
        complaints.push(...(await this.complaintsAbout(follower, log)));
    }
    for (const inbox of this.inboxes) complaints.push(...(await this.complaintsAboutInbox(inbox)));
    this.arena.thaw();
    const foreign = this.arena.foreignAnswers.splice(0).map((text) => `answered with ${text}`);
    return [...complaints, ...this.endings, ...foreign];
  }

  /** The closes of the listeners' sockets, by their causes. */
  closes(): ReadonlyMap<Cause, readonly Close[]> {
    const causes = new Map<Cause, Close[]>();
    for (const close of this.listeners.flatMap((listener) => listener.closes)) {
      const cause = causeOf(close, this.arena.operator);
      causes.set(cause, [...(causes.get(cause) ?? []), close]);
    }
    return causes;
  }

  private get listeners(): Listener<object>[] {
    return [...this.followers, ...this.inboxes];
  }

  get reconnections(): number {
    return this.listeners.reduce((sum, follower) => sum + Math.max(0, follower.connections - 1), 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.stop()));
  }

  private meanwhile(work: Promise<unknown>): void {
    this.underWay.push(work);
    work.catch(() => {});
  }

  private terminateBusy(): Promise<void> {
    const [conversationId, sender] = [this.conversations[0]!, this.people[0]!];
    return this.arena.operator.terminateBusy(conversationId, () =>
      this.meanwhile(this.act('send', sender, conversationId)),
    );
  }

  private async terminateNode(which: number): Promise<void> {
    const { places } = this.arena;
    await places[which % places.length]!.terminate().catch((error: Error) => {
      this.endings.push(error.message);
    });
  }

  private async follow(who: number, where: number, mode: 'resumable' | 'bare'): Promise<void> {
    const userId = this.people[who]!;
    const follower = new Follower(
      this.arena,
      userId,
      this.conversations[where]!,
      mode,
      this.followers.length,
    );
    this.followers.push(follower);
    this.meanwhile(follower.start());
  }

  private async act(action: string, userId: string, conversationId: string): Promise<void> {
    const { arena } = this;
    const place = arena.places[Math.floor(Math.random() * arena.places.length)]!;
    const ask = async (query: string, input: object) => {
      const answer = await arena.ask(place, userId, query, { input });
      for (const error of answer?.errors ?? []) this.codes.push(error.extensions.code);
      return answer;
    };
    const own = this.ownMessages.get(userId + conversationId);
    const offer = this.offers.get(conversationId);
    if (action === 'send')
      this.acknowledge(conversationId, userId, await ask(SEND, message(conversationId)));
    if (action === 'send through the doomed node')
      await arena.ask(arena.doomed, userId, SEND, { input: message(conversationId) });
    if (action === 'edit' && own)
      await ask(EDIT, { messageId: own, content: `edited ${randomUUID()}` });
    if (action === 'read')
      await ask(READ, { conversationId, sequence: Math.floor(Math.random() * 30) });
    if (action === 'delete' && own) await ask(DELETE, { messageId: own });
    if (action === 'leave' && conversationId !== this.conversations[0])
      await ask(LEAVE, { conversationId });
    if (action === 'add') {
      const neighbour = this.people[(this.people.indexOf(userId) + 1) % PEOPLE]!;
      await ask(ADD, { conversationId, userId: neighbour });
    }
    if (action === 'offer') await this.offer(userId, conversationId);
    if (action === 'answer' && offer)
      await arena.ask(place, offer.by, DECLINE, { input: { offerId: offer.id, version: 1 } });
  }

  private async offer(userId: string, conversationId: string): Promise<void> {
    const recipientId = this.people[this.people[0] === userId ? 1 : 0]!;
    const items = [{ giverId: userId, kind: 'CREDITS', amount: 5 }];
    const answer = await this.arena.ask(this.arena.places[0]!, userId, OFFER, {
      input: { conversationId, recipientId, items },
    });
    const created = answer?.data as unknown as
      | { createOffer: { offer: { id: string } } }
      | undefined;
    if (created)
      this.offers.set(conversationId, { id: created.createOffer.offer.id, by: recipientId });
  }

  private acknowledge(conversationId: string, userId: string, answer: Answer | null): void {
    const sent = answer?.data as unknown as
      | { sendMessage: { message: { id: string; sequence: number } } }
      | undefined;
    if (!sent) return;
    this.acknowledged.push({ conversationId, ...sent.sendMessage.message });
    this.ownMessages.set(userId + conversationId, sent.sendMessage.message.id);
  }

  private async log(conversationId: string): Promise<Logged[]> {
    const { rows } = await this.arena.database.query(
      'select * from conversation_events where conversation_id = $1 order by sequence',
      [conversationId],
    );
    return rows;
  }

  /** Notifications may still be on their way by a late look: the inbox is compared until it stands still. */
  private async complaintsAboutInbox(follower: InboxFollower): Promise<string[]> {
    let complaints: string[] = [];
    await eventually(async () => {
      const { rows } = await this.arena.database.query(
        'select id, sequence, kind, count, read_at as "readAt" from notifications where user_id = $1 order by sequence',
        [follower.userId],
      );
      complaints = follower.complaints(
        rows.map((row) => ({ ...row, readAt: row.readAt?.toISOString() ?? null })),
      );
      if (complaints.length > 0) throw new Error('behind');
    }, CATCH_UP_MS).catch(() => {});
    return complaints.map(
      (complaint) => `${follower.mode} follower of ${follower.userId}'s inbox: ${complaint}`,
    );
  }

  private complaintsAboutLog(conversationId: string, log: readonly Logged[]): string[] {
    const complaints: string[] = [];
    if (log.some((event, index) => event.sequence !== index + 1))
      complaints.push(`${conversationId}: the log has a gap`);
    for (const message of this.acknowledged.filter((one) => one.conversationId === conversationId))
      if (log[message.sequence - 1]?.message_id !== message.id)
        complaints.push(
          `${conversationId}: message ${message.id} was acknowledged as ${message.sequence} and is not there`,
        );
    return complaints;
  }

  private async complaintsAbout(follower: Follower, log: readonly Logged[]): Promise<string[]> {
    const initially =
      follower.conversationId !== this.conversations[0] || this.people.indexOf(follower.userId) < 2;
    const spans = spansOf(follower.userId, log, initially);
    if (spans.length === 0)
      return follower.ending === 'FORBIDDEN' && follower.received.length === 0 ? [] : ['got in'];
    const present = spans.at(-1)!.until === null;
    const head = log.length;
    const due = Math.max(spans.at(-1)!.joined, follower.after) < head;
    if (present && due && follower.ending === null)
      await eventually(() => {
        if (follower.last < head) throw new Error('behind');
      }, CATCH_UP_MS).catch(() => {});
    const found = complaintsAboutEvents(follower, spans, head);
    // Whoever left and joined anew while they were away has missed by right what happened before; their first
    // fetch says nothing about it.
    const sinceFetch = spans.at(-1)!.joined <= follower.after;
    if (present && sinceFetch && follower.ending === null && found.length === 0)
      found.push(...(await follower.differences()));
    const name = `${follower.mode} follower ${follower.userId} of ${follower.conversationId} after ${follower.after}`;
    return found.map((complaint) => `${name}: ${complaint}`);
  }
}

interface Started {
  startConversation: { conversation: { id: string } };
}

function message(conversationId: string): object {
  return { conversationId, content: `words ${randomUUID()}`, clientMessageId: randomUUID() };
}
