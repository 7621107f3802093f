import type { Logger } from '../logger';
import { pairKey } from '../runtime/pair-key';
import type { PresenceStore } from './store/presence.store';

/** One hold of this node, and the number of devices behind it. */
interface DeviceHold {
  count: number;
  /** The timer that releases the hold; null unless the last device has gone and the grace runs. */
  grace: NodeJS.Timeout | null;
}

/** Work that belongs to the beginning or the end of a hold. */
type Work = () => Promise<void> | void;

const NOTHING: Work = () => {};

/**
 * This node's holds in the presence store, with the number of devices behind each. The first device
 * begins the hold. After the last one the hold is released, at once or after a grace. A device that
 * comes within the grace keeps the hold, and nothing changes.
 */
export class DeviceHolds {
  private readonly held = new Map<string, DeviceHold>();
  /**
   * The last work that was begun for each hold. The work of one hold runs in order, so that a
   * release cannot overtake the hold before it.
   */
  private readonly queues = new Map<string, Promise<void>>();

  constructor(
    private readonly store: PresenceStore,
    private readonly logger: Logger,
  ) {}

  /**
   * Counts another device.
   *
   * @param onFirst runs when no node held the member before
   * @returns true when this node begins to hold the member
   */
  retain(set: string, member: string, onFirst: Work = NOTHING): boolean {
    const key = pairKey(set, member);
    const hold = this.held.get(key);
    if (hold) {
      hold.count++;
      if (hold.grace) clearTimeout(hold.grace);
      hold.grace = null;
      return false;
    }
    this.held.set(key, { count: 1, grace: null });
    void this.enqueue(key, async () => {
      if (await this.store.hold(set, member)) await onFirst();
    });
    return true;
  }

  /**
   * Undoes one {@link retain}.
   *
   * @param graceMs time for which the hold stays after the last device; with 0 it is released at
   *   once
   * @param onEnd runs when this node has released the hold; `last` is true when no node holds the
   *   member any more
   */
  release(
    set: string,
    member: string,
    graceMs: number,
    onEnd: (last: boolean) => Promise<void> | void = NOTHING,
  ): void {
    const key = pairKey(set, member);
    const hold = this.held.get(key);
    if (!hold || hold.count === 0 || --hold.count > 0) return;
    const end = () => {
      this.held.delete(key);
      void this.enqueue(key, async () => onEnd(await this.store.release(set, member)));
    };
    if (graceMs === 0) end();
    else hold.grace = setTimeout(end, graceMs).unref();
  }

  /**
   * Runs `work` when all earlier work for this member of this set has finished. Resolves when
   * `work` has finished. An error of `work` is logged, and the promise resolves all the same.
   */
  runAfter(set: string, member: string, work: Work): Promise<void> {
    return this.enqueue(pairKey(set, member), async () => work());
  }

  /**
   * Stops the timers: a hold whose grace has not ended stays in the store. Resolves when no work is
   * under way.
   */
  async stop(): Promise<void> {
    for (const hold of this.held.values()) if (hold.grace) clearTimeout(hold.grace);
    await Promise.all(this.queues.values());
  }

  private enqueue(key: string, work: () => Promise<void>): Promise<void> {
    const next = (this.queues.get(key) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'presence not recorded');
    });
    this.queues.set(key, next);
    void next.then(() => {
      if (this.queues.get(key) === next) this.queues.delete(key);
    });
    return next;
  }
}
