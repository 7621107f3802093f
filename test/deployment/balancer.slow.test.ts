import { RestartScene } from '../faults/restart.scene';
import { COMPOSE, nodesOf } from '../support/compose';
import { startHaproxy, whyNoHaproxy } from '../support/haproxy';

const CLIENTS = 40;
const MESSAGES_PER_SECOND = 50;

/** The settings of docker-compose.yml, but for the addresses, which are of this machine. */
const [{ environment }] = Object.values(nodesOf(COMPOSE)) as [{ environment: object }];
const SETTINGS = {
  ...environment,
  HOST: '127.0.0.1',
  METRICS_PORT: '0',
  JWT_SECRET: 'a secret of users, for this test alone',
  JWT_SERVICE_SECRET: 'a secret of services, for this test alone',
  // A restart takes less of the test's time; the delay is that of production.
  DRAIN_SPREAD_S: '3',
};

const missing = whyNoHaproxy();
if (missing !== null)
  process.stdout.write(`deployment/balancer.slow.test.ts was not run: ${missing}\n`);

(missing === null ? describe : describe.skip)('the nodes and the balancer of compose', () => {
  let scene: RestartScene;

  beforeAll(async () => {
    scene = await RestartScene.start(CLIENTS, SETTINGS, startHaproxy);
  }, 120_000);
  afterAll(() => scene?.stop(), 60_000);

  test('share the WebSockets', async () => {
    const sockets = await scene.socketsOfNodes();
    expect(sockets[0]! + sockets[1]!).toBe(CLIENTS);
    expect(Math.min(...sockets)).toBeGreaterThanOrEqual(CLIENTS / 4);
  });

  test('are restarted in turn: no request fails, and each client gets each event once', async () => {
    scene.talk(MESSAGES_PER_SECOND);
    await scene.restartAll();
    await scene.reconnected(2);
    await scene.fallSilent();
    process.stdout.write(`${scene.summary}; sockets: ${await scene.socketsOfNodes()}\n`);
    // Its clients are at both nodes, so each message has crossed from one to the other.
    expect(await scene.complaints()).toEqual([]);
    expect(scene.refusals).toBe('none');
    expect(scene.acknowledged.length).toBeGreaterThan(MESSAGES_PER_SECOND);
  }, 240_000);
});
