import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Cluster } from '../support/cluster';
import { snippetsOf } from '../support/snippets';
import { GUIDE } from './pages';
import { openScene, type Scene } from './scene';

const ROOT = resolve(__dirname, '../..');
const WAIT_MS = 120_000;

/** Commands that another test runs, or `.ci/run` itself. */
const RUN_ELSEWHERE = new Map([
  ['npm ci && npm start\n', 'test/process/start.test.ts starts what it starts'],
  ['npm ci && npm test\n', '.ci/run runs it as it stands there'],
  [
    'HOST=127.0.0.1 PORT=3001 METRICS_PORT=9501 node --env-file=production.env dist/main.js\n',
    'test/deployment/compose.test.ts starts two such nodes',
  ],
  [
    'LISTEN=127.0.0.1:8080 NODE_1=127.0.0.1:3001 NODE_2=127.0.0.1:3002 haproxy -f deploy/haproxy.cfg\n',
    'test/deployment/balancer.slow.test.ts runs HAProxy with it',
  ],
]);

/** npm without the builds that come before a script, since the tests have built already. */
const NPM = `npm() {
  shift
  if [ "$1" = --silent ]; then shift; fi
  local name=$1
  shift
  if [ "\${1:-}" = -- ]; then shift; fi
  eval "$(node -p "require('./package.json').scripts['$name']")" '"$@"'
}
`;

const shell = GUIDE.flatMap(snippetsOf).filter(({ language }) => language === 'sh');
const scripts = new Map<string, string>();
for (const { file, text } of shell)
  if (!RUN_ELSEWHERE.has(text)) scripts.set(file, (scripts.get(file) ?? '') + text);

describe('the commands in the guide', () => {
  let cluster: Cluster;
  let scene: Scene;

  beforeAll(async () => {
    cluster = await Cluster.start();
    scene = await openScene(cluster);
  });
  afterAll(() => cluster.stop());

  test('are there, and so are those that run elsewhere', () => {
    expect(shell.length).toBeGreaterThan(8);
    const texts = new Set(shell.map(({ text }) => text));
    expect([...RUN_ELSEWHERE.keys()].filter((text) => !texts.has(text))).toEqual([]);
  });

  test.each([...scripts])(
    'of %s run one after the other, without an error',
    async (_page, script) => {
      const { host } = new URL(cluster.node.url);
      const text = script.replaceAll('localhost:3000', host);
      const { stdout, stderr } = await promisify(execFile)(
        'bash',
        ['-c', `set -euo pipefail\n${NPM}${text}`],
        { cwd: ROOT, timeout: WAIT_MS, env: { PATH: process.env.PATH!, HOME: process.env.HOME! } },
      );
      expect(stderr).toBe('');
      expect(stdout).toMatch(/\{/);
      expect(stdout).not.toMatch(/"errors"/);
      expect(scene.conversationId).toBeTruthy();
    },
    WAIT_MS,
  );
});
