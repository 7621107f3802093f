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
import type { SubscriptionSink } from '../execution/subscription.sink';
import type { ConnectionHandle } from '../graphql/context';
import { BoundLog, type Logger } from '../logger';
import { userIdOf } from '../people/caller';
import { assessLiveness, LIVENESS_INTERVAL_MS } from './liveness';
import { WebSocketWriter } from './socket.writer';

/** Why a socket ends, beyond what graphql-transport-ws itself says. */
export const CLOSE = {
  goingAway: [1001, 'Going away'],
  tryAgainLater: [1013, 'Reading too slowly'],
  unavailable: [1013, 'Try again later'],
  unauthenticated: [4401, 'Unauthorized'],
  badId: [4400, 'The id of an operation is too long'],
  tokenExpired: [4403, 'Token expired'],
  initTimeout: [4408, 'Connection initialisation timeout'],
  subscriberExists: [4409, 'Subscriber already exists'],
  tooManySockets: [4429, 'Too many sockets'],
} as const satisfies Record<string, readonly [code: number, reason: string]>;

/** How long the closing handshake may take. */
const CLOSE_TIMEOUT_MS = 10_000;
/** An id is kept as long as its operation, and stands in each of its frames; clients' own are UUIDs. */
const MAX_ID_LENGTH = 256;
/** Some looks ahead. */
const EXPIRY_HORIZON_MS = 4 * LIVENESS_INTERVAL_MS;

/** The five members that graphql-ws asks of a socket. */
interface ProtocolSocket {
  protocol: string;
  send(data: string): Promise<void> | void;
  close(code: number, reason: string): void;
  /** @param listener takes a message as text or, which its types do not say, parsed */
  onMessage(listener: (data: string) => Promise<void>): void;
}

