import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeProcess } from '../support/node-process';
import { beginEpoch, UUID } from './new-epoch';

test('names the embedded database when no other one is set, and leaves its node alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-new-epoch-'));
  const node = new NodeProcess({ PORT: '0', DATA_DIR: directory });
  try {
    const { url } = await node.ready();
    const { code, stdout, stderr } = await beginEpoch({ DATA_DIR: directory });
    expect([code, stderr]).toEqual([
      0,
      `parley: DATABASE_URL is not set: this is the epoch of the embedded database in ${directory}\n`,
    ]);
    expect(stdout).toMatch(UUID);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  } finally {
    await node.interrupt();
    await rm(directory, { recursive: true, force: true });
  }
});
