import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { killChild } from './child';
import { installProgram } from './debian';
import { eventually } from './eventually';
import { choosePort } from './services';
import { createFolder, PGBOUNCER_PID_FILE } from './services.folder';

/** PgBouncer refuses to run as root. The user `nobody` has this id everywhere. */
const NOBODY = 65_534;

export interface PgBouncer {
  readonly port: number;
  /** The same database through PgBouncer. */
  urlOf(databaseUrl: string): string;
  /** Sends a command, such as `reload`, to its console. */
  command(sql: string): Promise<Record<string, string>[]>;
  /** Writes the settings anew, with these beside its first ones, and has them read. */
  set(settings: Record<string, string>): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Ends it without any warning to its clients; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Returns null when PgBouncer can be started here, or one line that says why it cannot. */
export function whyNoPgBouncer(): string | null {
  try {
    installProgram('pgbouncer');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Starts Debian's PgBouncer before the server of a superuser's URL, on a free port of 127.0.0.1, for
 * that user and all databases.
 *
 * @param settings beside those that make it run, e.g. `{ pool_mode: 'transaction' }`. Default:
 *   session pooling with 20 sessions for each database
 */
export async function startPgBouncer(
  adminUrl: string,
  settings: Record<string, string> = {},
): Promise<PgBouncer> {
  installProgram('pgbouncer');
  const { port: serverPort, username, password } = new URL(adminUrl);
  const folder = await createFolder('pgbouncer');
  const port = await choosePort();
  const urlOf = (databaseUrl: string) => {
    const url = new URL(databaseUrl);
    url.port = String(port);
    return url.href;
  };
  const file = join(folder.path, 'pgbouncer.ini');
  const users = join(folder.path, 'users.txt');
  await writeFile(users, `"${username}" "${password}"\n`);
  const write = (given: Record<string, string>) => writeFile(file, iniOf(serverPort, given));
  const first = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: users,
    admin_users: username,
    max_client_conn: '1000',
    // Sessions that wait for another client count against the server's own limit.
    server_idle_timeout: '5',
    ...settings,
  };
  await write(first);
  let child: ChildProcess;
  const bouncer: PgBouncer = {
    port,
    urlOf,
    async start() {
      child = spawnPgBouncer(file);
      await writeFile(join(folder.path, PGBOUNCER_PID_FILE), String(child.pid));
      await eventually(() => bouncer.command('show version'));
    },
    async command(sql) {
      const url = new URL(urlOf(adminUrl));
      url.pathname = 'pgbouncer';
      const client = new Client(url.href);
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
    async set(more) {
      await write({ ...first, ...more });
      await bouncer.command('reload');
    },
    kill: () => killChild(child),
    async stop() {
      await bouncer.kill();
      folder.remove();
    },
  };
  try {
    await bouncer.start();
    return bouncer;
  } catch (error) {
    await bouncer.stop();
    throw error;
  }
}

function iniOf(serverPort: string, settings: Record<string, string>): string {
  return [
    '[databases]',
    `* = host=127.0.0.1 port=${serverPort}`,
    '[pgbouncer]',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n');
}

function spawnPgBouncer(file: string): ChildProcess {
  const isRoot = process.getuid?.() === 0;
  return spawn('pgbouncer', ['--quiet', file], {
    stdio: 'ignore',
    // Its command line names its folder, by which it is told from a stranger with its pid.
    argv0: dirname(file),
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
}
