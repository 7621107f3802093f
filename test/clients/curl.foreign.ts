import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { createFolder, type TemporaryFolder } from '../support/services.folder';
import { openScene, run, type Scene, tell, testWith } from './scene';

const { test: testCurl, path } = testWith(['curl'], 'On Debian: apt-get install curl');

const ME = '{ me { id } }';
const OURS = '{"data":{"me":{"id":"alice"}}}\n';
/** Written behind each answer: the version and the status. */
const FORMAT = '\\nHTTP/%{http_version} %{http_code}';

describe('curl', () => {
  let cluster: Cluster;
  let scene: Scene;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    cluster = await Cluster.start();
    scene = await openScene(cluster);
    folder = await createFolder('curl');
    if (path) tell((await run(path, ['--version'])).out.split('\n')[0]!);
  });
  afterAll(async () => {
    folder.remove();
    await cluster.stop();
  });

  /** Asks with further options; the answer's body, and its version and status. */
  async function curl(...options: readonly string[]) {
    const authorization = `authorization: Bearer ${scene.alice.token}`;
    const { code, out, errors } = await run(path, [
      ...['-sS', '--max-time', '30', '-w', FORMAT, '-H', authorization],
      ...options,
    ]);
    const [body, status] = [out.slice(0, out.lastIndexOf('\n')), out.slice(out.lastIndexOf('\n'))];
    tell(`curl ${options.join(' ').slice(0, 70)}: ${code}${status} ${(body || errors).trim()}`);
    return { code, status: status.trim(), body };
  }

  const json = ['-H', 'content-type: application/json'];
  const post = (query: string) => [...json, '-d', JSON.stringify({ query })];
  const endpoint = () => `${scene.url}/graphql`;

  describe.each([['--http1.1'], ['--http2'], ['--http1.0']])('%s', (version) => {
    const written = version === '--http1.0' ? 'HTTP/1.0 200' : 'HTTP/1.1 200';

    testCurl('asks by POST and by GET, and writes', async () => {
      const byPost = await curl(version, ...post(ME), endpoint());
      expect(byPost).toMatchObject({ code: 0, body: OURS });
      expect(['HTTP/1.1 200', written]).toContain(byPost.status);
      const query = ['--get', '--data-urlencode', `query=${ME}`];
      expect(await curl(version, ...query, endpoint())).toMatchObject({ code: 0, body: OURS });
      const content = `by curl ${version}`;
      const send = `mutation { sendMessage(input: { conversationId: "${scene.conversationId}", content: "${content}" }) { message { content } } }`;
      expect(JSON.parse((await curl(version, ...post(send), endpoint())).body)).toEqual({
        data: { sendMessage: { message: { content } } },
      });
    });

    testCurl('sends 150 kB, in chunks too, and uses a connection twice', async () => {
      const file = join(folder.path, 'large.json');
      writeFileSync(file, JSON.stringify({ query: ME + ' '.repeat(150_000) }));
      const large = [version, ...json, '--data-binary', `@${file}`];
      expect(await curl(...large, endpoint())).toMatchObject({ code: 0, body: OURS });
      expect(await curl(...large, '-H', 'expect: 100-continue', endpoint())).toMatchObject({
        code: 0,
        body: OURS,
      });
      if (version !== '--http1.0')
        expect(await curl(...large, '-H', 'transfer-encoding: chunked', endpoint())).toMatchObject({
          code: 0,
          body: OURS,
        });
      const twice = await curl(...large, endpoint(), endpoint());
      expect(twice.body.split('HTTP/1')[0]).toContain(OURS.trim());
      expect(twice.body.match(/"alice"/g)).toHaveLength(2);
    });

    testCurl('is refused in GraphQL’s shape', async () => {
      const { status, body } = await curl(version, `${scene.url}/nowhere`);
      expect(status).toMatch(/404$/);
      expect(JSON.parse(body).errors[0].extensions.code).toBe('BAD_REQUEST');
      expect((await curl(version, '--head', `${scene.url}/healthz`)).status).toMatch(/200$/);
    });
  });

  testCurl('--http2-prior-knowledge is told at once that this is HTTP/1.1', async () => {
    const { code } = await curl('--http2-prior-knowledge', ...post(ME), endpoint());
    // The answer is Node's own 400 of HTTP/1.1, which curl cannot take for HTTP/2.
    expect(code).not.toBe(0);
    expect(code).not.toBe(28);
    expect(await curl(...post(ME), endpoint())).toMatchObject({ code: 0, body: OURS });
  });

  testCurl('takes an answer that it may have compressed', async () => {
    expect(await curl('--compressed', ...post(ME), endpoint())).toMatchObject({ body: OURS });
  });
});
