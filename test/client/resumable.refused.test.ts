import type { Client, Sink, SubscribePayload } from 'graphql-ws';
import { resumable } from '../../client';
import { UnavailableError } from '../../src/errors';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { tunnelled } from './tunnelled';

const MESSAGES = `subscription ($id: ID!, $after: Int) {
  messageAdded(conversationId: $id, after: $after) { sequence content }
}`;
const REFUSED = [{ message: 'away', extensions: { code: 'UNAVAILABLE', retryAfterMs: 300 } }];

interface Added {
  messageAdded: { sequence: number };
}

test('a subscription that cannot be had at the moment is asked for again, and goes on where it stopped', async () => {
  const cluster = await Cluster.start();
  const clients: Client[] = [];
  const [alice, bob] = await cluster.persons('alice', 'bob');
  const { id } = await conversationOf([alice!, bob!]);
  const { client, away } = tunnelled(bob!, clients);
  const {
    conversations: { access },
  } = cluster.node.services;
  const read = jest.spyOn(access, 'read');
  const refuse = () => read.mockRejectedValueOnce(new UnavailableError());
  const refusals = async () => {
    const looks = await Promise.allSettled(read.mock.results.map(({ value }) => value));
    return looks.filter(({ status }) => status === 'rejected').length;
  };
  const sequences: number[] = [];
  const errors: unknown[] = [];
  refuse();
  const end = resumable(client).subscribe<Added>(
    { query: MESSAGES, variables: { id, after: 0 } },
    {
      next: ({ data }) => sequences.push(data!.messageAdded.sequence),
      error: (error) => errors.push(error),
      complete() {},
    },
  );
  await sendBy(alice!, id);
  await eventually(() => expect(sequences).toEqual([1]));
  expect(await refusals()).toBe(1);
  await away(async () => {
    await sendBy(alice!, id);
    refuse();
  });
  await eventually(() => expect(sequences).toEqual([1, 2]));
  expect(await refusals()).toBe(2);
  await sendBy(alice!, id);
  await eventually(() => expect(sequences).toEqual([1, 2, 3]));
  expect(errors).toEqual([]);
  end();
  await client.dispose();
  await cluster.stop();
});

describe('while it waits to be asked for again, a subscription', () => {
  const asked: { payload: SubscribePayload; sink: Sink }[] = [];
  const unsubscribed = jest.fn();
  const bare = {
    subscribe(payload: SubscribePayload, sink: Sink) {
      asked.push({ payload: structuredClone(payload), sink });
      return unsubscribed;
    },
    on() {},
    dispose() {},
  } as unknown as Client;
  const sink = { next: jest.fn(), error: jest.fn(), complete: jest.fn() };

  beforeEach(() => {
    jest.useFakeTimers();
    asked.length = 0;
    jest.clearAllMocks();
  });
  afterEach(() => jest.useRealTimers());

  function refused() {
    const client = resumable(bare);
    const end = client.subscribe({ query: MESSAGES, variables: { id: 'one', after: 7 } }, sink);
    asked[0]!.sink.next({ data: { messageAdded: { sequence: 8 } } });
    asked[0]!.sink.error(REFUSED);
    return { client, end };
  }

  test('waits as long as the server says, and up to as long again', () => {
    refused();
    jest.advanceTimersByTime(299);
    expect(asked).toHaveLength(1);
    jest.advanceTimersByTime(301);
    expect(asked.map(({ payload }) => payload.variables)).toEqual([
      { id: 'one', after: 7 },
      { id: 'one', after: 8 },
    ]);
    expect(sink.error).not.toHaveBeenCalled();
    asked[1]!.sink.error([{ message: 'no', extensions: { code: 'FORBIDDEN' } }]);
    expect(sink.error).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(10_000);
    expect(asked).toHaveLength(2);
  });

  test('waits longer each time that it is refused, until something comes', () => {
    refused();
    for (const most of [600, 1_200, 2_400]) {
      const { length } = asked;
      jest.advanceTimersByTime(most / 2 - 1);
      expect(asked).toHaveLength(length);
      jest.advanceTimersByTime(most / 2 + 1);
      expect(asked).toHaveLength(length + 1);
      asked.at(-1)!.sink.error(REFUSED);
    }
    jest.advanceTimersByTime(60_000);
    const { length } = asked;
    asked.at(-1)!.sink.next({ data: { messageAdded: { sequence: 9 } } });
    asked.at(-1)!.sink.error(REFUSED);
    jest.advanceTimersByTime(600);
    expect(asked).toHaveLength(length + 1);
  });

  test('is not begun again after the end of its client, whose refusal comes late', () => {
    const client = resumable(bare);
    client.subscribe({ query: MESSAGES, variables: { id: 'one', after: 7 } }, sink);
    void client.dispose();
    asked[0]!.sink.error(REFUSED);
    jest.advanceTimersByTime(100_000);
    expect(asked).toHaveLength(1);
    expect(sink.error).toHaveBeenCalledTimes(1);
  });

  test('can be ended', () => {
    refused().end();
    expect(sink.complete).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(10_000);
    expect(asked).toHaveLength(1);
  });

  test('ends with its client', () => {
    void refused().client.dispose();
    expect(sink.complete).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(10_000);
    expect(asked).toHaveLength(1);
  });
});
