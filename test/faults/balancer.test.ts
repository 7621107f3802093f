import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Balancer, startBalancer } from '../support/balancer';
import { eventually } from '../support/eventually';

/** A server that answers with its name, and at /readyz as it is told. */
class Answerer {
  status = 200;
  url = '';
  private readonly server: Server;

  constructor(name: string) {
    this.server = createServer((request, response) => {
      response.statusCode = request.url === '/readyz' ? this.status : 200;
      response.setHeader('connection', 'close').end(name);
    });
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}

describe('a balancer', () => {
  let one: Answerer;
  let other: Answerer;
  let balancer: Balancer;

  beforeEach(async () => {
    one = await new Answerer('one').start();
    other = await new Answerer('other').start();
    balancer = await startBalancer([one, other]);
  });
  afterEach(async () => {
    await balancer.stop();
    await Promise.all([one, other].map((answerer) => answerer.stop().catch(() => {})));
  });

  async function asked(times: number): Promise<string[]> {
    const answers: string[] = [];
    for (let time = 0; time < times; time++) {
      const response = await fetch(balancer.url, { headers: { connection: 'close' } });
      answers.push(await response.text());
    }
    return answers;
  }

  test('gives new connections to its targets in turn, and to none that is not ready', async () => {
    expect((await asked(4)).sort()).toEqual(['one', 'one', 'other', 'other']);
    other.status = 503;
    await eventually(() => expect(balancer.isReady(other)).toBe(false));
    expect(await asked(3)).toEqual(['one', 'one', 'one']);
    other.status = 200;
    await eventually(() => expect(balancer.isReady(other)).toBe(true));
    expect(new Set(await asked(2))).toEqual(new Set(['one', 'other']));
    expect(balancer.refused).toEqual([]);
  });

  test('counts the connections that no target takes', async () => {
    one.status = 503;
    other.status = 503;
    await eventually(() => {
      expect([one, other].filter((target) => balancer.isReady(target))).toEqual([]);
    });
    await expect(asked(1)).rejects.toThrow();
    expect(balancer.refused).toEqual(['no target is ready']);
  });
});
