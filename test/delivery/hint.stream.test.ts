import { StateHints } from '../../src/delivery/hint.stream';
import { Seat } from '../../src/delivery/seat';
import { SourceIterator } from '../../src/delivery/source.iterator';
import { UnavailableError } from '../../src/errors';
import type { PresenceChanged } from '../../src/events';

function changeOf(userId: string): PresenceChanged {
  return { name: 'presence.changed', userId, online: true, lastSeenAt: null };
}

/** A stream whose lookups fail as `failures` say, one after the other, and then answer the keys. */
function watch(failures: Error[]) {
  const seat = new Seat({ accepts: () => true }, 0, null, { remove() {} });
  const lookUp = jest.fn(async (changes: ReadonlyMap<string, number>) => {
    const failure = failures.shift();
    if (failure) throw failure;
    return [...changes].map(([id, times]) => `${id} ${times}`);
  });
  const dropped = jest.fn();
  const stream = new StateHints(seat, dropped, {
    changeOf: (event) => [(event as PresenceChanged).userId, 1] as const,
    merge: (earlier: number, later: number) => earlier + later,
    lookUp,
  });
  return { seat, stream, lookUp, dropped, values: new SourceIterator<string>(stream) };
}

describe('hints of a state', () => {
  test('whose lookup would fail again are dropped, and looked up no more until the next change', async () => {
    const { seat, lookUp, dropped, values } = watch([new Error('one'), new Error('another')]);
    const next = values.next();
    seat.pushHint(changeOf('alice'));
    // A lookup that was repeated would be so within these turns of the event loop.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(lookUp).toHaveBeenCalledTimes(1);
    seat.pushHint(changeOf('bob'));
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(dropped.mock.calls).toEqual([[new Error('one')], [new Error('another')]]);
    seat.pushHint(changeOf('carol'));
    expect((await next).value).toBe('carol 1');
    await values.return();
  });

  test('wait for the database, joined with what changes meanwhile', async () => {
    const { seat, dropped, values } = watch([new UnavailableError()]);
    const next = values.next();
    seat.pushHint(changeOf('alice'));
    await new Promise(setImmediate);
    for (const userId of ['alice', 'bob']) seat.pushHint(changeOf(userId));
    expect((await next).value).toBe('alice 2');
    expect((await values.next()).value).toBe('bob 1');
    expect(dropped).not.toHaveBeenCalled();
    await values.return();
  });
});
