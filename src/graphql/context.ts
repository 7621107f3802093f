import { v7 as uuidv7 } from 'uuid';
import { type Session, sessionLogFields } from '../auth/authenticator';
import { UnauthenticatedError } from '../errors';
import { BoundLog, type Logger } from '../logger';
import type { OfferTransition } from '../offer/offer.entity';
import type { Caller } from '../people/caller';
import type { Span } from '../runtime/span';
import { Histories } from './histories';
import { Loaders } from './loaders';
import type { Services } from './services';

/** The WebSocket on which an operation came. */
export interface ConnectionHandle {
  readonly id: string;
  /** Ends the connection with 1013: the client reads too slowly, and resumes later. */
  overflow(): void;
  /**
   * Ends the connection with 1013: an event cannot be delivered now, so its client resumes before
   * it.
   */
  interrupt(): void;
  /**
   * The log epoch in which a position was last refused as UNAVAILABLE on this connection; null when
   * none was.
   */
  epochOfRefusal: string | null;
  /** True until either side begins to close it. */
  readonly isOpen: boolean;
  /** The number of events that may wait for one subscription's reader. */
  readonly queueLimit: number;
  /** True while the client reads what it is sent. */
  readonly keepsUp: boolean;
  /**
   * Replaces the token of the connection, which then ends when the new one expires. A refusal
   * leaves the token in place.
   *
   * @throws {BadUserInputError} when the token is of another user or kind
   * @throws {UnauthenticatedError} when the token is not accepted
   */
  renewSession(token: string): Promise<Session>;
  /** Counts an operation as under way until it is answered, or the subscription has started. */
  untilEnd<T>(work: Promise<T>): Promise<T>;
  /** Resolves once the client has read what it was sent, or has gone. */
  whenRead(): Promise<void>;
  /** Holds events back until the answer is there, so that both are sent together. */
  answering<T>(answer: Promise<T>): Promise<T>;
}

/**
 * The one conversation that an operation is about, and the sequence after which its caller sees it.
 */
export interface BoundConversation {
  conversationId: string;
  joinedSequence: number;
}

/** Returns a value at once or in a later turn of the event loop. */
export type HandOver = <T>(value: T) => T | Promise<T>;

/**
 * The knowledge of one operation: its caller, its connection, the services, and loaders of its own.
 */
export class Context {
  /** Set once access was checked; null for an operation about no conversation in particular. */
  boundConversation: BoundConversation | null = null;
  /** The span of the operation; null while traces are off, and once a subscription has started. */
  span: Span | null = null;
  /**
   * Hands over the lists that resolvers return, when it is their turn; null while the execution
   * itself sees to that.
   */
  handOver: HandOver | null = null;
  /** The offers' histories in the answer so far; null before the first one. */
  histories: Histories | null = null;
  private outcomes: Map<string | number, Promise<unknown>> | null = null;

  constructor(
    readonly services: Services,
    /** null without credentials. */
    private readonly session: Session | null,
    /** null until it is needed. */
    private requestIdOrNull: string | null,
    private readonly logger: Logger,
    /** null over HTTP. */
    readonly connection: ConnectionHandle | null = null,
    private rows: Loaders | null = null,
  ) {}

  get requestId(): string {
    this.requestIdOrNull ??= uuidv7();
    return this.requestIdOrNull;
  }

  get loaders(): Loaders {
    this.rows ??= new Loaders(this.services);
    return this.rows;
  }

  /** Writes log lines that name the request and its caller. */
  get log(): BoundLog {
    return new BoundLog(this.logger, () => ({
      requestId: this.requestId,
      ...(this.session && sessionLogFields(this.session)),
      ...this.span?.logFields,
    }));
  }

  /** @throws {UnauthenticatedError} there are no credentials */
  get caller(): Caller {
    if (!this.session) throw new UnauthenticatedError();
    return this.session.caller;
  }

  /** Ends the span of the operation. */
  endSpan(): void {
    this.span?.end();
  }

  /** True when the host platform acts as the caller, a user: this is no device of theirs. */
  get isOnBehalf(): boolean {
    return this.session?.onBehalf ?? false;
  }

  get authenticated(): boolean {
    return this.session !== null;
  }

  /** True once the client has gone, so that no answer can reach it. */
  get isAbandoned(): boolean {
    return this.connection !== null && !this.connection.isOpen;
  }

  /** Resolves once the client has read an answer that is sent in this turn, or has gone. */
  async whenRead(): Promise<void> {
    await new Promise(setImmediate);
    await this.connection?.whenRead();
  }

  /** Forgets the loaded rows, so that the next field or event sees how things are then. */
  dropLoaders(): void {
    this.rows = null;
  }

  /**
   * Returns the transitions of an offer, the oldest first.
   *
   * @throws {AnswerTooLargeError} when the answer has too much of offers' histories with this one
   */
  historyOf(offerId: string): Promise<OfferTransition[]> {
    this.histories ??= new Histories();
    return this.histories.read(this.loaders, offerId);
  }

  /**
   * Runs a root field of a query or a mutation once. When graphql-js executes the operation again,
   * the field completes the same outcome.
   *
   * @param key the field's key in the answer
   */
  resolveOnce(key: string | number, run: () => unknown): Promise<unknown> {
    this.outcomes ??= new Map();
    const known = this.outcomes.get(key);
    if (known) return known;
    const outcome = new Promise((resolve) => resolve(run()));
    this.outcomes.set(key, outcome);
    return outcome;
  }

  /**
   * A context of the same caller with fresh loaders: an event of a subscription sees the rows of
   * now.
   */
  forEvent(loaders: Loaders | null = null): Context {
    const { services, session, requestIdOrNull, logger, connection } = this;
    const context = new Context(services, session, requestIdOrNull, logger, connection, loaders);
    context.boundConversation = this.boundConversation;
    return context;
  }
}

/** The context of an event that is executed once for many subscribers: it has no caller. */
export class SharedContext extends Context {
  constructor(
    services: Services,
    logger: Logger,
    boundConversation: BoundConversation | null,
    loaders: Loaders,
  ) {
    super(services, null, null, logger, null, loaders);
    this.boundConversation = boundConversation;
  }

  override get caller(): never {
    throw new Error(
      'A field asks who the viewer is, and does not declare with @DependsOn that it does.',
    );
  }
}
