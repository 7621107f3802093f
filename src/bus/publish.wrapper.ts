import type { Bus, BusMessage } from './bus';

/** Returns a bus that publishes by `publish`, and does all else as `bus` does. */
export function withPublish(bus: Bus, publish: (messages: readonly BusMessage[]) => void): Bus {
  return {
    start: () => bus.start(),
    stop: () => bus.stop(),
    publish,
    subscribe: (topic, listener) => bus.subscribe(topic, listener),
    get connected() {
      return bus.connected;
    },
    onStateChange: (listener) => bus.onStateChange(listener),
    get topicCount() {
      return bus.topicCount;
    },
    get droppedCount() {
      return bus.droppedCount;
    },
  };
}
