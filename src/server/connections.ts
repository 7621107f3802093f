import { setTimeout as sleep } from 'node:timers/promises';
import type { Hub } from '../delivery/hub';
import { topics } from '../events';
import type { Logger } from '../logger';
import type { UserDirectory } from '../people/user.directory';
import type { PresenceService } from '../presence/presence.service';
import type { TypingService } from '../presence/typing.service';
import { CLOSE, type Connection } from './connection';
import { Heartbeat } from './heartbeat';
import { LIVENESS_INTERVAL_MS } from './liveness';

/** Interval at which the sockets whose time has come are told to go, while the node drains. */
const DRAIN_TICK_MS = 50;
/** Time for which a drain waits for the answers that are due on a socket. */
const ANSWERS_TIMEOUT_MS = 3_000;
/** Interval at which the database is asked for deactivated users among those connected here. */
const SWEEP_INTERVAL_MS = 3_000;

/** The WebSockets of this node: whose they are, and who has to go. */
export class Connections {
  draining = false;
  private readonly all = new Set<Connection>();
  private readonly heartbeat = new Heartbeat<Connection>(LIVENESS_INTERVAL_MS, (connection) =>
    this.attempt(connection, checkLiveness),
  );
  private onEmpty: (() => void) | null = null;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: Hub,
    private readonly users: UserDirectory,
    private readonly presence: PresenceService,
    private readonly typing: TypingService,
    private readonly logger: Logger,
    private readonly socketsPerUser: number,
  ) {}

  /** Listens for users whose time is over. */
  async start(): Promise<void> {
    await this.hub.listen([topics.sessions], (event) => {
      if (event.name === 'user.deactivated') this.closeAllOf(event.userId);
    });
    this.heartbeat.start();
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS).unref();
  }

  get size(): number {
    return this.all.size;
  }

  add(connection: Connection): void {
    this.all.add(connection);
    this.heartbeat.add(connection);
  }

  /**
   * Counts an authenticated connection in, unless its user has too many, on all nodes together:
   * then it is closed. Of several that come at once over the limit more may be refused than had to
   * be.
   */
  async countIn(connection: Connection): Promise<boolean> {
    const { userId } = connection;
    if (userId === null) return true;
    connection.isCounted = true;
    this.presence.deviceConnected(userId);
    if ((await this.presence.socketOpened(userId, connection.id)) <= this.socketsPerUser)
      return true;
    connection.close(CLOSE.tooManySockets);
    return false;
  }

  remove(connection: Connection): void {
    this.all.delete(connection);
    this.heartbeat.remove(connection);
    const { userId } = connection;
    if (userId !== null && connection.isCounted) {
      connection.isCounted = false;
      this.presence.deviceDisconnected(userId);
      void this.countOut(userId, connection);
    }
    if (this.all.size === 0) this.onEmpty?.();
  }

  /**
   * Refuses new sockets, and tells the open ones 1001, spread evenly over `spreadMs`. A socket with
   * answers due is told once they are sent, or 3 s after the end of the spread. Resolves when all
   * were told, and not before the end of the spread.
   *
   * @param hurry its abort ends the spread
   */
  async drain(spreadMs: number, hurry: AbortSignal): Promise<void> {
    this.draining = true;
    const startMs = performance.now();
    const inOrder = [...this.all];
    let due: Connection[] = [];
    let told = 0;
    for (let isOver = false; !isOver || due.length > 0; await sleep(DRAIN_TICK_MS)) {
      const tookMs = performance.now() - startMs;
      isOver = hurry.aborted || tookMs >= spreadMs;
      const until = isOver ? inOrder.length : Math.floor((inOrder.length * tookMs) / spreadMs);
      due.push(...inOrder.slice(told, until));
      told = Math.max(told, until);
      const mayWait = tookMs < spreadMs + ANSWERS_TIMEOUT_MS;
      const answering = due.filter((connection) => mayWait && connection.hasAnswersDue);
      for (const connection of due)
        if (!answering.includes(connection))
          this.attempt(connection, (one) => one.close(CLOSE.goingAway));
      due = answering;
    }
  }

  /** Ends every socket: closes those that are open, and cuts off what is left after `timeoutMs`. */
  async end(timeoutMs: number): Promise<void> {
    this.draining = true;
    clearInterval(this.sweeping);
    for (const connection of this.all)
      this.attempt(connection, (one) => one.close(CLOSE.goingAway));
    if (this.all.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.onEmpty = resolve;
      });
      const timer = setTimeout(() => {
        for (const connection of this.all) connection.terminate();
      }, timeoutMs);
      await empty;
      clearTimeout(timer);
    }
    this.heartbeat.stop();
  }

  /** The bus may have lost the word of it; the database has not. */
  private async sweep(): Promise<void> {
    const users = new Set<string>();
    for (const { userId } of this.all) if (userId !== null) users.add(userId);
    if (users.size === 0) return;
    try {
      for (const userId of await this.users.deactivatedAmong([...users])) this.closeAllOf(userId);
    } catch (error) {
      this.logger.warn({ err: error }, 'deactivated users not looked for');
    }
  }

  private async countOut(userId: string, connection: Connection): Promise<void> {
    if (await this.presence.socketClosed(userId, connection.id))
      this.typing.lastDeviceDisconnected(userId);
  }

  private closeAllOf(userId: string): void {
    for (const connection of this.all)
      if (connection.userId === userId)
        this.attempt(connection, (one) => one.close(CLOSE.unauthenticated));
  }

  /** Does something to one connection. An exception cuts that connection off, and no other one. */
  private attempt(connection: Connection, work: (connection: Connection) => void): void {
    try {
      work(connection);
    } catch (error) {
      connection.log.error({ err: error }, 'connection failed');
      connection.terminate();
    }
  }
}

/** One function for all connections and beats. */
function checkLiveness(connection: Connection): void {
  connection.checkLiveness();
}
