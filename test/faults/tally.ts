import type { Cause } from './closes';

/** Counts things by their names. */
export class Tally<Name extends string> {
  private readonly counts = new Map<Name, number>();

  add(name: Name, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  get(name: Name): number {
    return this.counts.get(name) ?? 0;
  }

  toString(): string {
    return [...this.counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
  }
}

/** The figures of a session of the checker. */
export class Totals {
  runs = 0;
  events = 0;
  reconnections = 0;
  readonly disasters = new Tally<string>();
  readonly closes = new Tally<Cause>();
  readonly answers = new Tally<string>();
}
