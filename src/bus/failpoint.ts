import type { Bus } from './bus';

/**
 * A bus whose node dies, now and then, between a commit and its publication: the moment that shows
 * whether anybody relies on the bus. For the tests of faults; without the setting it is not in the
 * way.
 *
 * @param probability of dying at a publication that carries an event of a log, 0 to 1
 */
export function killBeforePublish(bus: Bus, probability: number): Bus {
  return {
    start: () => bus.start(),
    stop: () => bus.stop(),
    publish(messages) {
      const carriesLog = messages.some(({ event }) => event.name === 'log.appended');
      if (carriesLog && Math.random() < probability) process.kill(process.pid, 'SIGKILL');
      bus.publish(messages);
    },
    subscribe: (topic, listener) => bus.subscribe(topic, listener),
    get connected() {
      return bus.connected;
    },
    onStateChange: (listener) => bus.onStateChange(listener),
    get topicCount() {
      return bus.topicCount;
    },
  };
}
