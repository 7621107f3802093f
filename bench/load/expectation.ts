const PATIENCE_MS = 60_000;

/** Waits for a count to be reached, which is told of every step: cheap enough for a step a delivery. */
export class Expectation {
  private target = Number.POSITIVE_INFINITY;
  private reach: (() => void) | null = null;

  constructor(
    private readonly lost: Promise<never>,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** The count stands at `count` now. */
  step(count: number): void {
    if (count >= this.target) this.reach?.();
  }

  /** Resolves when the count is `target`. @throws {Error} it takes longer than a minute, or whatever else was given */
  async until(target: number, present: () => number): Promise<void> {
    if (present() >= target) return;
    const reached = new Promise<void>((resolve) => {
      this.reach = resolve;
      this.target = target;
    });
    let impatience: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      impatience = setTimeout(
        () => reject(new Error(`${target - present()} of ${target} deliveries did not come`)),
        this.patienceMs,
      );
    });
    try {
      await Promise.race([reached, late, this.lost]);
    } finally {
      clearTimeout(impatience);
      this.target = Number.POSITIVE_INFINITY;
    }
  }
}
