/**
 * The life of one WebSocket, which is one device's connection.
 *
 * - Init and authentication. The client has to send `connection_init` before the first liveness
 *   check, else the socket closes with 4408. The token in it is verified. The socket closes with
 *   4401 when it is not accepted, with 4403 when it has expired, and with 1013 when it cannot be
 *   verified now. A user who is deactivated during the verification is missed: the connection is
 *   not yet known to be theirs. So the server calls `confirm` once the session is set.
 * - Operations. An id is free as soon as its client has completed the operation
 *   (server/operation.ids). The connection closes with 4409 at an id that is in use, and with 4400
 *   at one over 256 characters.
 * - Liveness. `Connections` calls `checkLiveness` every 4.8 s. A silent peer is pinged. The
 *   first check that finds more than 10 s of silence cuts it off: less than 15 s after it was last
 *   heard (server/liveness).
 *   A newcomer beyond the limit of the user's sockets asks for a proof (server/socket.limit).
 * - Expiry. The socket closes with 4403 when the token has expired, clock tolerance included. A
 *   renewal replaces the token. Renewals of one socket follow one another, so the last one counts.
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
import {
  type Authenticator,
  bearerToken,
  type Session,
  sessionLogFields,
} from '../auth/authenticator';
import { CLOCK_TOLERANCE_S } from '../auth/token';
import { TokenExpiredError, UnauthenticatedError } from '../errors';
import { withLargeParts } from '../execution/large.answer';
import type { SubscriptionSink } from '../execution/subscription.sink';
import type { Traffic } from '../execution/traffic';
import type { FrameTap, TracedConnection } from '../frame-trace/frame.tap';
import type { ConnectionHandle } from '../graphql/context';
import { BoundLog, type Logger } from '../logger';
import { userIdOf } from '../people/caller';
import type { GivenParent } from '../runtime/span';
import { CLOSE, type CloseCode, closeReason } from './close.codes';
import type { Intake } from './intake';
import { assessLiveness, LIVENESS_INTERVAL_MS } from './liveness';
import { OperationIds } from './operation.ids';
import { WebSocketWriter } from './socket.writer';

/** The time that the closing handshake may take. */
const CLOSE_TIMEOUT_MS = 10_000;
/** A socket that is younger counts as having just answered a ping. */
const YOUNG_MS = 5_000;
/** The time in which a socket has to answer a ping that asks for a proof of life. */
const PROOF_MS = 3_000;
/** The expiry timer is set once the token has less than this left. */
const EXPIRY_HORIZON_MS = 4 * LIVENESS_INTERVAL_MS;

/** One device's WebSocket: its session, operations, liveness, expiry and back-pressure. */
export class Connection implements ConnectionHandle, TracedConnection {
  readonly id = uuidv7();
  /** null until `connection_init` has been accepted. */
  session: Session | null = null;
  /** True once `connection_init` has arrived, accepted or not. */
  private hasSentInit = false;
  /** True while `Connections` counts it among its user's devices. */
  isCounted = false;
  epochOfRefusal: string | null = null;
  /** The parent of operations that name none, from `connection_init`; null while traces are off. */
  traceParent: GivenParent | null = null;
  private readonly writer: WebSocketWriter;
  readonly operationIds = new OperationIds();
  private requests = 0;
  /** Queries and mutations under way, and subscriptions that are starting. */
  operationsUnderWay = 0;
  private lastHeardMs = Date.now();
  /** The liveness checks since `lastHeardMs`. */
  private unheardChecks = 0;
  private expiry: NodeJS.Timeout | null = null;
  /** null until the protocol listens to messages. */
  intake: Intake | null = null;
  /** null until `connection_init` has arrived. */
  private authenticator: Authenticator | null = null;
  /** Settles when no renewal of the session is under way; undefined before the first one. */
  private renewing: Promise<unknown> | undefined;
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
  async authenticate(
    authenticator: Authenticator,
    params: Record<string, unknown>,
  ): Promise<Session | null> {
    this.hasSentInit = true;
    this.authenticator = authenticator;
    this.leaveNewcomers(true);
    const token =
      bearerToken(authorizationIn(params)) ??
      (typeof params.token === 'string' ? params.token : null);
    try {
      if (token === null) throw new UnauthenticatedError();
      const session = await authenticator.authenticate(token, onBehalfOfIn(params), 'start');
      if (!this.isOpen) return null;
      this.session = session;
      this.armExpiry();
      return session;
    } catch (error) {
      this.log.info(
        { reason: error instanceof Error ? error.name : 'unknown', check: checkOf(error) },
        'authentication failed',
      );
      this.close(refusalOf(error));
      return null;
    }
  }

  renewSession(token: string): Promise<Session> {
    const renewal = Promise.resolve(this.renewing).then(() => this.renew(token));
    this.renewing = renewal.catch(() => {});
    return renewal;
  }

