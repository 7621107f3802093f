import type { Logger } from '../logger';

/**
 * The parts that were started. Stops them in the reverse order of their start, also when the start
 * fails half way.
 */
export class Lifecycle {
  private readonly steps: { name: string; stop: () => Promise<unknown> | unknown }[] = [];
  private stopped = false;

  constructor(private readonly logger: Logger) {}

  /**
   * Adds a part that was started. It is stopped before those that were added earlier. A part that
   * comes after {@link stopAll}, as one may of a start that was broken off, is stopped at once.
   */
  add(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.push({ name, stop });
    if (this.stopped) void this.stopAll();
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
    this.stopped = true;
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        this.logger.error({ err: error, part: step.name }, 'part did not stop cleanly');
      }
    }
  }
}
