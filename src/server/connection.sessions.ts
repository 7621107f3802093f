/**
 * The sessions of one connection, one after the other. A session is the user or the platform that a
 * token stands for. The first one is in `connection_init`, the others replace it.
 *
 * - Start. The token in `connection_init` is verified. The connection closes with 4401 when it is
 *   not accepted, with 4403 when it has expired, and with 1013 when it cannot be verified now. A
 *   user who is deactivated during the verification is missed: the connection is not yet known to
 *   be theirs. So the server calls `confirm` once the session is set.
 * - Renewal. A renewal replaces the token. Renewals of one connection follow one another, so the
 *   last one counts.
 * - Expiry. The connection closes with 4403 when the token has expired, clock tolerance included.
 */
import type { Authenticator, Session } from '../auth/authenticator';
import { CLOCK_TOLERANCE_S } from '../auth/token';
import { TokenExpiredError, UnauthenticatedError } from '../errors';
import type { BoundLog } from '../logger';
import { CLOSE, type CloseCode } from './close.codes';
import { actsAs, type InitPayload, tokenIn } from './init.payload';
import { LIVENESS_INTERVAL_MS } from './liveness';

/** The expiry timer is set once the token has less than this left. */
const EXPIRY_HORIZON_MS = 4 * LIVENESS_INTERVAL_MS;

/** The connection that the sessions belong to. */
interface OwnConnection {
  readonly isOpen: boolean;
  readonly log: BoundLog;
  close(code: CloseCode): void;
}

export class ConnectionSessions {
  /** null until `connection_init` has been accepted. */
  current: Session | null = null;
  /** null until `connection_init` has arrived. */
  private authenticator: Authenticator | null = null;
  /** Settles when no renewal is under way; undefined before the first one. */
  private renewing: Promise<unknown> | undefined;
  private expiry: NodeJS.Timeout | null = null;

  constructor(private readonly connection: OwnConnection) {}

  /** True once `connection_init` has arrived, accepted or not. */
  get hasBegun(): boolean {
    return this.authenticator !== null;
  }

  /**
   * Verifies the credentials in the payload of `connection_init`.
   *
   * @returns null when the connection was closed instead, or had ended meanwhile
   */
  async begin(authenticator: Authenticator, payload: InitPayload): Promise<Session | null> {
    const { connection } = this;
    this.authenticator = authenticator;
    try {
      const token = tokenIn(payload);
      if (token === null) throw new UnauthenticatedError();
      const session = await authenticator.authenticate(token, actsAs(payload), 'start');
      if (!connection.isOpen) return null;
      this.current = session;
      this.armExpiry();
      return session;
    } catch (error) {
      connection.log.info(
        { reason: error instanceof Error ? error.name : 'unknown', check: checkOf(error) },
        'authentication failed',
      );
      connection.close(refusalOf(error));
      return null;
    }
  }

  /** Replaces the token, after the renewals that came before. */
  renew(token: string): Promise<Session> {
    const renewal = Promise.resolve(this.renewing).then(() => this.replace(token));
    this.renewing = renewal.catch(() => {});
    return renewal;
  }

  private async replace(token: string): Promise<Session> {
    const { connection } = this;
    const session = await this.authenticator!.renew(this.current!, token);
    if (!connection.isOpen) throw new UnauthenticatedError();
    this.current = session;
    this.disarmExpiry();
    this.armExpiry();
    // A deactivation during the renewal may have been missed, as during the authentication.
    if (!(await this.confirm(session))) throw new UnauthenticatedError();
    connection.log.info({ expiresAt: session.expiresAt }, 'session renewed');
    return session;
  }

  /**
   * Checks again that the session's user is active.
   *
   * @returns false when the connection was closed instead
   */
  async confirm(session: Session): Promise<boolean> {
    try {
      if (await this.authenticator!.isCurrent(session)) return true;
      this.connection.close(CLOSE.unauthenticated);
    } catch (error) {
      this.connection.close(refusalOf(error));
    }
    return false;
  }

  /**
   * Sets the timer that closes the connection at the token's expiry, once that is near. Node keeps
   * a list for each duration of timers: set at the start, each of thousands would need its own.
   */
  armExpiry(): void {
    if (this.expiry || this.current === null || this.current.expiresAt === null) return;
    const leftMs = (this.current.expiresAt + CLOCK_TOLERANCE_S) * 1_000 - Date.now();
    if (leftMs < EXPIRY_HORIZON_MS)
      this.expiry = setTimeout(() => this.connection.close(CLOSE.tokenExpired), leftMs);
  }

  disarmExpiry(): void {
    if (this.expiry) clearTimeout(this.expiry);
    this.expiry = null;
  }
}

/** Returns the close code for an error of the authentication; 1013 for an unexpected one. */
function refusalOf(error: unknown): CloseCode {
  if (error instanceof TokenExpiredError) return CLOSE.tokenExpired;
  if (!(error instanceof UnauthenticatedError)) return CLOSE.unavailable;
  const [code, reason] = CLOSE.unauthenticated;
  return [code, error.extensions.reason ?? reason];
}

/** Returns the check that refused a token, for the log. */
function checkOf(error: unknown): string | undefined {
  return error instanceof UnauthenticatedError ? error.check : undefined;
}
