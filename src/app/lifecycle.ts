import type { Logger } from '../logger';

/**
 * The parts that were started. Stops them in the reverse order of their start, also when the start
 * fails half way.
 */
export class Lifecycle {
  private readonly steps: { name: string; stop: () => Promise<unknown> | unknown }[] = [];

  constructor(private readonly logger: Logger) {}

  /** Adds a part that was started. It is stopped before those that were added earlier. */
  add(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.push({ name, stop });
  }

  /** Adds a part on which all others depend. It is stopped after them. */
  addBelow(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.unshift({ name, stop });
  }

  /**
   * Stops all parts, one after the other. A part that fails is logged, and the next one is stopped.
   * Never rejects.
   */
  async stopAll(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        this.logger.error({ err: error, part: step.name }, 'part did not stop cleanly');
      }
    }
  }
}
