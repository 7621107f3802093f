/** Renews the session of a connection before its token expires, so that the socket stays open. */
import { RenewSessionDocument, type RenewSessionMutation } from '../generated/graphql.js';
import type { ResumableClient } from '../resumable/resumable.js';
import { operationOf } from './operation.js';

/** The part of the remaining time after which the session is renewed. */
const PART = 0.8;
const LEAST_WAIT_MS = 1_000;
/** A longer timer would not keep its time. */
const MOST_WAIT_MS = 86_400_000;

export interface Renewed {
  /** Returns a valid token, a fresh one near the expiry of the one before. */
  token: () => Promise<string>;
  /** Called with the new expiry. */
  renewed: (expiresAt: string | null) => void;
}

/**
 * Renews after four fifths of the time that is left, and again after four fifths of the rest while
 * that failed or `token()` still returned the same token. When no renewal succeeds, the server
 * closes the socket with 4403, and the client connects again with a fresh token.
 */
export class Renewal {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the connections: what was under way over the one before is void. */
  private connection = 0;

  constructor(
    private readonly socket: ResumableClient,
    private readonly options: Renewed,
  ) {}

  /** @param token the one with which the connection was made */
  connected(token: string | null, expiresAt: string | null): void {
    this.stop();
    this.schedule(this.connection, token, expiresAt);
  }

  stop(): void {
    this.connection++;
    clearTimeout(this.timer);
  }

  private schedule(connection: number, token: string | null, expiresAt: string | null): void {
    if (expiresAt === null || connection !== this.connection) return;
    const ms = (Date.parse(expiresAt) - Date.now()) * PART;
    const wait = Math.min(Math.max(ms, LEAST_WAIT_MS), MOST_WAIT_MS);
    this.timer = setTimeout(async () => {
      if (ms > MOST_WAIT_MS) return this.schedule(connection, token, expiresAt);
      const next = await this.renew(connection, token).catch(() => null);
      this.schedule(connection, next?.token ?? token, next ? next.expiresAt : expiresAt);
    }, wait);
  }

  /** @returns null when there is no other token yet, or the connection has ended */
  private async renew(connection: number, before: string | null) {
    const token = await this.options.token();
    if (token === before || connection !== this.connection) return null;
    const operation = operationOf(RenewSessionDocument, { input: { token } });
    let next: { token: string; expiresAt: string | null } | null = null;
    for await (const { data } of this.socket.iterate<RenewSessionMutation>(operation))
      if (data && connection === this.connection) {
        const { expiresAt = null } = data.renewSession;
        this.options.renewed(expiresAt);
        next = { token, expiresAt };
      }
    return next;
  }
}
