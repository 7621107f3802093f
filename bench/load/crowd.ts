import type { Member, OpenInput } from './commands';
import type { Session, SessionOptions } from './session';
import { GraphQLSession } from './session.graphql';
import { RawSession } from './session.raw';
import { SocketIoSession } from './session.socket-io';
import { tokenOf } from './tokens';

/** Connections that are being made at a time. */
const CONCURRENCY = 64;

const SESSIONS = { graphql: GraphQLSession, 'socket-io': SocketIoSession, raw: RawSession };

/** Everybody who is connected. */
export class Crowd {
  readonly sessions: Session[] = [];
  /** Deliveries to all of them. */
  deliveries = 0;
  /** What else happens at a delivery. */
  onDelivery: (event: number) => void = () => {};
  /** Of a lost connection, which no bench survives. */
  readonly lost: Promise<never>;
  private lose!: (error: Error) => void;
  private readonly extras: Session[] = [];

  constructor(private readonly input: OpenInput) {
    this.lost = new Promise((_, reject) => {
      this.lose = reject;
    });
    this.lost.catch(() => undefined);
  }

  /** Connects and subscribes all members; sessions stand in their order. */
  async open(): Promise<void> {
    const { members, selection = 'plain', subscribe = true } = this.input;
    await this.inParallel(members.length, async (index) => {
      const { conversationId, after = null, userId } = members[index]!;
      const session = this.create(userId);
      this.sessions[index] = session;
      await session.open();
      if (subscribe) await session.subscribe({ conversationId, selection, after });
    });
  }

  /** One more connection, which subscribes to nothing. */
  async join(userId: string): Promise<Session> {
    const session = this.create(userId);
    this.extras.push(session);
    await session.open();
    return session;
  }

  close(): void {
    for (const session of [...this.sessions, ...this.extras]) session.close();
  }

  /** Whose session it is. */
  memberOf(index: number): Member {
    return this.input.members[index]!;
  }

  async inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
    let next = 0;
    const lane = async () => {
      while (next < count) await work(next++);
    };
    await Promise.race([
      Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, lane)),
      this.lost,
    ]);
  }

  private create(userId: string): Session {
    const options: SessionOptions = {
      port: this.input.port,
      token: tokenOf(userId),
      onDelivery: (event) => {
        this.deliveries++;
        this.onDelivery(event);
      },
      onLost: (reason) => this.lose(new Error(`a connection was lost: ${reason}`)),
    };
    return new SESSIONS[this.input.protocol](options);
  }
}
