import '../runtime/node-version';
import { loadConfig } from '../config';
import { connectDatabase } from '../database/data-source';
import { startEmbeddedPostgres } from '../database/embedded/postgres';
import { Transactions } from '../database/transaction';
import { createLogger } from '../logger';

/**
 * Gives the database a new log epoch, and prints it. To be run after a restore from a backup. The
 * logs are then in an earlier state, and clients learn by the new epoch that their positions from
 * before are invalid. Nodes that run see it within seconds.
 */
async function main(): Promise<void> {
  const { storage } = loadConfig();
  const logger = createLogger('warn');
  const embedded =
    storage.databaseUrl === null
      ? await startEmbeddedPostgres({ directory: storage.directory, logger })
      : null;
  const dataSource = await connectDatabase({
    url: storage.databaseUrl ?? embedded!.url,
    poolSize: 1,
    entities: [],
    logger,
  });
  try {
    const [row] = await new Transactions(dataSource, logger).statement<{ epoch: string }>(
      'update installation set log_epoch = gen_random_uuid() returning log_epoch as epoch',
      [],
    );
    process.stdout.write(`${row!.epoch}\n`);
  } finally {
    await dataSource.destroy();
    if (embedded && !embedded.adopted) await embedded.stop();
    else embedded?.disown();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
