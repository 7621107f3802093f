import type { Bus } from '../bus/bus';
import { topics } from '../events';
import type { UserDirectory } from '../people/user.directory';

/** Publishes the changes of presence. */
export class PresencePublisher {
  constructor(
    private readonly users: UserDirectory,
    private readonly bus: Bus,
  ) {}

  /**
   * Stores when the user was last seen, and then calls `publish`: subscribers read the stored time
   * when the event arrives. If storing fails, it publishes all the same, and rejects.
   */
  async recordThenPublish(userId: string, at: Date, publish: () => void): Promise<void> {
    try {
      await this.users.recordSeen([userId], at);
    } finally {
      publish();
    }
  }

  publishPresence(userId: string, online: boolean, lastSeenAt: Date): void {
    const event = {
      name: 'presence.changed',
      userId,
      online,
      lastSeenAt: lastSeenAt.toISOString(),
    } as const;
    this.bus.publish([{ topic: topics.presence(userId), event }]);
  }

  publishViewer(conversationId: string, userId: string, state: 'JOINED' | 'LEFT', at: Date): void {
    const event = {
      name: 'viewers.changed',
      conversationId,
      userId,
      state,
      at: at.toISOString(),
    } as const;
    this.bus.publish([{ topic: topics.conversation(conversationId), event }]);
  }
}
