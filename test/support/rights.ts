import { readFile, stat } from 'node:fs/promises';

/** True when the embedded Postgres runs as another user than the process that starts it. */
export const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** The user, the groups and the capabilities of a process, as /proc tells them. */
async function rightsOf(pid: number): Promise<Record<string, string>> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Object.fromEntries(
    status.split('\n').map((line) => line.split(/:\s*/, 2).map((part) => part.trim())),
  );
}

/** Expects a process without capabilities and groups, as a user without a name. */
export async function isWithoutRights(pid: number): Promise<void> {
  const rights = await rightsOf(pid);
  const none = '0'.repeat(16);
  expect(rights).toMatchObject({ CapEff: none, CapPrm: none, CapAmb: none, Groups: '' });
  const uids = new Set(rights.Uid!.split('\t').map(Number));
  expect([...uids]).toEqual([(await stat(`/proc/${pid}`)).uid]);
  const users = await readFile('/etc/passwd', 'utf8');
  for (const uid of uids) expect(users).not.toContain(`:${uid}:`);
}
