import { Client } from 'pg';
import { eventually } from './eventually';

/** A session of one's own in a cluster's database, to stand in the way of what the nodes write. */
export class Obstacle {
  private constructor(
    private readonly holder: Client,
    private readonly observer: Client,
  ) {}

  static async open(databaseUrl: string): Promise<Obstacle> {
    const clients = [new Client(databaseUrl), new Client(databaseUrl)] as const;
    for (const client of clients) await client.connect();
    return new Obstacle(...clients);
  }

  async close(): Promise<void> {
    await this.holder.end();
    await this.observer.end();
  }

  /** Keeps what the statement writes or locks, uncommitted, until {@link clear}. */
  async set(sql: string, parameters: unknown[]): Promise<void> {
    await this.holder.query('begin');
    await this.holder.query(sql, parameters);
  }

  /** As if it had never been there. */
  async clear(): Promise<void> {
    await this.holder.query('rollback');
  }

  /** Waits until so many of the nodes' statements wait for a lock. */
  waiting(count: number): Promise<void> {
    return eventually(async () => {
      const rows = await this.query<{ waiting: number }>(
        `select count(*)::integer as waiting from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (rows[0]!.waiting < count) throw new Error(`${rows[0]!.waiting} of ${count} wait`);
    });
  }

  /** What is committed. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.observer.query(sql, parameters)).rows as Row[];
  }
}
