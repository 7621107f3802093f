import {
  UserPresenceDocument,
  type UserPresenceSubscription,
  ViewersDocument,
  ViewersOfDocument,
  type ViewersSubscription,
} from '../generated/graphql';
import type { EventStream } from './event-stream';
import { eventually } from './eventually';
import type { Person } from './person';

/** What somebody in a conversation is told of the others: who has it open, and who is online. */
export class Observer {
  private readonly viewers: EventStream<ViewersSubscription>;
  private readonly presence: EventStream<UserPresenceSubscription>;

  constructor(
    readonly person: Person,
    private readonly conversationId: string,
    private readonly watched: readonly Person[],
  ) {
    this.viewers = person.subscribe(ViewersDocument, { conversationId });
    this.presence = person.subscribe(UserPresenceDocument, {
      userIds: watched.map(({ id }) => id),
    });
  }

  /** Resolves when both streams are in force: everyone's present state came, and somebody has the conversation open. */
  async ready(): Promise<void> {
    await eventually(() => {
      expect(this.viewers.received.length).toBeGreaterThan(0);
      expect(this.presence.received.length).toBeGreaterThanOrEqual(this.watched.length);
    });
  }

  /** JOINED and LEFT, as they came. */
  viewingOf({ id }: Person): string[] {
    return this.viewers.received
      .filter(({ viewers }) => viewers.user.id === id)
      .map(({ viewers }) => viewers.state);
  }

  /** The state at the beginning, then the changes. */
  presenceOf({ id }: Person): string[] {
    return this.statesOf(id).map(({ online }) => (online ? 'online' : 'offline'));
  }

  /** When the person was last seen, by the newest event about them. */
  lastSeenOf({ id }: Person): Date {
    return new Date(this.statesOf(id).at(-1)!.lastSeenAt as string);
  }

  /** Waits until exactly this was told of the person, in this order. */
  async sees(
    person: Person,
    viewing: string[],
    presence: string[],
    timeoutMs = 15_000,
  ): Promise<void> {
    await eventually(() => this.saw(person, viewing, presence), timeoutMs);
  }

  /** Exactly this was told of the person so far. */
  saw(person: Person, viewing: string[], presence: string[]): void {
    expect([this.viewingOf(person), this.presenceOf(person)]).toEqual([viewing, presence]);
  }

  /** Who has the conversation open, when asked. */
  async viewersNow(): Promise<string[]> {
    const { conversation } = await this.person.ask(ViewersOfDocument, { id: this.conversationId });
    return conversation!.viewers.map(({ id }) => id).sort();
  }

  /** The same as the events have it. */
  viewersTold(): string[] {
    const states = new Map(
      this.viewers.received.map(({ viewers }) => [viewers.user.id, viewers.state]),
    );
    return [...states]
      .filter(([, state]) => state === 'JOINED')
      .map(([id]) => id)
      .sort();
  }

  private statesOf(id: string) {
    return this.presence.received
      .map(({ userPresence }) => userPresence)
      .filter((one) => one.id === id);
  }
}
