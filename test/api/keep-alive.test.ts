import { once } from 'node:events';
import { connect } from 'node:net';
import { Cluster } from '../support/cluster';

const DEFAULT_S = 72;

async function promiseOf(node: { url: string }): Promise<string | null> {
  const response = await fetch(`${node.url}/healthz`);
  await response.text();
  return response.headers.get('keep-alive');
}

describe('an HTTP connection on which nothing comes any more', () => {
  test.each([
    [undefined, DEFAULT_S],
    ['620', 620],
  ])('is kept as long as HTTP_KEEP_ALIVE_S=%s says', async (value, seconds) => {
    const env: Record<string, string> = value === undefined ? {} : { HTTP_KEEP_ALIVE_S: value };
    const cluster = await Cluster.start({ env });
    expect(await promiseOf(cluster.node)).toBe(`timeout=${seconds}`);
    await cluster.stop();
  });

  test('is closed by the node afterwards', async () => {
    const cluster = await Cluster.start({ env: { HTTP_KEEP_ALIVE_S: '1' } });
    const { hostname, port } = new URL(cluster.node.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /healthz HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    socket.resume();
    await once(socket, 'end');
    socket.destroy();
    await cluster.stop();
  });
});
