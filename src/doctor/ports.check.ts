import { once } from 'node:events';
import { createServer } from 'node:net';
import { portTrouble, urlHost } from '../app/address';
import type { Config } from '../config';
import { blame } from '../runtime/blame';
import { METRICS_PATH } from '../server/metrics.server';
import { type Finding, ok, problemsOf } from './finding';

const ANSWER_TIMEOUT_MS = 2_000;

/** Looks if a node could listen on its ports, or listens there already. */
export async function checkPorts({ http }: Config): Promise<Finding[]> {
  const { host, port, metricsPort } = http;
  return [
    ...(await checkPort('PORT', host, port, '/healthz', /"status":"ok"/)),
    ...(metricsPort === null
      ? []
      : await checkPort('METRICS_PORT', host, metricsPort, METRICS_PATH, /^parley_connections /m)),
  ];
}

async function checkPort(
  setting: string,
  host: string,
  port: number,
  path: string,
  sign: RegExp,
): Promise<Finding[]> {
  const shown = `${urlHost(host)}:${port}`;
  try {
    await blame('HOST', `cannot listen on ${host}`, () => listenOnce(setting, host, port));
    return [ok(`${setting}: ${shown} is free`)];
  } catch (error) {
    if (await answers(`http://${shown}${path}`, sign))
      return [ok(`${setting}: a node listens on ${shown} already`)];
    return problemsOf(error, setting);
  }
}

async function listenOnce(setting: string, host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw portTrouble(setting, port, error);
  } finally {
    server.close();
  }
}

async function answers(url: string, sign: RegExp): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return sign.test(await response.text());
  } catch {
    return false;
  }
}
