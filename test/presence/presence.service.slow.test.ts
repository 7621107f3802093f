import { MemoryBus } from '../../src/bus/bus.memory';
import { UnavailableError } from '../../src/errors';
import type { UserDirectory } from '../../src/people/user.directory';
import type { NotifyLate } from '../../src/presence/missed.events';
import { PresenceService } from '../../src/presence/presence.service';
import type { PresenceStore } from '../../src/presence/store/presence.store';
import { MemoryPresenceStore } from '../../src/presence/store/presence.store.memory';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { PresenceInstallation } from '../support/presence-nodes';

const VIEWERS = 1_000;
/** Connections to the database that may be taken at the same time. */
const FEW = 4;

/** What a node tells the database, in place of it. */
class Database {
  readonly seen: string[][] = [];
  readonly late: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  /** Answers that fail before one is given. */
  outages = 0;

  readonly notifyLate: NotifyLate = async (_conversationId, userId, after) => {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await new Promise(setImmediate);
    this.atOnce--;
    if (this.outages-- > 0) throw new UnavailableError();
    this.late.push(after === null ? userId : `${userId} after ${after}`);
  };

  serve(store: PresenceStore): PresenceService {
    const { logger } = openLogbook();
    const users = {
      recordSeen: async (ids: string[]) => void this.seen.push(ids),
    } as unknown as UserDirectory;
    const service = new PresenceService(
      store,
      users,
      new MemoryBus(logger),
      this.notifyLate,
      logger,
    );
    service.start();
    return service;
  }
}

describe('what a dead node leaves behind', () => {
  const installation = new PresenceInstallation();

  test('every viewer of it is notified late, however many there are, and the database is not flooded', async () => {
    const [dying, living] = [await installation.start(), await installation.start()];
    const database = new Database();
    const there = new Database().serve(dying);
    database.serve(living);
    const ids = Array.from({ length: VIEWERS }, (_, index) => `user-${index}`);
    for (const id of ids) {
      there.deviceConnected(id);
      there.viewOpened('conversation', id);
    }
    const sizes = async () => {
      const members = await living.members([
        'online',
        'viewing:conversation',
        'viewers:conversation',
      ]);
      return members.map(({ length }) => length);
    };
    await eventually(async () => expect(await sizes()).toEqual([VIEWERS, VIEWERS, VIEWERS]));
    await dying.stop();
    await eventually(() => expect(new Set(database.late).size).toBe(VIEWERS));
    expect(database.mostAtOnce).toBeLessThanOrEqual(FEW);
    expect(database.seen.flat().sort()).toEqual([...ids].sort());
    // One statement a portion, of which there are a few.
    expect(database.seen.length).toBeLessThan(VIEWERS / 50);
  });

  test('what it has not looked at yet for who has closed a conversation is looked at by another', async () => {
    const [dying, living] = [await installation.start(), await installation.start()];
    const database = new Database();
    const there = new Database().serve(dying);
    database.serve(living);
    there.viewOpened('conversation', 'alice');
    there.viewClosed('conversation', 'alice', 3);
    await eventually(async () =>
      expect((await living.members(['closed:conversation']))[0]).toHaveLength(1),
    );
    await dying.stop();
    await eventually(() => expect(database.late).toEqual(['alice after 3']));
  });
});

describe('who closed a conversation on two devices at once', () => {
  const installation = new PresenceInstallation();

  test('is notified of what neither was given, whatever node sees to it', async () => {
    const [one, other] = [await installation.start(), await installation.start()];
    const [oneDatabase, otherDatabase] = [new Database(), new Database()];
    const [phone, laptop] = [oneDatabase.serve(one), otherDatabase.serve(other)];
    phone.viewOpened('conversation', 'alice');
    laptop.viewOpened('conversation', 'alice');
    phone.viewClosed('conversation', 'alice', 1);
    laptop.viewClosed('conversation', 'alice', 2);
    await eventually(async () =>
      expect((await one.members(['closed:conversation']))[0]).toHaveLength(2),
    );
    await eventually(
      async () => expect((await one.members(['closed:conversation']))[0]).toHaveLength(0),
      15_000,
    );
    await eventually(() => expect(otherDatabase.late).toEqual(['alice after 2']));
    // Each node was idle by then, and is asked no more.
    await phone.stop();
    expect(oneDatabase.late).toEqual([]);
  });
});

test('who has to be notified late is, once the database is back', async () => {
  const database = new Database();
  database.outages = 1;
  const store = new MemoryPresenceStore();
  const service = database.serve(store);
  service.viewOpened('conversation', 'alice');
  service.viewClosed('conversation', 'alice', null);
  await eventually(() => expect(database.late).toEqual(['alice']), 15_000);
  await service.stop();
  expect(database.late).toEqual(['alice']);
});
