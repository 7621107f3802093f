import { randomUUID } from 'node:crypto';
import { signToken } from '../../src/auth/token';
import { Cluster } from './cluster';

const SECRET = 'a-secret-for-these-tests-of-more-than-32-characters';
const PRODUCTION = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  JWT_SECRET: SECRET,
  DRAIN_DELAY_S: '0',
  DRAIN_SPREAD_S: '0',
};

/** A node as production has it, and a token of a user. */
export async function startProduction(
  env: Record<string, string> = {},
): Promise<{ cluster: Cluster; token: string }> {
  const cluster = await Cluster.start({ env: { ...PRODUCTION, ...env } });
  const id = randomUUID();
  await cluster.node.services.people.users.upsert([{ id, username: 'alice' }], () => 'user');
  return { cluster, token: signToken(SECRET, { sub: id }, 3_600) };
}
