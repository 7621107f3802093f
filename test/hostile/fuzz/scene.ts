import { randomUUID } from 'node:crypto';
import type { App } from '../../../src/app/app';
import { signToken } from '../../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../../src/config';
import {
  MessageAddedDocument,
  NotifyUserDocument,
  SendMessageDocument,
  UpsertUsersDocument,
} from '../../generated/graphql';
import type { EventStream } from '../../support/event-stream';
import { conversationOf, offerBy, sendBy } from '../../support/factories';
import { Person } from '../../support/person';

/** Ids that inputs are made of: one's own, others', and such that are nobody's. */
export interface Ids {
  conversations: string[];
  messages: string[];
  offers: string[];
  users: string[];
  cursors: string[];
  all: string[];
}

/** One who sends inputs. */
export interface Attacker {
  token: string;
  ids: Ids;
  /** True for the platform's own token, which may read everything. */
  isService: boolean;
}

/** Two people with a conversation, a message and an offer. */
interface Pair {
  people: [Person, Person];
  ids: Ids;
}

const ATTACKERS = 2;

/** The people of a run: attackers, victims whom they must not see, and bystanders who go on talking. */
export class Scene {
  /** Stands in everything that belongs to the victims alone. */
  readonly canary = `canary${randomUUID().replaceAll('-', '')}`;
  attackers: Attacker[] = [];
  /** Texts that no answer may contain. */
  readonly secrets: string[];
  private readonly service: Person;
  private bystanders!: Pair;
  private victims!: Pair;
  private stream: EventStream<{ messageAdded: { content: string } }> | null = null;

  private constructor(private readonly url: string) {
    const token = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    this.service = new Person({ url } as App, 'service', token);
    this.secrets = [DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET, token, this.canary];
  }

  static async set(url: string): Promise<Scene> {
    const scene = new Scene(url);
    scene.victims = await scene.pair('victim', scene.canary);
    const [victim] = scene.victims.people;
    const { canary } = scene;
    const input = { userId: victim.id, title: canary, body: canary, data: { canary } };
    await scene.service.ask(NotifyUserDocument, { input });
    scene.secrets.push(...scene.victims.people.map(({ token }) => token!));
    scene.bystanders = await scene.pair('bystander');
    await scene.renew();
    return scene;
  }

  /** Puts new attackers in the place of those who have left or blocked each other by now. */
  async renew(): Promise<void> {
    const pairs = await Promise.all(Array.from({ length: ATTACKERS }, () => this.pair('attacker')));
    const prey = await this.pair('prey');
    const people = pairs.flatMap((pair) =>
      pair.people.map(({ token }) => ({
        token: token!,
        ids: merged([pair.ids, pair.ids, ...pairs.map(({ ids }) => ids), this.victims.ids]),
        isService: false,
      })),
    );
    const service = { token: this.service.token!, ids: merged([prey.ids]), isService: true };
    this.attackers = [...people, service];
  }

  /** Makes one bystander write to the other, whose socket has been open from the beginning. */
  async talk(): Promise<void> {
    const [sender, reader] = this.bystanders.people;
    const [conversationId] = this.bystanders.ids.conversations;
    this.stream ??= reader.subscribe(MessageAddedDocument, { conversationId, after: 0 });
    const input = { conversationId: conversationId!, content: randomUUID() };
    await sender.ask(SendMessageDocument, { input });
    await this.stream.find(({ messageAdded }) => messageAdded.content === input.content);
  }

  async end(): Promise<void> {
    await this.bystanders.people[1].disconnect();
  }

  private async pair(name: string, text = 'text'): Promise<Pair> {
    const ids = [0, 1].map(() => `${name}-${randomUUID()}`);
    const input = ids.map((id) => ({ id, username: id.slice(0, 30), displayName: name }));
    await this.service.ask(UpsertUsersDocument, { input });
    const people = ids.map((id) => {
      const token = signToken(DEVELOPMENT_SECRET, { sub: id });
      return new Person({ url: this.url } as App, id, token);
    }) as [Person, Person];
    const listingId = `${text}-${randomUUID()}`;
    const { id } = await conversationOf(people, { subject: text, listingId });
    const message = await sendBy(people[0], id, { content: `${text} of a message` });
    const items = [{ giverId: ids[0]!, kind: 'SERVICE' as const, description: text }];
    const offer = await offerBy(people[1], id, { note: text, items });
    return { people, ids: idsOf([id], [message.id], [offer.id], ids) };
  }
}

function idsOf(
  conversations: string[],
  messages: string[],
  offers: string[],
  users: string[],
): Ids {
  const all = [...conversations, ...messages, ...offers, ...users];
  return { conversations, messages, offers, users, cursors: [], all };
}

/** Joins them, and adds ids that are nobody's. */
function merged(parts: readonly Ids[]): Ids {
  const of = (key: keyof Ids) => parts.flatMap((ids) => ids[key]);
  const unknown = randomUUID();
  const ids = idsOf(
    [...of('conversations'), unknown],
    [...of('messages'), unknown],
    [...of('offers'), unknown],
    [...of('users'), unknown],
  );
  const cursors = ids.messages.map((id) => Buffer.from(id).toString('base64'));
  return { ...ids, cursors: [...cursors, 'MQ==', 'MA'] };
}
