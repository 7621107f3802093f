import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig, SETTINGS } from '../../src/config';
import { envExample } from '../../src/scripts/env-example';
import { NodeProcess } from '../support/node-process';

const EXAMPLE = readFileSync(join(__dirname, '../../.env.example'), 'utf8');

describe('.env.example', () => {
  test('is what `npm run env-example` writes', () => {
    expect(EXAMPLE).toBe(envExample());
  });

  test('has each setting once, with a default that is valid and changes nothing', () => {
    const settings = parseEnv(EXAMPLE.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(settings).sort()).toEqual([...SETTINGS].sort());
    expect(loadConfig(settings)).toEqual(loadConfig({}));
  });
});

describe('--check-config', () => {
  const run = async (env: Record<string, string>) => {
    const node = new NodeProcess(env, ['--check-config']);
    return { code: await node.exit(), output: node.output, errors: node.errors };
  };

  test('accepts valid settings, connects to nothing, and ends with 0', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const result = await run({
      NODE_ENV: 'production',
      // The port is taken, so a node that listened would fail.
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: `postgres://a:b@127.0.0.1:${port}/c`,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      JWT_JWKS_URL: `http://127.0.0.1:${port}/keys`,
    });
    server.close();
    expect(result).toEqual({ code: 0, output: 'parley: the settings are valid\n', errors: '' });
    expect(connections).toBe(0);
  });

  test('prints a line for each setting that is invalid, and ends with 1', async () => {
    expect(await run({ NODE_ENV: 'production', PORT: 'a', LIMIT_COST: '0' })).toEqual({
      code: 1,
      output: '',
      errors: [
        'parley: PORT: must be a whole number',
        'parley: LIMIT_COST: must be at least 1',
        'parley: DATABASE_URL: is required in production',
        'parley: JWT_SECRET: is required in production, unless JWT_PUBLIC_KEY or JWT_JWKS_URL is set',
        '',
      ].join('\n'),
    });
  });
});
