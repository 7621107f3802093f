import { MemoryBus } from '../../src/bus/bus.memory';
import type { UserDirectory } from '../../src/people/user.directory';
import { PresenceService } from '../../src/presence/presence.service';
import { MemoryPresenceStore } from '../../src/presence/store/presence.store.memory';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';

const DEVICES = 1_000;

test('the connections of a user that come at once are stored together, with the newest time', async () => {
  const seen: Date[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const users = {
    recordSeen: async (_ids: string[], at: Date) => {
      seen.push(at);
      await released;
    },
  } as unknown as UserDirectory;
  const { logger } = openLogbook();
  const bus = new MemoryBus(logger);
  const store = new MemoryPresenceStore();
  const service = new PresenceService(store, users, bus, async () => {}, logger);
  service.start();
  service.deviceConnected('alice');
  await eventually(() => expect(seen).toHaveLength(1));
  const from = new Date();
  for (let device = 0; device < DEVICES; device++) service.deviceConnected('alice');
  service.deviceConnected('bob');
  release();
  await eventually(() => expect(seen).toHaveLength(3));
  expect(seen.at(-1)!.getTime()).toBeGreaterThanOrEqual(from.getTime());
  service.deviceConnected('alice');
  await eventually(() => expect(seen).toHaveLength(4));
  await service.stop();
  // The end of each user is stored as well.
  expect(seen.length).toBeLessThan(10);
});
