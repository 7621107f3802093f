import type { ParleyClient } from '../client/client.js';
import { createOutbox, type Outbox } from '../outbox/outbox.js';
import { Sources } from './source.js';
import { Typist } from './typist.js';

/** The things that the components below a provider share. It does nothing until one is mounted. */
export class Store {
  readonly sources = new Sources();
  /** The outbox of the provider itself; undefined while there is none. */
  own: Outbox | undefined;
  /** The id of the client's user; null until it is known. */
  userId: string | null = null;
  private readonly typists = new Map<string, Typist>();
  private opens = 0;

  constructor(
    readonly client: ParleyClient,
    readonly given: Outbox | undefined,
    readonly pageSize: number,
  ) {}

  /** The outbox. It is made when it is first needed, which may be before the provider's effect. */
  get outbox(): Outbox {
    if (this.given) return this.given;
    this.own ??= createOutbox(this.client);
    return this.own;
  }

  /**
   * The provider is mounted, and what an earlier visit has left unsent goes out.
   *
   * @returns a function that closes the outbox, unless it is opened again in the same turn
   */
  open(): () => void {
    this.opens++;
    void this.outbox;
    return () => {
      setTimeout(() => {
        if (--this.opens > 0) return;
        this.own?.close();
        this.own = undefined;
      });
    };
  }

  /** Calls the listener when the user's id may have changed, until the returned one is called. */
  watchUser(listener: () => void): () => void {
    const put = (userId: string | null | undefined) => {
      this.userId = userId ?? this.userId;
      listener();
    };
    void this.client.identify().then(put);
    return this.client.onSession((session) => put(session?.userId));
  }

  typist(conversationId: string): Typist {
    const typist = this.typists.get(conversationId) ?? new Typist(this.client, conversationId);
    this.typists.set(conversationId, typist);
    return typist;
  }
}
