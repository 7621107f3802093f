import '../runtime/node-version';
import { loadConfig } from '../config';
import { Transactions } from '../database/transaction';
import { createLogger } from '../logger';
import { withDatabase } from './database';

/**
 * Gives the database a new log epoch, and prints it. To be run after a restore from a backup. The
 * logs are then in an earlier state, and clients learn by the new epoch that their positions from
 * before are invalid. Nodes that run see it within seconds.
 *
 * Without `DATABASE_URL` a line on stderr names the embedded database: an operator whose settings
 * stand in a file may have forgotten to name the file.
 */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger('warn');
  const epoch = await withDatabase(config, logger, async (dataSource) => {
    const [row] = await new Transactions(dataSource, logger).statement<{ epoch: string }>(
      'update installation set log_epoch = gen_random_uuid() returning log_epoch as epoch',
      [],
    );
    return row!.epoch;
  });
  const { databaseUrl, directory } = config.storage;
  if (databaseUrl === null)
    process.stderr.write(
      'parley: DATABASE_URL is not set: ' +
        `this is the epoch of the embedded database in ${directory}\n`,
    );
  process.stdout.write(`${epoch}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
