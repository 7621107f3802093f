import type { Commands } from './commands';
import type { Crowd } from './crowd';
import { Expectation } from './expectation';

/** Replays a log for one after the other. */
export async function replay(
  crowd: Crowd,
  { after, events }: Commands['replay']['input'],
): Promise<{ elapsedMs: number }> {
  const expectation = new Expectation(crowd.lost);
  crowd.onDelivery = () => expectation.step(crowd.deliveries);
  const startMs = performance.now();
  let expected = crowd.deliveries;
  for (const [index, session] of crowd.sessions.entries()) {
    await session.subscribe({
      conversationId: crowd.memberOf(index).conversationId,
      selection: 'plain',
      after,
    });
    expected += events;
    await expectation.until(expected, () => crowd.deliveries);
  }
  return { elapsedMs: performance.now() - startMs };
}
