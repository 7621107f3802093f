import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import type { Balancer, Target } from './balancer';
import { killChild } from './child';
import { COMPOSE, nodesOf, ROOT } from './compose';
import { installProgram } from './debian';
import { eventually } from './eventually';
import { choosePort } from './services';
import { createFolder, HAPROXY_PID_FILE } from './services.folder';

/** The configuration of the balancer in docker-compose.yml. */
const CONFIG = resolve(ROOT, COMPOSE.services.balancer!.volumes![0]!.split(':')[0]!);
const POLL_INTERVAL_MS = 200;

/** Returns null when HAProxy can be started here, or one line that says why it cannot. */
export function whyNoHaproxy(): string | null {
  try {
    installProgram('haproxy');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Starts HAProxy as docker-compose.yml does, with the same file, in front of other addresses.
 *
 * @param targets as many as docker-compose.yml has nodes
 */
export async function startHaproxy(targets: readonly Target[]): Promise<Balancer> {
  expect(targets).toHaveLength(Object.keys(nodesOf(COMPOSE)).length);
  const folder = await createFolder('haproxy');
  const socket = join(folder.path, 'admin.socket');
  const further = join(folder.path, 'further.cfg');
  // It is behind the file of the repository, and lets the test look at it.
  await writeFile(further, `global\n  stats socket ${socket}\n`);
  const port = await choosePort();
  const { LISTEN, ...names } = COMPOSE.services.balancer!.environment!;
  const addresses = Object.keys(names).map((name, index) => [
    name,
    new URL(targets[index]!.url).host,
  ]);
  const child = spawn('haproxy', ['-db', '-C', folder.path, '-f', CONFIG, '-f', further], {
    env: {
      PATH: process.env.PATH!,
      ...Object.fromEntries(addresses),
      LISTEN: LISTEN!.replace(/^:\d+$/, `127.0.0.1:${port}`),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await writeFile(join(folder.path, HAPROXY_PID_FILE), String(child.pid));
  let errors = '';
  child.stderr!.on('data', (chunk) => (errors += chunk));
  let rows: Row[] = [];
  const look = async () => {
    rows = await statisticsOf(socket);
  };
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`haproxy has ended: ${errors}`);
    await look();
    const ready = serversIn(rows).filter(isUp).length;
    if (ready < targets.length) throw new Error('not all targets are ready');
  });
  const looking = setInterval(() => void look().catch(() => {}), POLL_INTERVAL_MS);
  return {
    url: `http://127.0.0.1:${port}`,
    get refused() {
      return refusalsIn(rows);
    },
    isReady: (target) => isUp(serversIn(rows)[targets.indexOf(target)]!),
    async stop() {
      clearInterval(looking);
      await killChild(child);
      folder.remove();
    },
  };
}

/** A line of the statistics: of a frontend, of a server, or of a backend. */
type Row = Record<string, string>;

async function statisticsOf(path: string): Promise<Row[]> {
  const socket = connect(path);
  const failed = once(socket, 'error').then(([error]) => Promise.reject(error));
  socket.end('show stat\n');
  const read = async () => {
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    return text;
  };
  const text = await Promise.race([read(), failed]);
  const [head, ...lines] = text.trim().replace(/^# /, '').split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
}

const serversIn = (rows: readonly Row[]) => rows.filter(({ svname }) => /^node-/.test(svname!));
const isUp = ({ status }: Row) => status!.startsWith('UP');

/** Requests that were answered by HAProxy itself, or broken off by a server. */
function refusalsIn(rows: readonly Row[]): string[] {
  const kinds = ['econ', 'eresp', 'hrsp_5xx', 'srv_abrt', 'wretr', 'wredis'];
  return rows.flatMap((row) =>
    kinds
      .filter((kind) => Number(row[kind]) > 0)
      .map((kind) => `${row.pxname} ${row.svname}: ${kind} ${row[kind]}`),
  );
}