  private async renew(token: string): Promise<Session> {
    const authenticator = this.authenticator!;
    const session = await authenticator.renew(this.session!, token);
    if (!this.isOpen) throw new UnauthenticatedError();
    this.session = session;
    if (this.expiry) clearTimeout(this.expiry);
    this.expiry = null;
    this.armExpiry();
    // A deactivation during the renewal may have been missed, as during the authentication.
    if (!(await this.confirm(authenticator, session))) throw new UnauthenticatedError();
    this.log.info({ expiresAt: session.expiresAt }, 'session renewed');
    return session;
  }

  /**
   * Checks again that the session's user is active.
   *
   * @returns false when the socket was closed instead
   */
  async confirm(authenticator: Authenticator, session: Session): Promise<boolean> {
    try {
      if (await authenticator.isCurrent(session)) return true;
      this.close(CLOSE.unauthenticated);
    } catch (error) {
      this.close(refusalOf(error));
    }
    return false;
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
    if (this.expiry) clearTimeout(this.expiry);
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
    this.lastHeardMs = Date.now();
    this.unheardChecks = 0;
  }

  /**
   * Makes one liveness check. Closes a socket that has not sent `connection_init`, and sets the
   * expiry timer when it is due. Pings a silent peer, and ends the socket when it has been silent
   * for too long.
   */
  checkLiveness(): void {
    if (!this.hasSentInit) {
      this.close(CLOSE.initTimeout);
      return;
    }
    this.armExpiry();
    const verdict = assessLiveness(++this.unheardChecks, Date.now() - this.lastHeardMs);
    // The peer reads all unsent bytes before it reads the ping, so its answer comes later. While
    // any are unsent, the ping is therefore sent one check earlier.
    if (verdict === 'ask' || (verdict === 'alive' && this.writer.unsentBytes > 0))
      this.writer.ping();
    if (verdict !== 'gone') return;
    this.log.info({}, 'silent for too long');
    this.socket.terminate();
  }

  /**
   * Finds out whether the peer lives: it is young, or answers a ping that is sent now.
   *
   * @returns `silent` when nothing at all was heard of the peer within 3 s, although it had nothing
   *   else to read; `unknown` when something was heard, but not the answer
   */
  async proveAlive(): Promise<'alive' | 'silent' | 'unknown'> {
    if (!this.isOpen) return 'silent';
    const askedMs = Date.now();
    const ageMs = askedMs - openedAtMs(this.id);
    if (ageMs >= 0 && ageMs < YOUNG_MS) return 'alive';
    const payload = uuidv7();
    const isAnswered = await new Promise<boolean>((resolve) => {
      const hear = (data: Buffer) => {
        if (data.toString() === payload) settle(true);
      };
      // setImmediate lets the event loop read the sockets first, so that late answers count.
      const timer = setTimeout(() => setImmediate(settle, false), PROOF_MS).unref();
      const settle = (answered: boolean) => {
        clearTimeout(timer);
        this.socket.off('pong', hear);
        resolve(answered);
      };
      this.socket.on('pong', hear);
      this.writer.ping(payload);
    });
    if (isAnswered) return 'alive';
    const isHeard = this.lastHeardMs >= askedMs || this.writer.unsentBytes > 0;
    return isHeard && this.isOpen ? 'unknown' : 'silent';
  }

  /**
   * Sets the timer that closes the socket at the token's expiry, once that is near. Node keeps a
   * list for each duration of timers: set at the start, each of thousands would need its own list.
   */
  private armExpiry(): void {
    if (this.expiry || this.session === null || this.session.expiresAt === null) return;
    const leftMs = (this.session.expiresAt + CLOCK_TOLERANCE_S) * 1_000 - Date.now();
    if (leftMs < EXPIRY_HORIZON_MS)
      this.expiry = setTimeout(() => this.close(CLOSE.tokenExpired), leftMs);
  }
}

/** Returns the value of `authorization`, whose letters may be of any case, as in HTTP. */
function authorizationIn(params: Record<string, unknown>): unknown {
  const name = Object.keys(params).find((key) => key.toLowerCase() === 'authorization');
  return name === undefined ? undefined : params[name];
}

/**
 * Returns the id of the user as whom a service token acts, as it is given; null for none.
 *
 * @throws {UnauthenticatedError} when it is no text: the service must not act as itself then
 */
function onBehalfOfIn({ onBehalfOf = null }: Record<string, unknown>): string | null {
  if (onBehalfOf === null || typeof onBehalfOf === 'string') return onBehalfOf;
  throw new UnauthenticatedError();
}

/** Returns the time in a UUID of version 7 (RFC 9562, section 5.7), in milliseconds since 1970. */
function openedAtMs(id: string): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
}

/** Returns the close code for an error of the authentication; 1013 for an unexpected one. */
function refusalOf(error: unknown): CloseCode {
  if (error instanceof TokenExpiredError) return CLOSE.tokenExpired;
  if (!(error instanceof UnauthenticatedError)) return CLOSE.unavailable;
  const [code, reason] = CLOSE.unauthenticated;
  return [code, error.extensions.reason ?? reason];
}

/** Returns the check that refused a token, for the log. */
function checkOf(error: unknown): string | undefined {
  return error instanceof UnauthenticatedError ? error.check : undefined;
}