/** One device's WebSocket: whose it is, whether it lives, how much waits to be read, and until when it may stay. */
export class Connection implements ConnectionHandle {
  readonly id = uuidv7();
  /** Null until `connection_init` was accepted. */
  session: Session | null = null;
  /** Whether it has said who it is, or tried to. */
  private hasSentInit = false;
  /** Whether it counts among its user's. */
  isCounted = false;
  private readonly writer: WebSocketWriter;
  /** Ids of what is under way; most sockets have one operation, and then no set for it. */
  private operation: string | null = null;
  private furtherOperations: Set<string> | null = null;
  private requests = 0;
  private lastHeardMs = Date.now();
  /** Since then. */
  private unheardChecks = 0;
  private expiry: NodeJS.Timeout | null = null;
  private closing: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    stream: Writable,
    private readonly logger: Logger,
    private readonly limits: { queueBytes: number; queueEvents: number },
  ) {
    this.writer = new WebSocketWriter(socket, stream);
    socket.on('pong', () => this.markAlive());
    socket.on('error', (error) => this.log.info({ err: error }, 'socket failed'));
  }

  protocolSocket(): ProtocolSocket {
    return new ProtocolSocketAdapter(this, this.socket);
  }

  get log(): BoundLog {
    return new BoundLog(this.logger, () => ({
      connectionId: this.id,
      ...(this.session && sessionLogFields(this.session)),
    }));
  }

  /** Null: nobody's yet, or a service's. */
  get userId(): string | null {
    return this.session && userIdOf(this.session.caller);
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Events that may wait for this device's reader at one subscription. */
  get queueLimit(): number {
    return this.limits.queueEvents;
  }

  /**
   * Whether an operation may begin.
   *
   * @returns false when it closed the socket instead: the id is too long, or another one of it is still under way
   */
  beginOperation(id: string): boolean {
    const isUnderWay = this.operation === id || this.furtherOperations?.has(id);
    if (isUnderWay || id.length > MAX_ID_LENGTH) {
      this.close(isUnderWay ? CLOSE.subscriberExists : CLOSE.badId);
      return false;
    }
    if (this.operation === null) this.operation = id;
    else this.furtherOperations = (this.furtherOperations ?? new Set()).add(id);
    return true;
  }

  endOperation(id: string): void {
    if (this.operation === id) this.operation = null;
    else this.furtherOperations?.delete(id);
  }

  /** Where the events of one subscription are written. */
  sinkFor(id: string): SubscriptionSink {
    return this.writer.sinkFor(id);
  }

  answering<T>(answer: Promise<T>): Promise<T> {
    return this.writer.answering(answer);
  }

  nextRequestId(): string {
    return `${this.id}:${++this.requests}`;
  }

  /**
   * Accepts the credentials of `connection_init`.
   *
   * @returns null when it closed the socket instead
   */
  async authenticate(
    authenticator: Authenticator,
    params: Record<string, unknown>,
  ): Promise<Session | null> {
    this.hasSentInit = true;
    const token =
      bearerToken(params.authorization) ?? (typeof params.token === 'string' ? params.token : null);
    try {
      if (token === null) throw new UnauthenticatedError();
      const session = await authenticator.authenticate(token);
      if (!this.isOpen) return null;
      this.session = session;
      this.armExpiry();
      return session;
    } catch (error) {
      this.log.info(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'authentication failed',
      );
      this.close(refusalOf(error));
      return null;
    }
  }

  /**
   * Whether the session still holds now.
   *
   * @returns false when it closed the socket instead
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

  overflow(): void {
    this.log.warn({}, 'reader too slow');
    this.close(CLOSE.tryAgainLater);
  }

  interrupt(): void {
    this.log.warn({}, 'event not delivered, connection ended for its client to resume');
    this.close(CLOSE.unavailable);
  }

  /** The first close counts; a peer that does not answer it is cut off. */
  close([code, reason]: readonly [number, string]): void {
    if (!this.isOpen) return;
    this.socket.close(code, reason);
    this.closing = setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** The socket has ended. */
  closed(): void {
    if (this.expiry) clearTimeout(this.expiry);
    clearTimeout(this.closing);
  }

  send(data: string): Promise<void> | void {
    if (!this.isOpen) return;
    // One that reads is never too slow, however large a single answer is.
    if (this.writer.unsentBytes > this.limits.queueBytes) return this.overflow();
    return this.writer.send(data);
  }

  markAlive(): void {
    this.lastHeardMs = Date.now();
    this.unheardChecks = 0;
  }

  /**
   * Sees to the session's end, asks whether the peer is still there, if need be, and ends the connection when it has been
   * silent for too long.
   */
  checkLiveness(): void {
    if (!this.hasSentInit) {
      this.close(CLOSE.initTimeout);
      return;
    }
    this.armExpiry();
    const verdict = assessLiveness(++this.unheardChecks, Date.now() - this.lastHeardMs);
    // An answer is late by what its reader has to read before the question.
    if (verdict === 'ask' || (verdict === 'alive' && this.writer.unsentBytes > 0))
      this.writer.ping();
    if (verdict !== 'gone') return;
    this.log.info({}, 'silent for too long');
    this.socket.terminate();
  }

  /** A timer of its own only when the end is near: each of thousands would have a list of its own to wait in. */
  private armExpiry(): void {
    if (this.expiry || this.session === null || this.session.expiresAt === null) return;
    const leftMs = (this.session.expiresAt + CLOCK_TOLERANCE_S) * 1_000 - Date.now();
    if (leftMs < EXPIRY_HORIZON_MS)
      this.expiry = setTimeout(() => this.close(CLOSE.tokenExpired), leftMs);
  }
}

/** A connection as graphql-ws sees it. */
class ProtocolSocketAdapter implements ProtocolSocket {
  constructor(
    private readonly connection: Connection,
    private readonly socket: WebSocket,
  ) {}

  get protocol(): string {
    return this.socket.protocol;
  }

  send(data: string): Promise<void> | void {
    return this.connection.send(data);
  }

  close(code: number, reason: string): void {
    this.connection.close([code, reason]);
  }

  onMessage(listener: (data: string) => Promise<void>): void {
    const { connection } = this;
    this.socket.on('message', (data) => {
      connection.markAlive();
      // After a close of ours the peer may go on talking; nobody listens any more.
      if (!connection.isOpen) return;
      // Parsed here: what listens to a subscription keeps what it was handed for as long as that lasts.
      listener(parsed(String(data))).catch((error: unknown) => {
        connection.log.error({ err: error }, 'message not handled');
        connection.close([4400, 'Message not handled']);
      });
    });
  }
}

/** What is no JSON stays text, which graphql-ws refuses. */
function parsed(text: string): string {
  try {
    const message: unknown = JSON.parse(text);
    return (typeof message === 'object' ? message : text) as string;
  } catch {
    return text;
  }
}

function refusalOf(error: unknown): readonly [number, string] {
  if (error instanceof TokenExpiredError) return CLOSE.tokenExpired;
  return error instanceof UnauthenticatedError ? CLOSE.unauthenticated : CLOSE.unavailable;
}
