/**
 * The limit of the sockets of one address that have not yet said who they are.
 *
 * One beyond the limit is not refused: its upgrade waits until another one of its address has sent
 * `connection_init`, or has ended. After an outage all clients come back at once, many of them by
 * one proxy, and each initialises as soon as it is let in. Those who never initialise are told
 * apart by this: when none of the address has done so for some seconds, all that wait are refused.
 */

/** Time for which newcomers wait while none of their address initialises. */
const PATIENCE_MS = 3_000;
/** The newcomers of one address that may wait, in multiples of the limit. */
const WAITING_PER_OPEN = 10;

/** A newcomer. Exactly one of the two is called, now or later. */
export interface Newcomer {
  /** @returns false when it is gone, and takes no place */
  letIn: () => boolean;
  refuse: () => void;
}

interface Address {
  open: number;
  readonly waiting: Set<Newcomer>;
  timer: NodeJS.Timeout | null;
}

/** Counts sockets from their upgrade until they have sent `connection_init`, by address. */
export class Newcomers {
  private readonly addresses = new Map<string, Address>();

  /** @param limit sockets of one address */
  constructor(private readonly limit: number) {}

  /** Lets a newcomer in, now or later, or refuses it. One that is let in has to {@link leave}. */
  enter(key: string, newcomer: Newcomer): void {
    let address = this.addresses.get(key);
    if (!address) {
      address = { open: 0, waiting: new Set(), timer: null };
      this.addresses.set(key, address);
    }
    if (address.open < this.limit) {
      address.open++;
      if (!newcomer.letIn()) this.leave(key, false);
    } else if (address.waiting.size < this.limit * WAITING_PER_OPEN) {
      address.waiting.add(newcomer);
      if (!address.timer) this.startTimer(key, address);
    } else newcomer.refuse();
  }

  /** @param initialised false for a socket that ended without */
  leave(key: string, initialised: boolean): void {
    const address = this.addresses.get(key);
    if (!address) return;
    address.open--;
    if (initialised && address.timer) this.startTimer(key, address);
    for (const next of address.waiting) {
      address.waiting.delete(next);
      address.open++;
      if (next.letIn()) break;
      address.open--;
    }
    if (address.waiting.size > 0) return;
    this.stopTimer(address);
    if (address.open === 0) this.addresses.delete(key);
  }

  private startTimer(key: string, address: Address): void {
    this.stopTimer(address);
    address.timer = setTimeout(() => {
      address.timer = null;
      const refused = [...address.waiting];
      address.waiting.clear();
      if (address.open === 0) this.addresses.delete(key);
      for (const newcomer of refused) newcomer.refuse();
    }, PATIENCE_MS).unref();
  }

  private stopTimer(address: Address): void {
    if (address.timer) clearTimeout(address.timer);
    address.timer = null;
  }
}
