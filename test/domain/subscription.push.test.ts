import type { Reader } from '../../src/delivery/source';
import { Rendering } from '../../src/execution/rendering';
import { SubscriptionPush } from '../../src/execution/subscription.push';
import { Payload } from '../../src/execution/subscription.sink';
import { Traffic } from '../../src/execution/traffic';
import type { ConnectionHandle } from '../../src/graphql/context';

const FAILURE = new Error('of one socket');

/** A subscription on a socket of its own, which is given what the test pushes. */
function subscription(write: () => void) {
  let reader: Reader<Rendering<string>> | null = null;
  const source = {
    readBy(one: typeof reader) {
      reader = one;
    },
    resume() {},
    close: jest.fn(),
  };
  const drained: (() => void)[] = [];
  const writer = {
    keepsUp: true,
    write: jest.fn(write),
    whenDrained: (listener: () => void) => void drained.push(listener),
  };
  const renderer = {
    traffic: new Traffic(),
    render: (value: Rendering<string>) => value as never,
    leave: jest.fn(),
  };
  const connection = { queueLimit: 1_000, interrupt: jest.fn() };
  const push = new SubscriptionPush<Rendering<string>>(
    source,
    renderer,
    connection as unknown as ConnectionHandle,
    { writer, messageStart: '' },
    true,
  );
  const end = push.next();
  end.catch(() => {});
  return {
    push: (value: Rendering<string>) => reader!.push(value),
    end,
    source,
    writer,
    connection,
    drained,
  };
}

function fail(): never {
  throw FAILURE;
}

const payload = () => new Payload(Buffer.from('{}'));

describe('a frame that cannot be written', () => {
  test('ends its own subscription, and reaches no other one that waits for the same rendering', async () => {
    const [failing, other] = [subscription(fail), subscription(() => {})];
    const rendering = new Rendering('event');
    for (const one of [failing, other]) one.push(rendering);
    rendering.settle(payload(), false);
    expect(other.writer.write).toHaveBeenCalledTimes(1);
    await expect(failing.end).rejects.toBe(FAILURE);
    expect(failing.source.close).toHaveBeenCalledTimes(1);
    expect(failing.connection.interrupt).not.toHaveBeenCalled();
  });

  test('reaches neither the source nor the socket that was waited for', async () => {
    const failing = subscription(fail);
    const rendering = new Rendering('event');
    rendering.settle(payload(), false);
    failing.push(rendering);
    await expect(failing.end).rejects.toBe(FAILURE);

    let isBroken = false;
    const waiting = subscription(() => isBroken && fail());
    waiting.writer.keepsUp = false;
    waiting.push(rendering);
    waiting.push(rendering);
    isBroken = true;
    for (const listener of waiting.drained) listener();
    await expect(waiting.end).rejects.toBe(FAILURE);
  });
});
