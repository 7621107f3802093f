/**
 * The life of one WebSocket, which is one device's connection.
 *
 * - Init. The client has to send `connection_init` before the first liveness check, else the socket
 *   closes with 4408. Its token, later ones, and their expiry: server/connection.sessions.
 * - Operations. An id is free as soon as its client has completed the operation
 *   (server/operation.ids). The connection closes with 4409 at an id that is in use, and with 4400
 *   at one over 256 characters.
 * - Liveness. A socket that is declared dead is cut off (server/connection.liveness).
 * - Back-pressure. Messages and events share one writer (server/socket.writer). The socket closes
 *   with 1013 when a message is to be sent while more than `queueBytes` are unsent, or when a
 *   subscription's event queue is full (`overflow`). It also closes with 1013 when an event cannot
 *   be delivered now (`interrupt`). The client then resumes, and a subscription with a position
 *   misses nothing.
 * - Close. The first close decides the code. After it nothing more is sent, and messages of the
 *   peer are ignored. A peer that does not answer the close within 10 s is cut off.
 */

import type { Writable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import type { WebSocket } from 'ws';
import { type Authenticator, type Session, sessionLogFields } from '../auth/authenticator';
import { withLargeParts } from '../execution/large.answer';
import type { SubscriptionSink } from '../execution/subscription.sink';
import type { Traffic } from '../execution/traffic';
import type { FrameTap, TracedConnection } from '../frame-trace/frame.tap';
import type { ConnectionHandle } from '../graphql/context';
import { BoundLog, type Logger } from '../logger';
import { userIdOf } from '../people/caller';
import type { GivenParent } from '../runtime/span';
import { CLOSE, type CloseCode, closeReason } from './close.codes';
import { ConnectionLiveness } from './connection.liveness';
import { ConnectionSessions } from './connection.sessions';
import type { InitPayload } from './init.payload';
import type { Intake } from './intake';
import { OperationIds } from './operation.ids';
import { WebSocketWriter } from './socket.writer';

/** The time that the closing handshake may take. */
const CLOSE_TIMEOUT_MS = 10_000;

/** One device's WebSocket: its session, operations, liveness, expiry and back-pressure. */
export class Connection implements ConnectionHandle, TracedConnection {
  readonly id = uuidv7();
  /** True while `Connections` counts it among its user's devices. */
  isCounted = false;
  epochOfRefusal: string | null = null;
  /** The parent of operations that name none, from `connection_init`; null while traces are off. */
  traceParent: GivenParent | null = null;
  private readonly writer: WebSocketWriter;
  private readonly liveness: ConnectionLiveness;
  private readonly sessions = new ConnectionSessions(this);
  readonly operationIds = new OperationIds();
  private requests = 0;
  /** Queries and mutations under way, and subscriptions that are starting. */
  operationsUnderWay = 0;
  /** null until the protocol listens to messages. */
  intake: Intake | null = null;
  private closing: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    stream: Writable,
    private readonly logger: Logger,
    private readonly limits: { queueBytes: number; queueEvents: number },
    private readonly traffic: Traffic,
    /** Called once, when `connection_init` has arrived or the socket has ended without. */
    private onInitialised: ((initialised: boolean) => void) | null = null,
  ) {
    this.writer = new WebSocketWriter(socket, stream);
    this.liveness = new ConnectionLiveness(socket, this.writer);
    socket.on('pong', () => {
      this.markAlive();
      if (this.tap !== null) this.tap.sawPing('in', 'pong');
    });
    socket.on('error', ({ message }) => this.log.info({ reason: message }, 'socket failed'));
  }

  get log(): BoundLog {
    return new BoundLog(this.logger, () => ({
      connectionId: this.id,
      ...(this.session && sessionLogFields(this.session)),
    }));
  }

  /** null until `connection_init` has been accepted. */
  get session(): Session | null {
    return this.sessions.current;
  }

  /** null before authentication, and for a service token. */
  get userId(): string | null {
    return this.session && userIdOf(this.session.caller);
  }

  /** The user whose device this is; null for any other connection, also on behalf of a user. */
  get deviceUserId(): string | null {
    return this.session?.onBehalf ? null : this.userId;
  }

  get tap(): FrameTap | null {
    return this.writer.tap;
  }

  set tap(tap: FrameTap | null) {
    if (this.writer.tap) this.socket.off('ping', this.writer.tap.onPing);
    this.writer.tap = tap;
    if (tap) this.socket.on('ping', tap.onPing);
  }

  get keepsUp(): boolean {
    return this.writer.keepsUp;
  }

  /** True while an answer is awaited, or the peer has not read what was sent before. */
  get hasAnswersDue(): boolean {
    const isBehind = this.intake?.isBehind === true;
    return this.isOpen && (isBehind || this.writer.hasAnswersDue || !this.writer.keepsUp);
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** The number of events that may wait for the reader of one subscription. */
  get queueLimit(): number {
    return this.limits.queueEvents;
  }

  /**
   * Begins an operation: its id is in use until {@link endOperation}.
   *
   * @returns false when the socket was closed instead, because the id is too long, or because an
   *   operation with this id is still under way
   */
  beginOperation(id: string): boolean {
    const refusal = this.operationIds.begin(id);
    if (refusal === null) return true;
    this.close(refusal === 'in use' ? CLOSE.subscriberExists : CLOSE.badId);
    return false;
  }

  endOperation(id: string): void {
    this.operationIds.end(id);
  }

  /** Returns the sink to which the events of one subscription are written. */
  sinkFor(id: string): SubscriptionSink {
    return this.writer.sinkFor(this.operationIds.ofClient(id));
  }

  /** Counts an operation as under way until it is answered, or the subscription has started. */
  async untilEnd<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.operationsUnderWay--;
    }
  }

  whenRead(): Promise<void> {
    return new Promise((resolve) => {
      const { socket, writer } = this;
      if (socket.readyState === socket.CLOSED || writer.keepsUp) return resolve();
      const settle = () => {
        socket.off('close', settle);
        resolve();
      };
      socket.on('close', settle);
      writer.whenDrained(settle);
    });
  }

  answering<T>(answer: Promise<T>): Promise<T> {
    return this.writer.answering(answer);
  }

  /** Returns `<connection id>:<n>`, with n counting from 1. */
  nextRequestId(): string {
    return `${this.id}:${++this.requests}`;
  }

  /**
   * Verifies the credentials in the payload of `connection_init`, and sets the session.
   *
   * @returns null when the socket was closed instead, or had ended meanwhile
   */
  authenticate(authenticator: Authenticator, payload: InitPayload): Promise<Session | null> {
    this.leaveNewcomers(true);
    return this.sessions.begin(authenticator, payload);
  }

  renewSession(token: string): Promise<Session> {
    return this.sessions.renew(token);
  }

  /**
   * Checks again that the session's user is active.
   *
   * @returns false when the socket was closed instead
   */
  confirm(session: Session): Promise<boolean> {
    return this.sessions.confirm(session);
  }

  overflow(full: 'events' | 'answers' = 'events'): void {
    if (this.isOpen) this.traffic.overflows.add(full);
    this.log.warn({}, 'reader too slow');
    this.close(CLOSE.tryAgainLater);
  }

  interrupt(): void {
    this.log.warn({}, 'event not delivered, connection ended for its client to resume');
    this.close(CLOSE.unavailable);
  }

  /**
   * Starts the closing handshake, once. Cuts the peer off if it does not answer within 10 s.
   *
   * @param reason a text of any length; a close frame has its first 123 bytes
   */
  close([code, reason]: CloseCode): void {
    if (!this.isOpen) return;
    if (this.tap !== null) this.tap.closing(code);
    // ws throws at a longer one.
    this.socket.close(code, closeReason(reason));
    this.closing = setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** Clears what waits. To be called when the socket has ended, with the code of its close. */
  closed(code: number): void {
    if (this.tap !== null) this.tap.closed(code);
    this.leaveNewcomers(false);
    this.sessions.disarmExpiry();
    clearTimeout(this.closing);
  }

  private leaveNewcomers(initialised: boolean): void {
    this.onInitialised?.(initialised);
    this.onInitialised = null;
  }

  /**
   * Sends a message of the protocol, or closes with 1013 when too much is unsent.
   *
   * @returns a promise that resolves when the message has been sent, if its reader does not keep up
   */
  send(data: string): Promise<void> | void {
    const message = withLargeParts(this.operationIds.send(data)) as string;
    if (!this.isOpen) return;
    // Checked before the message is written: a single large answer does not count as slow reading.
    if (this.writer.unsentBytes > this.limits.queueBytes) return this.overflow('answers');
    return this.writer.send(message);
  }

  /** Notes that something was heard from the peer now. */
  markAlive(): void {
    this.liveness.hear();
  }

  /**
   * Makes one liveness check. Closes a socket that has not sent `connection_init`, and sets the
   * expiry timer when it is due. Pings a silent peer, and ends the socket when it has been silent
   * for too long.
   */
  checkLiveness(): void {
    if (!this.sessions.hasBegun) {
      this.close(CLOSE.initTimeout);
      return;
    }
    this.sessions.armExpiry();
    if (this.liveness.check()) return;
    this.log.info({}, 'silent for too long');
    this.socket.terminate();
  }

  /** Finds out whether the peer lives, as {@link ConnectionLiveness.prove} does. */
  proveAlive(): Promise<'alive' | 'silent' | 'unknown'> {
    return this.liveness.prove(this.id);
  }
}
