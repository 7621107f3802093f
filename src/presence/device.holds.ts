import type { Logger } from '../logger';
import { pairKey } from '../runtime/pair-key';
import type { PresenceStore } from './store/presence.store';

/** What stands behind one hold of this node: how many devices. */
interface DeviceHold {
  count: number;
  /** Runs while nothing stands behind it any more, until it is let go. */
  grace: NodeJS.Timeout | null;
}

/** What to do at a hold's beginning or end over all nodes. */
type Work = () => Promise<void> | void;

const NOTHING: Work = () => {};

/**
 * This node's holds in the presence store, each counted by what stands behind it. The first one takes the hold, the
 * last one lets it go, at once or after a grace in which somebody who comes back changes nothing.
 */
export class DeviceHolds {
  private readonly held = new Map<string, DeviceHold>();
  /** Changes of one hold follow each other: taking it and letting it go must not overtake. */
  private readonly queues = new Map<string, Promise<void>>();

  constructor(
    private readonly store: PresenceStore,
    private readonly logger: Logger,
  ) {}

  /**
   * One more.
   *
   * @param onFirst runs when no node held it before
   */
  retain(set: string, member: string, onFirst: Work = NOTHING): void {
    const key = pairKey(set, member);
    const hold = this.held.get(key);
    if (hold) {
      hold.count++;
      if (hold.grace) clearTimeout(hold.grace);
      hold.grace = null;
      return;
    }
    this.held.set(key, { count: 1, grace: null });
    void this.enqueue(key, async () => {
      if (await this.store.hold(set, member)) await onFirst();
    });
  }

  /**
   * One less.
   *
   * @param graceMs how long the hold stays after the last one
   * @param onEnd runs when this node lets go, `last` if no node holds it any more
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

  /** Runs after what is under way for this member of this set. */
  runAfter(set: string, member: string, work: Work): Promise<void> {
    return this.enqueue(pairKey(set, member), async () => work());
  }

  /** No grace ends any more. Resolves when nothing is under way. */
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
