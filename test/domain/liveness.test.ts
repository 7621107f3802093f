import fc from 'fast-check';
import { assessLiveness, LIVENESS_INTERVAL_MS } from '../../src/server/liveness';

/** Looks at a socket that was last heard at 0, and answers each question after so long; null: never. */
function watch(firstLookMs: number, answerAfterMs: number | null, looks: number, stallMs = 0) {
  const questions: number[] = [];
  let heardMs = 0;
  let since = 0;
  let nowMs = firstLookMs;
  for (let look = 0; look < looks; look++, nowMs += LIVENESS_INTERVAL_MS + stallMs) {
    const answerMs =
      answerAfterMs === null
        ? null
        : (questions.at(-1) ?? Number.NEGATIVE_INFINITY) + answerAfterMs;
    if (answerMs !== null && answerMs > heardMs && answerMs <= nowMs) {
      heardMs = answerMs;
      since = 0;
    }
    const verdict = assessLiveness(++since, nowMs - heardMs);
    if (verdict === 'gone') return { goneMs: nowMs, questions };
    if (verdict === 'ask') questions.push(nowMs);
  }
  return { goneMs: null, questions };
}

const phase = fc.double({ min: 0, max: LIVENESS_INTERVAL_MS, noNaN: true });

describe('looking after a socket', () => {
  it('gives up whoever is silent after 10 s, and before 15 s', () => {
    fc.assert(
      fc.property(phase, (firstLookMs) => {
        const { goneMs } = watch(firstLookMs, null, 10);
        expect(goneMs).toBeGreaterThan(10_000);
        expect(goneMs).toBeLessThan(15_000);
      }),
    );
  });

  it('never gives up whoever answers before the next look, however late the looks are', () => {
    fc.assert(
      fc.property(
        phase,
        fc.double({ min: 1, max: LIVENESS_INTERVAL_MS, noNaN: true }),
        fc.nat(30_000),
        (first, rtt, stall) => {
          expect(watch(first, rtt, 50, stall).goneMs).toBeNull();
        },
      ),
    );
  });

  it('asks an idle one at every second look, and one that talks not at all', () => {
    expect(watch(LIVENESS_INTERVAL_MS, 1, 20).questions).toHaveLength(10);
    expect(assessLiveness(1, LIVENESS_INTERVAL_MS)).toBe('alive');
  });
});
