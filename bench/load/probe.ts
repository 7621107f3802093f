import type { Crowd } from './crowd';
import { contentOf } from './marker';
import type { Session } from './session';

const CONCURRENCY = 16;
const HEARD_TIMEOUT_MS = 2_000;
const ATTEMPTS = 10;

/**
 * Most protocols do not say when a subscription has begun: it has when its conversation's messages come. Says something
 * in each of the conversations until every member of it has heard the same word.
 */
export async function probe(crowd: Crowd, conversationIds: ReadonlySet<string>): Promise<void> {
  const groups = new Map<string, Session[]>();
  for (const [index, session] of crowd.sessions.entries()) {
    const { conversationId } = crowd.memberOf(index);
    if (!conversationIds.has(conversationId)) continue;
    const group = groups.get(conversationId) ?? [];
    groups.set(conversationId, group);
    group.push(session);
  }
  const words = new Words(crowd);
  const queue = [...groups];
  const lane = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await words.reachAll(...next);
  };
  await Promise.race([Promise.all(Array.from({ length: CONCURRENCY }, lane)), crowd.lost]);
}

class Words {
  private last = 0;
  private readonly waiting = new Map<number, { left: number; heard: () => void }>();

  constructor(crowd: Crowd) {
    crowd.onDelivery = (event) => {
      const entry = this.waiting.get(event);
      if (entry && --entry.left === 0) entry.heard();
    };
  }

  async reachAll(conversationId: string, group: readonly Session[]): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++)
      if (await this.say(group[0]!, conversationId, group.length)) return;
    throw new Error(`not everybody in ${conversationId} is subscribed`);
  }

  private async say(session: Session, conversationId: string, listeners: number): Promise<boolean> {
    const word = ++this.last;
    let lateness: NodeJS.Timeout | undefined;
    const heard = new Promise<boolean>((resolve) => {
      this.waiting.set(word, { left: listeners, heard: () => resolve(true) });
      lateness = setTimeout(() => resolve(false), HEARD_TIMEOUT_MS);
    });
    await session.send(conversationId, [contentOf(word)]);
    const everybody = await heard;
    clearTimeout(lateness);
    this.waiting.delete(word);
    return everybody;
  }
}
