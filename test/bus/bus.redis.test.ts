import { Socket } from 'node:net';
import { BusInstallation, eventOf, listen, textsOf } from '../support/bus-nodes';
import { eventually } from '../support/eventually';

const installation = new BusInstallation();

describe('what comes over a channel', () => {
  const strange = [
    '',
    'no json',
    '"text"',
    '7',
    'null',
    '[]',
    '{}',
    '{"name":"user.deactivated"}',
    '{"name":"x"}',
  ];

  it('is ignored when it is no event of ours, with one warning a minute and channel', async () => {
    const bus = await installation.start();
    const a = await listen(bus, 'a');
    const b = await listen(bus, 'b');
    const send = async () => {
      for (const topic of ['a', 'b'])
        for (const text of strange) await installation.send(topic, text);
      for (const topic of ['a', 'b'])
        await installation.send(topic, JSON.stringify(eventOf('good')));
    };
    await send();
    await send();
    await eventually(() => expect([...a.events, ...b.events]).toHaveLength(4));
    expect(installation.logbook.about('ignored').map((line) => line.channel)).toEqual([
      `${installation.prefix}a`,
      `${installation.prefix}b`,
    ]);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 60_000);
    await send();
    await eventually(() => expect([...a.events, ...b.events]).toHaveLength(6));
    expect(installation.logbook.about('ignored')).toHaveLength(4);
  });

  it('stays within its prefix', async () => {
    const bus = await installation.start();
    const { events } = await listen(bus, 'topic');
    await installation.raw.publish('topic', JSON.stringify(eventOf('foreign')));
    await installation.raw.publish(
      `other:${installation.prefix}topic`,
      JSON.stringify(eventOf('foreign')),
    );
    await installation.send('topic', JSON.stringify(eventOf('ours')));
    await eventually(() => expect(textsOf(events)).toEqual(['ours']));
  });
});

describe('what goes to Redis', () => {
  it('is one write for all that is published in one turn', async () => {
    const [here, there] = [await installation.start(), await installation.start()];
    const { events } = await listen(there, 'topic');
    const [write, writev] = (['_write', '_writev'] as const).map((name) =>
      jest.spyOn(Socket.prototype, name as never),
    );
    for (let i = 0; i < 100; i++) here.publish([{ topic: 'topic', event: eventOf(String(i)) }]);
    await new Promise(setImmediate);
    expect([write, writev].map((spy) => spy!.mock.calls.length)).toEqual([0, 1]);
    await eventually(() =>
      expect(textsOf(events)).toEqual(Array.from({ length: 100 }, (_, i) => String(i))),
    );
  });

  it('is all that was published before the bus is stopped', async () => {
    const [here, there] = [await installation.start(), await installation.start()];
    const { events } = await listen(there, 'topic');
    here.publish([{ topic: 'topic', event: eventOf('last words') }]);
    await here.stop();
    await eventually(() => expect(textsOf(events)).toEqual(['last words']));
  });

  it('is one subscription for a topic, however many listen', async () => {
    const bus = await installation.start();
    const all = await Promise.all(Array.from({ length: 10 }, () => listen(bus, 'topic')));
    expect(await installation.subscribers('topic')).toBe(1);
    await Promise.all(all.slice(1).map(({ end }) => end()));
    await installation.send('topic', JSON.stringify(eventOf('one')));
    await eventually(() => expect(all[0]!.events).toHaveLength(1));
    await all[0]!.end();
    await eventually(async () => expect(await installation.subscribers('topic')).toBe(0));
  });

  it('is no password in a log line, even when Redis refuses it', async () => {
    const bus = await installation.start(
      installation.redis.url.replace('//', '//someone:secret-password@'),
    );
    expect(bus.connected).toBe(false);
    expect(installation.logbook.about('away')).toHaveLength(1);
    expect(JSON.stringify(installation.logbook.lines)).not.toContain('secret-password');
  });
});
