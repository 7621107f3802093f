import { MemoryBus } from '../../src/bus/bus.memory';
import type { UserDirectory } from '../../src/people/user.directory';
import { PresenceService } from '../../src/presence/presence.service';
import { openLogbook } from '../support/logbook';
import { PresenceInstallation } from '../support/presence-nodes';

const MANY = 500;

describe('the end of one of many sockets of a user', () => {
  const installation = new PresenceInstallation();

  test('costs no more than that of one of few: it reads none of the others', async () => {
    const store = await installation.start();
    const { logger } = openLogbook();
    const users = {} as UserDirectory;
    const service = new PresenceService(
      store,
      users,
      new MemoryBus(logger),
      async () => {},
      logger,
    );
    const ids = Array.from({ length: MANY }, (_, index) => `socket-${index}`);
    await Promise.all(ids.map((id) => service.socketOpened('alice', id, MANY)));
    await installation.raw.config('RESETSTAT');
    const areLast = await Promise.all(ids.map((id) => service.socketClosed('alice', id)));
    expect(areLast.at(-1)).toBe(true);
    expect(await installation.raw.info('commandstats')).not.toMatch(/^cmdstat_smembers:/m);
  });
});
