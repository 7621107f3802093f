import { networkOf } from '../../src/server/client-address';
import { Newcomers } from '../../src/server/newcomers';

const PATIENCE_MS = 3_000;

/** Lets `count` newcomers come, and tells what became of them. */
function visit(newcomers: Newcomers, address: string, count: number, isThere = true) {
  const state = { in: 0, refused: 0 };
  for (let at = 0; at < count; at++)
    newcomers.enter(address, {
      letIn() {
        if (isThere) state.in++;
        return isThere;
      },
      refuse: () => void state.refused++,
    });
  return state;
}

describe('newcomers of one address', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  test('beyond the limit wait until one has initialised, or has ended', () => {
    const newcomers = new Newcomers(2);
    const state = visit(newcomers, 'a', 4);
    expect(state).toEqual({ in: 2, refused: 0 });
    newcomers.leave('a', true);
    newcomers.leave('a', false);
    expect(state).toEqual({ in: 4, refused: 0 });
    expect(visit(newcomers, 'b', 2)).toEqual({ in: 2, refused: 0 });
  });

  test('five times as many are never refused while they initialise, however slowly', () => {
    const newcomers = new Newcomers(2_000);
    const state = visit(newcomers, 'a', 10_000);
    for (let initialised = 0; initialised < 10_000; initialised++) {
      if (initialised % 100 === 0) jest.advanceTimersByTime(PATIENCE_MS - 1);
      newcomers.leave('a', true);
    }
    expect(state).toEqual({ in: 10_000, refused: 0 });
    jest.advanceTimersByTime(10 * PATIENCE_MS);
    expect(state.refused).toBe(0);
  });

  test('are refused when none initialises for so long; that one ends is not enough', () => {
    const newcomers = new Newcomers(2);
    const state = visit(newcomers, 'a', 10);
    jest.advanceTimersByTime(PATIENCE_MS - 1);
    newcomers.leave('a', false);
    expect(state).toEqual({ in: 3, refused: 0 });
    jest.advanceTimersByTime(1);
    expect(state).toEqual({ in: 3, refused: 7 });
    expect(visit(newcomers, 'a', 1)).toEqual({ in: 0, refused: 0 });
  });

  test('are refused at once when ten times as many wait', () => {
    expect(visit(new Newcomers(2), 'a', 30)).toEqual({ in: 2, refused: 8 });
  });

  test('that are gone take no place, however many', () => {
    const newcomers = new Newcomers(2_000);
    visit(newcomers, 'a', 2_000);
    visit(newcomers, 'a', 19_000, false);
    const state = visit(newcomers, 'a', 1);
    newcomers.leave('a', true);
    expect(state).toEqual({ in: 1, refused: 0 });
  });

  test('nothing of an address is kept once its last one has left', () => {
    const newcomers = new Newcomers(1);
    visit(newcomers, 'a', 2);
    newcomers.leave('a', true);
    newcomers.leave('a', true);
    visit(newcomers, 'b', 1, false);
    expect((newcomers as unknown as { addresses: Map<string, unknown> }).addresses.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['10.0.0.7:4711', '10.0.0.7'],
  ['::1', '0:0:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['', ''],
])('the network of %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
