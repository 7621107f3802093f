import { UnavailableError } from '../../src/errors';
import { LateNotices } from '../../src/presence/late.notices';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';

/** So many are seen to at the same time. */
const AT_ONCE = 4;

test('of two notices for one person that wait, the one who was given more counts; a lost word counts most', async () => {
  const told: [userId: string, after: number | null][] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const notices = new LateNotices(async (_conversationId, userId, after) => {
    await released;
    told.push([userId, after]);
    return false;
  }, openLogbook().logger);
  for (let index = 0; index < AT_ONCE; index++)
    notices.schedule('conversation', `busy-${index}`, 0);
  for (const reached of [1, 3, 2]) notices.schedule('conversation', 'alice', reached);
  for (const reached of [1, null, 2]) notices.schedule('conversation', 'bob', reached);
  release();
  await notices.stop();
  expect(told.slice(AT_ONCE)).toEqual([
    ['alice', 3],
    ['bob', null],
  ]);
});

/** Short waits, so that what would take minutes is over at once. */
const TIMES = { retryMs: 1, maxTries: 3, secondLookMs: 1 };

test('a notice for one person is not written while another one for them is', async () => {
  const told: (number | null)[] = [];
  let atOnce = 0;
  const releases: (() => void)[] = [];
  const notices = new LateNotices(async (_conversationId, _userId, after) => {
    expect(++atOnce).toBe(1);
    await new Promise<void>((resolve) => releases.push(resolve));
    atOnce--;
    told.push(after);
    return false;
  }, openLogbook().logger);
  for (const reached of [1, 2, 3]) notices.schedule('conversation', 'alice', reached);
  releases.shift()!();
  await eventually(() => expect(releases).toHaveLength(1));
  releases.shift()!();
  await notices.stop();
  expect(told).toEqual([1, 3]);
});

test('a notice that cannot be written is given up after some tries, and the next one is written', async () => {
  const told: string[] = [];
  const { logger, lines } = openLogbook();
  const notices = new LateNotices(
    async (_conversationId, userId) => {
      told.push(userId);
      if (userId === 'alice') throw new UnavailableError();
      return false;
    },
    logger,
    TIMES,
  );
  notices.schedule('conversation', 'alice', 0);
  await eventually(() => expect(told).toHaveLength(TIMES.maxTries));
  notices.schedule('conversation', 'bob', 0);
  await notices.stop();
  expect(told).toEqual(['alice', 'alice', 'alice', 'bob']);
  expect(lines.at(-1)).toMatchObject({ msg: 'late notification given up', tries: 3 });
});

test('a notice that was written is looked at once more; one that was not needed is not', async () => {
  const told: string[] = [];
  const notices = new LateNotices(
    async (_conversationId, userId) => {
      told.push(userId);
      return userId === 'alice';
    },
    openLogbook().logger,
    TIMES,
  );
  notices.schedule('conversation', 'bob', 0);
  notices.schedule('conversation', 'alice', 0);
  await eventually(() => expect(told).toHaveLength(3));
  notices.schedule('conversation', 'carol', 0);
  await eventually(() => expect(told).toHaveLength(4));
  await notices.stop();
  expect(told).toEqual(['bob', 'alice', 'alice', 'carol']);
});
