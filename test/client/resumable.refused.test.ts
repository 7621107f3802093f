import { resumable, retryForever } from '@parley/client';
import type { Client, Sink, SubscribePayload } from 'graphql-ws';
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

  test.each([
    ['by refusals', REFUSED, 600],
    ['by closes', { code: 1006, reason: '' }, 2_000],
  ])('counts none that are hours apart, ended %s', (_, problem, most) => {
    const client = resumable(bare);
    client.subscribe({ query: MESSAGES, variables: { id: 'one', after: 7 } }, sink);
    for (let count = 1; count < 8; count++) {
      jest.advanceTimersByTime(3_600_000);
      asked.at(-1)!.sink.error(problem);
      jest.advanceTimersByTime(most);
      expect(asked).toHaveLength(count + 1);
    }
    expect(sink.error).not.toHaveBeenCalled();
  });

  test('is asked for for ever after closes, at the latest every 30 s', () => {
    const client = resumable(bare);
    client.subscribe({ query: MESSAGES, variables: { id: 'one', after: 7 } }, sink);
    let waitedMs = 0;
    for (let count = 1; count < 3_000; count++) {
      asked.at(-1)!.sink.error({ code: 1006, reason: '' });
      const before = Date.now();
      jest.advanceTimersToNextTimer();
      waitedMs = Date.now() - before;
      expect(waitedMs).toBeGreaterThanOrEqual(Math.min(1_000 * 2 ** (count - 1), 15_000) - 1);
      expect(waitedMs).toBeLessThanOrEqual(30_000);
      expect(asked).toHaveLength(count + 1);
    }
    asked.at(-1)!.sink.next({ data: { messageAdded: { sequence: 8 } } });
    asked.at(-1)!.sink.error({ code: 1006, reason: '' });
    jest.advanceTimersByTime(2_000);
    expect(asked.at(-1)!.payload.variables).toEqual({ id: 'one', after: 8 });
    expect(sink.next).toHaveBeenCalledTimes(1);
    expect(sink.error).not.toHaveBeenCalled();
  });

  test.each([
    ['a time', 40_000, 40_000, 80_000],
    ['no time', undefined, 1_000, 2_000],
    ['none that makes sense', -1, 1_000, 2_000],
    ['one that no timer keeps', 1e12, 3_600_000, 7_200_000],
  ])('is asked for again when it comes too often: the server names %s', (_, named, least, most) => {
    resumable(bare).subscribe({ query: MESSAGES, variables: { id: 'one', after: 7 } }, sink);
    const extensions = { code: 'RATE_LIMITED', retryAfterMs: named };
    asked[0]!.sink.error([{ message: 'too many', extensions }]);
    jest.advanceTimersByTime(least - 1);
    expect(asked).toHaveLength(1);
    jest.advanceTimersByTime(most - least + 1);
    expect(asked).toHaveLength(2);
  });

  test('is ended by its own errors, also when they are thrown', () => {
    resumable(bare).subscribe({ query: MESSAGES, variables: { id: 'one', after: 7 } }, sink);
    const error = new TypeError('Converting circular structure to JSON');
    asked[0]!.sink.error(error);
    expect(sink.error).toHaveBeenCalledWith(error);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('does not send the epoch of its position, and sends all else', () => {
    resumable(bare).subscribe(
      {
        query: MESSAGES,
        variables: { id: 'one', after: 7 },
        extensions: { logEpoch: 'e', other: 1 },
      },
      sink,
    );
    expect(asked[0]!.payload).toEqual({
      query: MESSAGES,
      variables: { id: 'one', after: 7 },
      extensions: { other: 1 },
    });
  });

  test('waits 30 s at most if its client retries for ever', async () => {
    const waited = jest.fn();
    void retryForever.retryWait(1_000).then(waited);
    await jest.advanceTimersByTimeAsync(14_999);
    expect(waited).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(15_001);
    expect(waited).toHaveBeenCalled();
  });
});
