import { randomUUID } from 'node:crypto';
import { type Writable, Writable as WritableStream } from 'node:stream';
import type { BusListener } from '../../src/bus/bus';
import { MemoryBus } from '../../src/bus/bus.memory';
import { Hub } from '../../src/delivery/hub';
import { type BusEvent, topics } from '../../src/events';
import type { LogEpoch } from '../../src/log/log.epoch';
import type { LogHeads } from '../../src/log/log.heads';
import { corkForThisTurn } from '../../src/runtime/cork';
import type { Connection } from '../../src/server/connection';
import { Connections } from '../../src/server/connections';
import { openLogbook } from '../support/logbook';

/** More than wait for the reader of a seat. */
const MANY = 1_001;

function deactivated(userId: string): BusEvent {
  return { name: 'user.deactivated', userId };
}

/** A bus that brings events together with the acknowledgement of the subscription. */
class EagerBus extends MemoryBus {
  override async subscribe(topic: string, listener: BusListener) {
    const end = await super.subscribe(topic, listener);
    for (let count = 0; count < MANY; count++) this.deliver(topic, deactivated(`early-${count}`));
    return end;
  }
}

/** One user's connection, which closes and ends as the test says. */
function connectionOf(userId: string, close: () => void = () => {}) {
  const { logger } = openLogbook();
  const id = randomUUID();
  const session = { issuedAt: null as number | null, onBehalf: false };
  const ends = { close: jest.fn(close), terminate: jest.fn() };
  const connection = { id, userId, session, log: logger, ...ends };
  return connection as unknown as typeof connection & Connection;
}

describe('the connections of a node', () => {
  const { logger } = openLogbook();

  async function start() {
    const bus = new EagerBus(logger);
    await bus.start();
    const hub = new Hub(bus, {} as LogHeads, {} as LogEpoch, logger);
    const none = {} as never;
    const connections = new Connections(hub, bus, none, none, none, logger, 1);
    const early = connectionOf(`early-${MANY - 1}`);
    connections.add(early);
    await connections.start();
    return { bus, hub, connections, early };
  }

  test('hear of every deactivated user, however many come before the first is looked at', async () => {
    const { bus, hub, connections, early } = await start();
    expect(early.close).toHaveBeenCalledTimes(1);
    const later = connectionOf('later');
    connections.add(later);
    bus.deliver(topics.sessions, deactivated('later'));
    expect(later.close).toHaveBeenCalledTimes(1);
    hub.stop();
  });

  test('are closed where they began with a token that is revoked now', async () => {
    const { bus, hub, connections } = await start();
    const issuedAt = (seconds: number | null, onBehalf = false) => {
      const connection = connectionOf('dave');
      Object.assign(connection.session!, { issuedAt: seconds, onBehalf });
      connections.add(connection);
      return connection;
    };
    const revoked = [issuedAt(1_999), issuedAt(1_999.5), issuedAt(null)];
    const accepted = [issuedAt(2_000), issuedAt(2_001), issuedAt(null, true)];
    bus.deliver(topics.sessions, { name: 'tokens.revoked', userId: 'dave', validFromS: 2_000 });
    for (const one of revoked) expect(one.close).toHaveBeenCalledTimes(1);
    for (const one of accepted) expect(one.close).not.toHaveBeenCalled();
    hub.stop();
  });

  test('are each closed, though another one cannot be', async () => {
    const { bus, hub, connections } = await start();
    const failing = connectionOf('carol', () => {
      throw new Error('cannot be closed');
    });
    const other = connectionOf('carol');
    for (const one of [failing, other]) connections.add(one);
    bus.deliver(topics.sessions, deactivated('carol'));
    expect(other.close).toHaveBeenCalledTimes(1);
    expect(failing.terminate).toHaveBeenCalledTimes(1);
    hub.stop();
  });
});

test('a stream that fails at the end of a turn holds back no other one', async () => {
  const written: string[] = [];
  const stream = (name: string): Writable =>
    new WritableStream({
      write(_chunk, _encoding, done) {
        if (name === 'failing') throw new Error('of one stream');
        written.push(name);
        done();
      },
    });
  const failing = stream('failing');
  const failed = jest.fn();
  failing.on('error', failed);
  for (const one of [failing, stream('other')]) {
    corkForThisTurn(one);
    one.write('frame');
  }
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(written).toEqual(['other']);
  expect(failed).toHaveBeenCalledWith(new Error('of one stream'));
});
