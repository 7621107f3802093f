import { signToken } from '../../src/auth/token';
import { Place } from '../faults/place';
import { eventually } from '../support/eventually';
import { startHaproxy, whyNoHaproxy } from '../support/haproxy';
import {
  createMigratedDatabase,
  dropDatabase,
  type RedisService,
  startRedis,
} from '../support/services';

const OLD = 'the old secret of users, for this test alone';
const NEW = 'the new secret of users, for this test alone';
const BACK_TIMEOUT_MS = 60_000;
const INTERVAL_MS = 20;

const missing = whyNoHaproxy();
if (missing !== null)
  process.stdout.write(`deployment/rotation.slow.test.ts was not run: ${missing}\n`);

/** Asks as a user over and over, and keeps what was refused. */
class Asker {
  answered = 0;
  readonly refused: string[] = [];
  private isStopped = false;
  private readonly ended: Promise<void>;

  constructor(
    private readonly url: string,
    /** The secret by which the platform signs at present. */
    public secret: string,
  ) {
    this.ended = this.run();
  }

  async ask(secret = this.secret): Promise<number> {
    const claims = { sub: 'alice', username: 'alice' };
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${signToken(secret, claims, 60)}`,
      },
      body: JSON.stringify({ query: '{ me { id } }' }),
    });
    await response.text();
    return response.status;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.ended;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const status = await this.ask().catch((error: Error) => error.message);
      if (status === 200) this.answered++;
      else this.refused.push(String(status));
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  }
}

(missing === null ? test : test.skip)(
  'the secret of users is rotated, as docs/operations/rotating-keys.md says, and no token is refused',
  async () => {
    const redis: RedisService = await startRedis();
    const env: Record<string, string> = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      METRICS_PORT: '0',
      DATABASE_URL: await createMigratedDatabase(),
      REDIS_URL: redis.url,
      USER_PROVISIONING: 'token',
      DRAIN_DELAY_S: '4',
      DRAIN_SPREAD_S: '1',
      JWT_SECRET: OLD,
    };
    // Each start reads what stands in `env` by then.
    const places = ['node 1', 'node 2'].map((name) => new Place(name, env));
    for (const place of places) await place.start();
    const balancer = await startHaproxy(places);
    const asker = new Asker(balancer.url, OLD);
    const restart = async () => {
      for (const place of places) {
        const lives = place.lives.length;
        await place.terminate();
        await eventually(() => {
          expect(place.lives.length).toBeGreaterThan(lives);
          expect(place.lives.at(-1)!.readyAt).not.toBeNull();
          expect(balancer.isReady(place)).toBe(true);
        }, BACK_TIMEOUT_MS);
      }
    };
    try {
      Object.assign(env, { JWT_SECRET: NEW, JWT_SECRET_PREVIOUS: OLD });
      await restart();
      expect(await asker.ask(OLD)).toBe(200);
      asker.secret = NEW;
      const before = asker.answered;
      await eventually(() => expect(asker.answered).toBeGreaterThan(before + 10));
      delete env.JWT_SECRET_PREVIOUS;
      await restart();
      await asker.stop();
      expect(asker.refused).toEqual([]);
      expect(asker.answered).toBeGreaterThan(50);
      expect([await asker.ask(OLD), await asker.ask(NEW)]).toEqual([401, 200]);
    } finally {
      await asker.stop();
      await balancer.stop();
      await Promise.all(places.map((place) => place.stop()));
      await redis.stop();
      await dropDatabase(env.DATABASE_URL!);
    }
  },
  300_000,
);
