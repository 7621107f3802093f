import { LateNotices } from '../../src/presence/late.notices';
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
