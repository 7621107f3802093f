import type { Bus } from '../bus/bus';
import type { Queryable } from '../database/transaction';

const DATABASE_TIMEOUT_MS = 2_000;

export interface ReadinessState {
  ready: boolean;
  /** What is away but does not keep this node from serving. */
  degraded: string[];
  /** Why it is not ready. */
  failing: string[];
}

/** Whether this node should get traffic: the database answers and it is not draining. */
export class Readiness {
  private draining = false;

  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
  ) {}

  /** From now on this node wants no new traffic. */
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
