import { RestartScene } from './restart.scene';

/** All nodes are restarted in turn so often. `npm run restarts` is the long form. */
const RESTARTS = Number(process.env.PARLEY_RESTARTS ?? 1);
const CLIENTS = Number(process.env.PARLEY_RESTART_CLIENTS ?? 50);
const MESSAGES_PER_SECOND = 100;
const DRAIN = { DRAIN_DELAY_S: '2', DRAIN_SPREAD_S: '2' };

describe('nodes behind a balancer that are restarted in turn', () => {
  let scene: RestartScene;

  beforeAll(async () => {
    scene = await RestartScene.start(CLIENTS, DRAIN);
  }, 120_000);
  afterAll(() => scene.stop(), 60_000);

  test(
    'no request fails, no acknowledged message is lost, and every client gets each event once, in order',
    async () => {
      scene.talk(MESSAGES_PER_SECOND);
      for (let restart = 1; restart <= RESTARTS; restart++) {
        await scene.restartAll();
        // A client may have been at the node that was restarted first, and at the other one then.
        await scene.reconnected(restart + 1);
        process.stdout.write(`restart ${restart} of ${RESTARTS}: ${scene.summary}\n`);
      }
      await scene.fallSilent();
      expect(await scene.complaints()).toEqual([]);
      expect(scene.refusals).toBe('none');
      expect(scene.acknowledged.length).toBeGreaterThan(RESTARTS * MESSAGES_PER_SECOND);
    },
    120_000 + RESTARTS * 120_000,
  );
});
