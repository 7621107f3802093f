/**
 * A Postgres of its own that can fail over, as to a standby that is promoted: it goes on from where
 * it is, or from where it was when it was remembered, on a new timeline.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { openBinaries } from '../../src/database/embedded/binaries';
import { startEmbeddedPostgres } from '../../src/database/embedded/postgres';
import { createLogger } from '../../src/logger';
import { eventually } from './eventually';
import { choosePort } from './services';
import { createFolder, type TemporaryFolder } from './services.folder';

const run = promisify(execFile);

export class FailoverPostgres {
  private server: ChildProcess | null = null;

  private constructor(
    private readonly folder: TemporaryFolder,
    private readonly port: number,
    /** Stays the same over failovers. */
    readonly url: string,
  ) {}

  static async start(): Promise<FailoverPostgres> {
    const folder = await createFolder('failover');
    const port = await choosePort();
    const created = await startEmbeddedPostgres({
      directory: folder.path,
      port,
      durable: false,
      logger: createLogger('silent'),
    });
    await created.stop();
    const service = new FailoverPostgres(folder, port, created.url);
    await service.startServer();
    return service;
  }

  /** Keeps the present state, as a standby does that gets nothing more from now on. */
  async remember(): Promise<void> {
    await this.stopServer();
    await run('cp', ['-a', this.data, this.past]);
    await this.startServer();
  }

  /**
   * Goes on from the state that was remembered, on a new timeline: what came since is lost.
   *
   * @param whileAway runs before the new primary starts
   */
  async failOver(whileAway: () => Promise<void> = async () => {}): Promise<void> {
    await this.stopServer();
    await whileAway();
    await rm(this.data, { recursive: true });
    await rename(this.past, this.data);
    await this.promote();
  }

  /** Goes on from the present state, on a new timeline: nothing is lost. */
  async switchOver(): Promise<void> {
    await this.stopServer();
    await this.promote();
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.stopServer();
    this.folder.remove();
  }

  private get data(): string {
    return join(this.folder.path, 'postgres');
  }

  private get past(): string {
    return join(this.folder.path, 'past');
  }

  /** The end of a recovery from an archive, here from an empty one, begins a new timeline. */
  private async promote(): Promise<void> {
    await writeFile(join(this.data, 'recovery.signal'), '');
    await appendFile(join(this.data, 'postgresql.auto.conf'), "\nrestore_command = 'false'\n");
    await this.startServer();
  }

  private async startServer(): Promise<void> {
    const { uid, gid } = await stat(this.data);
    const binaries = await openBinaries({ uid, gid });
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      wal_level: 'replica',
      fsync: 'off',
      shared_buffers: '32MB',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.server = binaries.spawn('postgres', ['-D', this.data, ...args], { stdio: 'ignore' });
    await eventually(async () => {
      const [row] = await this.query('select pg_is_in_recovery() as recovering');
      if (row!.recovering) throw new Error('not promoted yet');
    });
  }

  /** Cuts all sessions off. */
  private async stopServer(): Promise<void> {
    const ended = once(this.server!, 'exit');
    this.server!.kill('SIGINT');
    await ended;
  }
}
