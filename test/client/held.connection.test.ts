import type { Listener, ParleyClient } from '../../client/src/client/client';
import { HeldConnection } from '../../client/src/outbox/held.connection';

/** Longer than every wait after a refusal. */
const LONG_MS = 120_000;

/** A client that counts its subscriptions. */
class CountingClient {
  readonly listeners: Listener<unknown>[] = [];
  private readonly ends = new Set<Listener<unknown>>();

  get open(): number {
    return this.listeners.length - this.ends.size;
  }

  subscribe(_document: unknown, _variables: unknown, listener: Listener<unknown>): () => void {
    this.listeners.push(listener);
    return () => this.ends.add(listener);
  }

  /** Tells the newest subscription of an error. */
  refuse(): void {
    this.listeners.at(-1)!.error!(null as never);
  }
}

describe('the held connection', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function held() {
    const client = new CountingClient();
    return { client, connection: new HeldConnection(client as unknown as ParleyClient) };
  }

  test('subscribes once while it is needed, and again after a refusal', () => {
    const { client, connection } = held();
    connection.need(true);
    connection.need(true);
    expect(client.open).toBe(1);
    client.refuse();
    expect(client.open).toBe(0);
    jest.advanceTimersByTime(LONG_MS);
    expect(client.open).toBe(1);
    expect(client.listeners).toHaveLength(2);
  });

  test('is not made again when it is not needed any more', () => {
    const { client, connection } = held();
    connection.need(true);
    client.refuse();
    connection.need(false);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(LONG_MS);
    expect(client.listeners).toHaveLength(1);
  });

  test('forgets the wait of a need that has passed', () => {
    const { client, connection } = held();
    connection.need(true);
    client.refuse();
    connection.need(false);
    connection.need(true);
    jest.advanceTimersByTime(LONG_MS);
    expect(client.listeners).toHaveLength(2);
  });
});
