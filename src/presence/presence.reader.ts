import { batched } from '../runtime/batches';
import { ONLINE, viewersOf, viewingIn } from './presence.sets';
import type { PresenceStore } from './store/presence.store';

/**
 * Reads which users are online, and who has a conversation open, over all nodes. While Redis is
 * away, only the users on this node are known.
 */
export class PresenceReader {
  /**
   * Reads sets. It is called for each message, and for each subscriber to whom a viewer is told:
   * calls during a read share the next read, which reads each set once.
   */
  private readonly membersOf = batched((sets: readonly string[]) => this.readSets(sets));

  /** Tells which users are online. Each subscriber asks for each event: calls share reads. */
  private readonly areOnline = batched((userIds: readonly string[]) => this.readOnline(userIds));

  constructor(private readonly store: PresenceStore) {}

  /** Returns those of the users who are online. */
  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    const areOnline = await this.areOnline(userIds);
    return new Set(userIds.filter((_, index) => areOnline[index]));
  }

  /** Returns the ids of all users who are online. */
  async onlineUserIds(): Promise<string[]> {
    const [members] = await this.store.members([ONLINE]);
    return members!;
  }

  /**
   * Returns, for each conversation, the ids of the users who are shown to have it open, in the
   * order of `conversationIds`.
   */
  viewers(conversationIds: readonly string[]): Promise<string[][]> {
    return this.membersOf(conversationIds.map(viewersOf));
  }

  /**
   * Returns true when the user is shown to have the conversation open on any node. Returns null
   * while Redis is away, because the users on other nodes are not known then.
   */
  async isViewer(conversationId: string, userId: string): Promise<boolean | null> {
    const [members] = await this.membersOf([viewersOf(conversationId)]);
    return this.store.connected ? members!.includes(userId) : null;
  }

  /** Returns the ids of the users who have the conversation open at this moment. */
  async findViewing(conversationId: string): Promise<string[]> {
    const [members] = await this.membersOf([viewingIn(conversationId)]);
    return members!;
  }

  private async readSets(sets: readonly string[]): Promise<string[][]> {
    const distinct = [...new Set(sets)];
    const members = await this.store.members(distinct);
    const bySet = new Map(distinct.map((set, index) => [set, members[index]!]));
    return sets.map((set) => bySet.get(set)!);
  }

  private async readOnline(userIds: readonly string[]): Promise<boolean[]> {
    const online = await this.store.membersAmong(ONLINE, [...new Set(userIds)]);
    return userIds.map((id) => online.has(id));
  }
}
