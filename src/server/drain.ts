import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Connections } from './connections';
import type { Readiness } from './readiness';

/** Time in which requests may finish, and sockets may end, once nothing else is served. */
const CLOSE_TIMEOUT_MS = 3_000;

/** The durations of a drain. An orchestrator's grace must exceed their sum by 5 s. */
export interface DrainTimes {
  /** Time for which everything is still served while `/readyz` answers 503. */
  delayMs: number;
  /** Time over which the sockets are told 1001, after the delay. */
  spreadMs: number;
}

/**
 * Ends a node's servers so that no request is refused and no answer is lost:
 *
 * 1. `/readyz` answers 503 at once, and everything is served until a balancer has noticed.
 * 2. New sockets are refused with 503. The open ones are told 1001 one after the other, each once
 *    its operations under way are answered, so that their clients do not reconnect all at once.
 *    HTTP requests are served, and their connections end with the answer.
 * 3. The listener closes. Requests under way may finish, and sockets may end, within 3 s.
 */
export class Drain {
  private readonly hurrying = new AbortController();

  constructor(
    private readonly http: FastifyInstance,
    private readonly connections: Connections,
    private readonly readiness: Readiness,
    private readonly times: DrainTimes,
  ) {}

  /** Skips the rest of the delay and of the spread. */
  hurry(): void {
    this.hurrying.abort();
  }

  async run(): Promise<void> {
    const { signal } = this.hurrying;
    this.readiness.drain();
    // Aborting rejects the wait, which is then simply over.
    await sleep(this.times.delayMs, undefined, { signal }).catch(() => {});
    await this.connections.drain(this.times.spreadMs, signal);
    await Promise.all([this.connections.endAll(CLOSE_TIMEOUT_MS), this.closeHttp()]);
  }

  private async closeHttp(): Promise<void> {
    const { http } = this;
    const deadline = setTimeout(() => http.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    await http.close();
    clearTimeout(deadline);
  }
}
