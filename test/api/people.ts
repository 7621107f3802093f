import { randomUUID } from 'node:crypto';
import type { Cluster } from '../support/cluster';
import type { Person } from '../support/person';

/** People of one test alone, by the names they have in it; their ids are unique. */
export async function people<const Names extends readonly string[]>(
  cluster: Cluster,
  ...names: Names
): Promise<{ -readonly [Index in keyof Names]: Person }> {
  const suffix = randomUUID();
  const persons = await cluster.persons(...names.map((name) => `${name}-${suffix}`));
  return persons as { -readonly [Index in keyof Names]: Person };
}
