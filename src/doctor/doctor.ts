/**
 * Examines the surroundings of a node by the checks of its start, and says in words what it finds.
 * It changes nothing: no migration runs, no lock is taken, and no port stays open. It may run
 * before a node starts, and beside one.
 */
import { createExecution } from '../app/app.execution';
import type { Config } from '../config';
import { createLogger } from '../logger';
import { checkDatabase } from './database.check';
import { type Finding, ok, problemsOf } from './finding';
import { checkKeys } from './keys.check';
import { checkPorts } from './ports.check';
import { checkRedis } from './redis.check';
import { checkSystem } from './system.check';

/** Returns all findings, in a fixed order. Takes some 20 s at most, and never rejects. */
export async function examine(config: Config): Promise<Finding[]> {
  const logger = createLogger('silent');
  const database = await checkDatabase(config, logger);
  const further = await Promise.all([
    checkRedis(config, database.installationId, logger),
    checkKeys(config),
    checkPorts(config),
    checkManifests(config),
  ]);
  return [...checkSystem(config), ...database.findings, ...further.flat()];
}

async function checkManifests(config: Config): Promise<Finding[]> {
  const { files } = config.persisted;
  if (files.length === 0) return [];
  try {
    await createExecution(config);
    return [ok(`PERSISTED_OPERATIONS: every operation of ${files.join(', ')} can run`)];
  } catch (error) {
    return problemsOf(error, 'PERSISTED_OPERATIONS');
  }
}
