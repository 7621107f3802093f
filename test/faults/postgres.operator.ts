import { Client } from 'pg';
import { eventually } from '../support/eventually';
import type { PostgresService } from '../support/services';

/** Within that time a session should wait for the lock. Theirs is 2 s (`lock_timeout`). */
const BUSY_TIMEOUT_MS = 1_000;

const OF_NODES = `datname = current_database() and pid <> pg_backend_pid() and application_name = 'parley'`;

/** Looks into the nodes' database, and does to it what operators and failovers do: one thing after the other. */
export class PostgresOperator {
  /** Spans in which it was wholly away, ms. The last one may still go on. */
  readonly absences: { from: number; until: number | null }[] = [];
  private underWay: Promise<unknown> = Promise.resolve();

  private constructor(
    public database: Client,
    private readonly postgres: PostgresService,
    private readonly url: string,
  ) {}

  static async start(postgres: PostgresService, url: string): Promise<PostgresOperator> {
    return new PostgresOperator(await connect(url), postgres, url);
  }

  async stop(): Promise<void> {
    await this.underWay.catch(() => {});
    await this.database.end();
  }

  /** Sessions are cut and new ones refused for so long. */
  restart(awayMs: number): Promise<void> {
    return this.inTurn(async () => {
      await this.database.end();
      const absence: { from: number; until: number | null } = { from: Date.now(), until: null };
      this.absences.push(absence);
      await this.postgres.stopServer();
      await delay(awayMs);
      await this.postgres.startServer();
      this.database = await connect(this.url);
      absence.until = Date.now();
    });
  }

  /** Ends all sessions of the nodes. They may come back at once. */
  terminateAll(): Promise<void> {
    return this.inTurn(() => this.terminate(OF_NODES));
  }

  /** Ends one session of the nodes, whatever it does. */
  terminateOne(): Promise<void> {
    return this.inTurn(async () => {
      await this.terminate(`pid = (select pid from pg_stat_activity where ${OF_NODES}
        order by random() limit 1)`);
    });
  }

  /** Ends one session while it runs a statement about the conversation, which `work` causes. */
  terminateBusy(conversationId: string, work: () => void): Promise<void> {
    return this.inTurn(async () => {
      // A session that writes into the conversation waits for the lock, and is ended while it waits.
      await this.database.query('begin');
      try {
        await this.database.query('select from conversations where id = $1 for update', [
          conversationId,
        ]);
        work();
        await eventually(async () => {
          const { rowCount } = await this.database.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where ${OF_NODES} and wait_event_type = 'Lock' limit 1`,
          );
          if (rowCount === 0) throw new Error('no session waits');
        }, BUSY_TIMEOUT_MS);
      } finally {
        await this.database.query('rollback');
      }
    });
  }

  /** As at a failover: all sessions end, and new ones can only read for a while. */
  failOverToReadOnly(forMs: number): Promise<void> {
    return this.inTurn(async () => {
      await this.configure('alter system set default_transaction_read_only = on');
      await delay(forMs);
      await this.configure('alter system reset default_transaction_read_only');
    });
  }

  private async configure(statement: string): Promise<void> {
    await this.database.query(statement);
    await this.database.query('select pg_reload_conf()');
    await this.terminate(OF_NODES);
  }

  private async terminate(sessions: string): Promise<void> {
    await this.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where ${sessions}`,
    );
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.underWay.catch(() => {}).then(work);
    this.underWay = done;
    done.catch(() => {});
    return done;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  return client;
}
