import type { ParleyClient } from '../client/client.js';
import { createOutbox, type Outbox } from '../outbox/outbox.js';
import { Sources } from './source.js';
import { Typist } from './typist.js';

/** What the components below one provider share. It does nothing until one of them is mounted. */
export class Store {
  readonly sources = new Sources();
  /** The outbox of the provider itself; null while there is none. */
  own: Outbox | null = null;
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
        this.own = null;
      });
    };
  }

  typist(conversationId: string): Typist {
    let typist = this.typists.get(conversationId);
    if (!typist) {
      typist = new Typist(this.client, conversationId);
      this.typists.set(conversationId, typist);
    }
    return typist;
  }
}
