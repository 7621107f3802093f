import type { Bus } from './bus';
import { withPublish } from './publish.wrapper';

/**
 * Wraps a bus so that the process now and then kills itself between a commit and its publication.
 * Tests of faults use it to show that nothing relies on the bus. A node wraps its bus only when the
 * setting `FAILPOINT` is given.
 *
 * @param probability of a kill at a publication that carries an event of a conversation, 0 to 1
 */
export function killBeforePublish(bus: Bus, probability: number): Bus {
  return withPublish(bus, (messages) => {
    const carriesLog = messages.some(({ event }) => event.name === 'log.appended');
    if (carriesLog && Math.random() < probability) process.kill(process.pid, 'SIGKILL');
    bus.publish(messages);
  });
}
