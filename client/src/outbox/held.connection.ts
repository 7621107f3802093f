/**
 * Holds a connection of the client while it is needed. The client's socket is open only while
 * something is subscribed, and a message can be sent only over an open one. So this subscribes to
 * the user's inbox, and ignores what comes. After a refusal it subscribes again, with a wait that
 * grows.
 */
import type { ParleyClient } from '../client/client.js';
import { InboxUpdatedDocument } from '../generated/graphql.js';
import { backOffMs } from '../resumable/retry.js';

export class HeldConnection {
  /** Ends the subscription, or the wait for the next one; null while there is neither. */
  private release: (() => void) | null = null;
  /** Counts the refusals since the last connection. */
  private refusals = 0;

  constructor(private readonly client: ParleyClient) {}

  /** Says whether a connection is needed from now on. */
  need(isNeeded: boolean): void {
    if (isNeeded && !this.release) this.subscribe();
    else if (!isNeeded && this.release) {
      this.release();
      this.release = null;
    }
  }

  /** A connection was acknowledged: the next refusal is the first one again. */
  connected(): void {
    this.refusals = 0;
  }

  private subscribe(): void {
    const again = () => {
      stop();
      const wait = setTimeout(() => this.subscribe(), backOffMs(this.refusals++, 1_000));
      this.release = () => clearTimeout(wait);
    };
    const listener = { next: () => {}, error: again };
    const stop = this.client.subscribe(InboxUpdatedDocument, {}, listener);
    this.release = stop;
  }
}
