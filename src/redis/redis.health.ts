/**
 * The parts of a node that work through Redis, such as the bus, and the trouble that each has with
 * it: for `/readyz`, for the log, and for the start. A part has one or more connections, which
 * report their trouble at each failed attempt, and null once Redis can be used again.
 *
 * The log has one line when a part's trouble begins, one when its cause has become another, and one
 * when it is over. Lines of another cause come at most every 5 s, and for the same cause once a
 * minute, so that causes that alternate do not fill the log.
 */
import type { Logger } from '../logger';
import { Throttle } from '../runtime/throttle';
import type { RedisTrouble } from './redis.trouble';

const CHANGE_INTERVAL_MS = 5_000;
const CAUSE_INTERVAL_MS = 60_000;
const NOTE_INTERVAL_MS = 3_600_000;

/** The registry of the parts of one node. */
export class RedisHealth {
  private readonly parts: RedisPart[] = [];
  private readonly notes = new Throttle(NOTE_INTERVAL_MS);

  constructor(private readonly logger: Logger) {}

  /** Logs a warning about Redis that degrades nothing, at most once an hour. */
  note(fields: object, message: string): void {
    if (this.notes.pass(message)) this.logger.warn(fields, `redis: ${message}`);
  }

  /**
   * Adds a part, which is healthy until it reports something else.
   *
   * @param consequence for the log: the effect of Redis' absence, e.g. `events are dropped`
   * @param details further fields for the line that says that Redis is back
   */
  part(name: string, consequence: string, details: () => object = () => ({})): RedisPart {
    const part = new RedisPart(name, consequence, details, this, this.logger);
    this.parts.push(part);
    return part;
  }

  /**
   * The degraded parts: `bus` alone while Redis is away, and `bus: <cause>` when Redis answers and
   * refuses. So no address of a server is told.
   */
  get degraded(): string[] {
    return this.parts.flatMap(({ name, trouble }) => {
      if (trouble === null) return [];
      return [trouble.kind === 'away' ? name : `${name}: ${trouble.cause}`];
    });
  }

  /** Each part, in the order in which they were added. */
  get states(): { name: string; isDegraded: boolean }[] {
    return this.parts.map(({ name, trouble }) => ({ name, isDegraded: trouble !== null }));
  }

  /** The cause for which a part cannot use this Redis until something is changed; else null. */
  get unsuitable(): string | null {
    const troubles = this.parts.map(({ trouble }) => trouble);
    return troubles.find((trouble) => trouble?.kind === 'unsuitable')?.cause ?? null;
  }
}

/** One part, and the troubles of its connections. */
export class RedisPart {
  private readonly troubles = new Map<object, RedisTrouble>();
  private readonly changes = new Throttle(CHANGE_INTERVAL_MS);
  private readonly causes = new Throttle(CAUSE_INTERVAL_MS);
  /** The cause that the log has; null while the part is healthy. */
  private logged: string | null = null;

  constructor(
    readonly name: string,
    private readonly consequence: string,
    private readonly details: () => object,
    readonly health: RedisHealth,
    private readonly logger: Logger,
  ) {}

  /** The present trouble. What Redis says comes before the absence of an answer. */
  get trouble(): RedisTrouble | null {
    const troubles = [...this.troubles.values()];
    return troubles.find(({ kind }) => kind !== 'away') ?? troubles[0] ?? null;
  }

  /** Takes the present trouble of one of the part's connections; null when it has none. */
  report(connection: object, trouble: RedisTrouble | null): void {
    if (trouble === null) this.troubles.delete(connection);
    else this.troubles.set(connection, trouble);
    this.log();
  }

  private log(): void {
    const cause = this.trouble?.cause ?? null;
    if (cause === this.logged) return;
    if (cause === null) this.logger.info(this.details(), `${this.name}: Redis is back`);
    else if (this.logged === null) this.logBegin(cause);
    else if (!this.changes.pass('') || !this.causes.pass(cause)) return;
    else this.logger.warn({ cause }, `${this.name}: Redis cannot be used for another reason now`);
    this.logged = cause;
  }

  private logBegin(cause: string): void {
    this.changes.pass('');
    this.causes.pass(cause);
    this.logger.warn({ cause }, `${this.name}: Redis is away, ${this.consequence}`);
  }
}
