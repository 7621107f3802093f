import type { Person } from '../support/person';
import type { RawWebSocket } from '../support/raw-websocket';
import { Stage } from './stage';

/** What the tests of one suite share. It is there as soon as the first test begins. */
export interface Suite {
  stage: Stage;
  alice: Person;
  token: string;
  /** Remembers a socket, which is destroyed after its test. */
  keep(socket: RawWebSocket): RawWebSocket;
}

/**
 * Opens a stage for all tests of a suite, with alice. A test that leaves a complaint in the node's
 * log fails, whatever it expected.
 */
export function useStage(): Suite {
  const open: RawWebSocket[] = [];
  const suite = {
    keep(socket) {
      open.push(socket);
      return socket;
    },
  } as Suite;
  beforeAll(async () => {
    suite.stage = await Stage.open();
    suite.alice = await suite.stage.person('alice');
    suite.token = suite.alice.token!;
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
    expect(suite.stage.complaints()).toEqual([]);
  });
  afterAll(() => suite.stage.close());
  return suite;
}
