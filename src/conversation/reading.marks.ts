import { LRUCache } from 'lru-cache';
import { pairKey } from '../runtime/pair-key';

/**
 * Readers whose mark is remembered. It is enough for the readers of some seconds, since events of
 * one reader that come in the wrong order follow each other closely. The mark of a reader who was
 * forgotten may go back for a moment.
 */
const MAX_READERS = 10_000;

/**
 * Remembers how far users have read, as this node's subscribers were told, so that a mark never
 * goes back: two events of one reader that come from two nodes may come in any order. All
 * subscriptions of the node share it.
 */
export class ReadingMarks {
  private readonly newest = new LRUCache<string, number>({ max: MAX_READERS });

  /** Notes a mark. Returns false when a greater mark of the same reader was noted before. */
  note(mark: { conversationId: string; userId: string; lastReadSequence: number }): boolean {
    const key = pairKey(mark.conversationId, mark.userId);
    if (mark.lastReadSequence < (this.newest.get(key) ?? 0)) return false;
    this.newest.set(key, mark.lastReadSequence);
    return true;
  }
}
