import { setTimeout as sleep } from 'node:timers/promises';
import { isAccepted } from '../auth/authenticator';
import type { Bus } from '../bus/bus';
import type { Hub } from '../delivery/hub';
import { topics } from '../events';
import type { Logger } from '../logger';
import type { Standing, UserDirectory } from '../people/user.directory';
import type { PresenceService } from '../presence/presence.service';
import type { TypingService } from '../presence/typing.service';
import { CLOSE } from './close.codes';
import type { Connection } from './connection';
import { Heartbeat } from './heartbeat';
import { LIVENESS_INTERVAL_MS } from './liveness';
import { SocketLimit } from './socket.limit';

/** Interval at which the sockets whose time has come are told to go, while the node drains. */
const DRAIN_TICK_MS = 50;
/** Time for which a drain waits for the answers that are due on a socket. */
const ANSWERS_TIMEOUT_MS = 3_000;
/** Interval at which the database is asked which users connected here are refused by now. */
const SWEEP_INTERVAL_MS = 3_000;

const DEACTIVATED: Standing = { active: false, tokensValidFromS: null };

/** The WebSockets of this node: whose they are, and who has to go. */
export class Connections {
  draining = false;
  /** By connection id. */
  private readonly all = new Map<string, Connection>();
  private readonly limit: SocketLimit;
  private readonly heartbeat = new Heartbeat<Connection>(LIVENESS_INTERVAL_MS, (connection) =>
    this.attempt(connection, checkLiveness),
  );
  private onEmpty: (() => void) | null = null;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: Hub,
    bus: Bus,
    private readonly users: UserDirectory,
    private readonly presence: PresenceService,
    private readonly typing: TypingService,
    private readonly logger: Logger,
    socketsPerUser: number,
  ) {
    this.limit = new SocketLimit(bus, presence, socketsPerUser, {
      find: (connectionId) => this.all.get(connectionId),
      end: (connection) => this.end(connection),
    });
  }

  /** Listens for users whose time is over. */
  async start(): Promise<void> {
    await this.hub.listen([topics.sessions], (event) => {
      if (event.name === 'user.deactivated') this.closeRefused(event.userId, DEACTIVATED);
      if (event.name === 'tokens.revoked')
        this.closeRefused(event.userId, { active: true, tokensValidFromS: event.validFromS });
    });
    await this.limit.start();
    this.heartbeat.start();
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS).unref();
  }

  get size(): number {
    return this.all.size;
  }

  /** Returns the connections of a user, also those of a service token that acts as the user. */
  ofUser(userId: string): Connection[] {
    return [...this.all.values()].filter((connection) => connection.userId === userId);
  }

  add(connection: Connection): void {
    this.all.set(connection.id, connection);
    this.heartbeat.add(connection);
  }

  /**
   * Counts an authenticated connection in. If its user has too many, on all nodes together, it is
   * closed instead. A connection of the platform counts nowhere, also on behalf of a user.
   *
   * @returns false when it was closed, or had ended meanwhile
   */
  async countIn(connection: Connection): Promise<boolean> {
    const { deviceUserId: userId } = connection;
    if (userId === null) return true;
    const refusal = await this.limit.admit(connection, userId);
    if (refusal) {
      connection.log.info({ code: refusal[0] }, 'too many sockets');
      connection.close(refusal);
      return false;
    }
    connection.isCounted = true;
    this.presence.deviceConnected(userId);
    if (this.all.has(connection.id)) return true;
    await this.countOut(connection);
    return false;
  }

  remove(connection: Connection): void {
    this.all.delete(connection.id);
    this.heartbeat.remove(connection);
    void this.countOut(connection);
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
    const inOrder = [...this.all.values()];
    let due: Connection[] = [];
    let told = 0;
    let overMs = Number.POSITIVE_INFINITY;
    for (let isOver = false; !isOver || due.length > 0; await sleep(DRAIN_TICK_MS)) {
      const tookMs = performance.now() - startMs;
      isOver = hurry.aborted || tookMs >= spreadMs;
      if (isOver) overMs = Math.min(overMs, tookMs);
      const until = isOver ? inOrder.length : Math.floor((inOrder.length * tookMs) / spreadMs);
      due.push(...inOrder.slice(told, until));
      told = Math.max(told, until);
      const mayWait = tookMs < overMs + ANSWERS_TIMEOUT_MS;
      const answering = due.filter((connection) => mayWait && connection.hasAnswersDue);
      for (const connection of due)
        if (!answering.includes(connection))
          this.attempt(connection, (one) => one.close(CLOSE.goingAway));
      due = answering;
    }
  }

  /** Ends every socket: closes those that are open, and cuts off what is left after `timeoutMs`. */
  async endAll(timeoutMs: number): Promise<void> {
    this.draining = true;
    clearInterval(this.sweeping);
    for (const connection of this.all.values())
      this.attempt(connection, (one) => one.close(CLOSE.goingAway));
    if (this.all.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.onEmpty = resolve;
      });
      const timer = setTimeout(() => {
        for (const connection of this.all.values()) connection.terminate();
      }, timeoutMs);
      await empty;
      clearTimeout(timer);
    }
    this.heartbeat.stop();
  }

  /** The bus may have lost the word of it; the database has not. */
  private async sweep(): Promise<void> {
    const users = new Set<string>();
    for (const { userId } of this.all.values()) if (userId !== null) users.add(userId);
    if (users.size === 0) return;
    try {
      for (const { id, ...standing } of await this.users.standingsOfRefused([...users]))
        this.closeRefused(id, standing);
    } catch (error) {
      this.logger.warn({ err: error }, 'refused users not looked for');
    }
  }

  /** Ends a connection at once. Resolves when it counts no more. */
  private async end(connection: Connection): Promise<void> {
    connection.log.info({}, 'silent while another socket waits for its place');
    connection.terminate();
    await this.countOut(connection);
  }

  /** Takes back {@link countIn}, once. */
  private async countOut(connection: Connection): Promise<void> {
    const { deviceUserId: userId } = connection;
    if (userId === null || !connection.isCounted) return;
    connection.isCounted = false;
    this.presence.deviceDisconnected(userId);
    if (await this.presence.socketClosed(userId, connection.id))
      this.typing.lastDeviceDisconnected(userId);
  }

  /** Closes the user's connections whose tokens are not accepted in this standing. */
  private closeRefused(userId: string, standing: Standing): void {
    for (const connection of this.all.values())
      if (connection.userId === userId && !isAccepted(connection.session!, standing))
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
