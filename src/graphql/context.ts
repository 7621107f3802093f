import { v7 as uuidv7 } from 'uuid';
import { type Session, sessionLogFields } from '../auth/authenticator';
import { UnauthenticatedError } from '../errors';
import { BoundLog, type Logger } from '../logger';
import type { Caller } from '../people/caller';
import { Loaders } from './loaders';
import type { Services } from './services';

/** The WebSocket on which an operation came. */
export interface ConnectionHandle {
  readonly id: string;
  /** Ends the connection with 1013: its reader cannot keep up, and shall resume. */
  overflow(): void;
  /** Ends the connection with 1013: an event cannot be delivered now, so that its client resumes before it. */
  interrupt(): void;
  /** Whether it still stands: neither side has begun to close it. */
  readonly isOpen: boolean;
  /** Events that may wait for the reader of one subscription. */
  readonly queueLimit: number;
  /** True while the client reads what it is sent. */
  readonly keepsUp: boolean;
  /** What it comes to is about to be sent here: events meanwhile are sent together with it. */
  answering<T>(answer: Promise<T>): Promise<T>;
}

/** The one conversation that an operation is about, and from where on its viewer sees it, as long as it lasts. */
export interface BoundConversation {
  conversationId: string;
  joinedSequence: number;
}

/** What one operation knows: who asks, with what, and its own loaders. */
export class Context {
  /** Once access to it was checked; null: about none in particular. */
  boundConversation: BoundConversation | null = null;
  private outcomes: Map<string | number, Promise<unknown>> | null = null;

  constructor(
    readonly services: Services,
    /** Null: nobody said who they are. */
    private readonly session: Session | null,
    /** Null: it gets one when it is asked for. */
    private requestIdOrNull: string | null,
    private readonly logger: Logger,
    /** Null: over HTTP. */
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

  /** For lines that name the request and who asks. */
  get log(): BoundLog {
    return new BoundLog(this.logger, () => ({
      requestId: this.requestId,
      ...(this.session && sessionLogFields(this.session)),
    }));
  }

  /** @throws {UnauthenticatedError} nobody said who they are */
  get caller(): Caller {
    if (!this.session) throw new UnauthenticatedError();
    return this.session.caller;
  }

  get authenticated(): boolean {
    return this.session !== null;
  }

  /** Forgets what was loaded: a mutation after another one sees what that one did. */
  dropLoaders(): void {
    this.rows = null;
  }

  /**
   * What a field of a query or a mutation came to: it is run by whoever asks first, and who executes the operation once
   * more completes the same outcome.
   *
   * @param key the field's in the answer
   */
  resolveOnce(key: string | number, run: () => unknown): Promise<unknown> {
    this.outcomes ??= new Map();
    const known = this.outcomes.get(key);
    if (known) return known;
    const outcome = new Promise((resolve) => resolve(run()));
    this.outcomes.set(key, outcome);
    return outcome;
  }

  /** The same asker with fresh loaders: each event of a subscription sees the present, not an earlier event's. */
  forEvent(loaders: Loaders | null = null): Context {
    const { services, session, requestIdOrNull, logger, connection } = this;
    const context = new Context(services, session, requestIdOrNull, logger, connection, loaders);
    context.boundConversation = this.boundConversation;
    return context;
  }
}

/** Of an event that is executed once for many: there is no viewer, and whoever asks for one has not declared it. */
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
