/**
 * The limit of a user's sockets, over all nodes.
 *
 * - Below the limit, a newcomer is admitted by one atomic step of the presence store, which costs
 *   one round trip.
 * - At the limit, those that count have to prove that they live. The node asks all nodes over the
 *   bus. Each node answers for its own sockets: a socket lives if it answers a ping that is sent
 *   now, or is younger than 5 s. One that is silent for 3 s is ended, and its place is free.
 * - Then the newcomer tries again. It is refused with 4429, which is final for its client, only if
 *   every socket that counts has proved that it lives. If one has not, like a socket of a node that
 *   died, the newcomer is refused with 1013, and comes back.
 *
 * Newcomers of one user at one node share their questions, and try again in the order in which they
 * came. A question is asked after all who share it have come. While the bus is away, or while nodes
 * of an earlier version run, sockets there prove nothing: 1013.
 */
import { randomUUID } from 'node:crypto';
import type { Bus } from '../bus/bus';
import { type BusEvent, type SocketsAnswered, type SocketsQuestioned, topics } from '../events';
import type { PresenceService } from '../presence/presence.service';
import { Batches } from '../runtime/batches';
import { CLOSE, type CloseCode } from './close.codes';
import type { Connection } from './connection';

/** The time for which answers are awaited: longer than a node waits for its sockets' pongs. */
const ANSWERS_MS = 4_000;
/** Sockets that took a freed place may be unknown to a question, and are asked by the next one. */
const MAX_QUESTIONS = 3;
/** The largest number of newcomers that share a question. */
const MAX_NEWCOMERS = 1_000;

/** The sockets of one question that have proved to live, and those that have not. */
interface Verdict {
  alive: ReadonlySet<string>;
  doubtful: ReadonlySet<string>;
}

/** A question whose answers are awaited. */
interface Question {
  open: Set<string>;
  alive: Set<string>;
  finish: () => void;
}

/** The connections of this node. */
interface OwnConnections {
  find(connectionId: string): Connection | undefined;
  /** Ends a connection. Resolves when it counts no more. */
  end(connection: Connection): Promise<void>;
}

export class SocketLimit {
  private readonly questions = new Map<string, Question>();
  /** The newcomers at the limit, by user. */
  private readonly newcomers = new Map<string, Batches<readonly string[], Verdict>>();

  constructor(
    private readonly bus: Bus,
    private readonly presence: PresenceService,
    private readonly limit: number,
    private readonly own: OwnConnections,
  ) {}

  /** Begins to answer the questions of all nodes. */
  async start(): Promise<void> {
    await this.bus.subscribe(topics.sockets, (event) => this.receive(event));
  }

  /**
   * Counts a connection of the user if there is room for it.
   *
   * @returns null when it counts now, else the code and the reason with which to close it
   */
  async admit({ id }: Connection, userId: string): Promise<CloseCode | null> {
    let counted = await this.presence.socketOpened(userId, id, this.limit);
    for (let asked = 0; counted !== null && asked < MAX_QUESTIONS; asked++) {
      const { alive, doubtful } = await this.newcomersOf(userId).submit(counted);
      counted = await this.presence.socketOpened(userId, id, this.limit);
      if (counted?.every((one) => alive.has(one))) return CLOSE.tooManySockets;
      if (counted?.some((one) => doubtful.has(one))) return CLOSE.socketsInDoubt;
    }
    return counted && CLOSE.socketsInDoubt;
  }

  private newcomersOf(userId: string): Batches<readonly string[], Verdict> {
    const known = this.newcomers.get(userId);
    if (known) return known;
    const newcomers = new Batches<readonly string[], Verdict>({
      work: async (counted) => {
        const verdict = await this.ask(new Set(counted.flat()));
        return counted.map(() => verdict);
      },
      maxSize: MAX_NEWCOMERS,
      isSafeToRetry: () => false,
      onIdle: () => this.newcomers.delete(userId),
    });
    this.newcomers.set(userId, newcomers);
    return newcomers;
  }

  private async ask(connectionIds: ReadonlySet<string>): Promise<Verdict> {
    const questionId = randomUUID();
    const [open, alive] = [new Set(connectionIds), new Set<string>()];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ANSWERS_MS).unref();
      const finish = () => {
        clearTimeout(timer);
        resolve();
      };
      this.questions.set(questionId, { open, alive, finish });
      this.publish({
        name: 'sockets.questioned',
        questionId,
        connectionIds: [...connectionIds],
      });
    });
    this.questions.delete(questionId);
    return { alive, doubtful: open };
  }

  private receive(event: BusEvent): void {
    if (event.name === 'sockets.questioned') void this.answer(event);
    if (event.name === 'sockets.answered') this.note(event);
  }

  /** Answers for those of the sockets that are this node's. */
  private async answer({ questionId, connectionIds }: SocketsQuestioned): Promise<void> {
    const own = connectionIds.flatMap((id) => this.own.find(id) ?? []);
    const [alive, ended]: [string[], string[]] = [[], []];
    await Promise.all(
      own.map(async (connection) => {
        const verdict = await connection.proveAlive();
        if (verdict === 'silent') await this.own.end(connection);
        if (verdict !== 'unknown') (verdict === 'alive' ? alive : ended).push(connection.id);
      }),
    );
    if (own.length > 0) this.publish({ name: 'sockets.answered', questionId, alive, ended });
  }

  private note({ questionId, alive, ended }: SocketsAnswered): void {
    const question = this.questions.get(questionId);
    if (!question) return;
    for (const id of alive) question.alive.add(id);
    for (const id of [...alive, ...ended]) question.open.delete(id);
    if (question.open.size === 0) question.finish();
  }

  private publish(event: SocketsQuestioned | SocketsAnswered): void {
    this.bus.publish([{ topic: topics.sockets, event }]);
  }
}
