import type { Logger } from '../logger';

/** The parts that were started. Stops them in reverse order, also when the start fails half way. */
export class Lifecycle {
  private readonly steps: { name: string; stop: () => Promise<unknown> | unknown }[] = [];

  constructor(private readonly logger: Logger) {}

  add(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.push({ name, stop });
  }

  /** Stopped last of all: what the others stand on. */
  addBelow(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.unshift({ name, stop });
  }

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
