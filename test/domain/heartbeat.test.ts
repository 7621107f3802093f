import { Heartbeat } from '../../src/server/heartbeat';

const INTERVAL_MS = 1_000;
/** The time between two slots. */
const SLOT_MS = 10;

/** A heartbeat on a clock that stands still, and the members called at each step of it. */
function beating() {
  const called: number[] = [];
  const heartbeat = new Heartbeat<number>(INTERVAL_MS, (member) => void called.push(member));
  heartbeat.start();
  const step = () => {
    jest.advanceTimersByTime(SLOT_MS);
    return called.splice(0);
  };
  const steps = (count: number) => Array.from({ length: count }, step);
  return { heartbeat, steps };
}

describe('a heartbeat', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test('calls members that came together at several times', () => {
    const { heartbeat, steps } = beating();
    for (let member = 0; member < 2_000; member++) heartbeat.add(member);
    // A slot is served in the turn after its time.
    const counts = steps(101).map((called) => called.length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_000);
    expect(Math.max(...counts)).toBe(100);
    // None is called before 80 percent of an interval have passed.
    expect(counts.slice(0, 79).every((count) => count === 0)).toBe(true);
    heartbeat.stop();
  });

  test('calls each member once in an interval, with an interval between two calls', () => {
    const { heartbeat, steps } = beating();
    for (let member = 0; member < 50; member++) {
      heartbeat.add(member);
      steps(7);
    }
    steps(100);
    const [first, second] = [steps(100), steps(100)];
    expect(first.flat().sort()).toEqual(Array.from({ length: 50 }, (_, index) => index).sort());
    expect(second).toEqual(first);
    heartbeat.stop();
  });

  test('does not call a member that was removed', () => {
    const { heartbeat, steps } = beating();
    heartbeat.add(1);
    heartbeat.add(2);
    heartbeat.remove(1);
    expect(steps(200).flat()).toEqual([2, 2]);
    heartbeat.stop();
  });
});
