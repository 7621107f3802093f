const DATABASE_TIMEOUT_MS = 2_000;

export interface ReadinessState {
  ready: boolean;
  /**
   * The parts that are impaired without keeping this node from serving, each with the reason if its
   * server answers: `bus`, `presence` and `rate limits` while Redis is away, `bus: <reason>` while
   * Redis refuses, `keys` while the provider of the tokens' keys is away, and
   * `database: read-only`.
   */
  degraded: string[];
  /** The reasons why this node is not ready: `draining`, `database`. Empty when it is ready. */
  failing: string[];
}

/**
 * Tells whether this node should get traffic. It is ready while the database answers within 2 s and
 * the node is not draining.
 *
 * A read-only database degrades the node only: it still answers queries and delivers, and every
 * other node has the same database. So nothing would be gained if all of them got no traffic.
 */
export class Readiness {
  private draining = false;

  /**
   * @param isWritable returns false for a read-only database, and rejects when it is away
   * @param parts returns the parts that are degraded at present, the database aside
   */
  constructor(
    private readonly isWritable: () => Promise<boolean>,
    private readonly parts: () => string[],
  ) {}

  /** Makes this node report that it is not ready, from now on. */
  drain(): void {
    this.draining = true;
  }

  async check(): Promise<ReadinessState> {
    // A node that drains answers without the database, which may need seconds. By then a balancer
    // must have heard of it.
    if (this.draining) return { ready: false, degraded: this.parts(), failing: ['draining'] };
    const database = await this.askDatabase();
    const failing = this.draining ? ['draining'] : [];
    if (database === 'away') failing.push('database');
    const degraded = this.parts();
    if (database === 'read-only') degraded.push('database: read-only');
    return { ready: failing.length === 0, degraded, failing };
  }

  private async askDatabase(): Promise<'writable' | 'read-only' | 'away'> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'away'>((resolve) => {
      timer = setTimeout(() => resolve('away'), DATABASE_TIMEOUT_MS);
    });
    const answer = this.isWritable().then(
      (isWritable) => (isWritable ? 'writable' : 'read-only'),
      () => 'away' as const,
    );
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  }
}
