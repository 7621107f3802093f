import type { Bus } from '../bus/bus';
import type { Queryable } from '../database/transaction';

const DATABASE_TIMEOUT_MS = 2_000;

export interface ReadinessState {
  ready: boolean;
  /** The parts that are unavailable without keeping this node from serving: `bus`. */
  degraded: string[];
  /** The reasons why this node is not ready: `draining`, `database`. Empty when it is ready. */
  failing: string[];
}

/**
 * Tells whether this node should get traffic. It is ready while the database answers within 2 s and
 * the node is not draining.
 */
export class Readiness {
  private draining = false;

  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
  ) {}

  /** Makes this node report that it is not ready, from now on. */
  drain(): void {
    this.draining = true;
  }

  async check(): Promise<ReadinessState> {
    const failing = this.draining ? ['draining'] : [];
    if (!(await this.databaseAnswers())) failing.push('database');
    return { ready: failing.length === 0, degraded: this.bus.connected ? [] : ['bus'], failing };
  }

  private async databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS);
    });
    const answer = this.database.query('select 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  }
}
