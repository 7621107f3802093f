export interface BatchOptions<Item, Result> {
  /** Works on several items at once; results in their order. */
  work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items in one batch at most. */
  most: number;
  /**
   * Whether this error of `work` says that nothing of the batch was done: then each item is tried alone, so that one
   * which fails takes no other with it. Any other error is every item's.
   */
  isUndone: (error: unknown) => boolean;
  /** Nothing is under way any more, and nothing waits. */
  onIdle?: () => void;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Joins what is asked while something of the same kind is under way: the first item goes at once and alone, those
 * that come meanwhile go together as soon as it is done. Idle, it costs nothing and delays nothing; under load, what
 * would queue up shares one statement. Work on an item never starts before the item was added.
 */
export class Batches<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(private readonly options: BatchOptions<Item, Result>) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) await this.runBatch(this.waiting.splice(0, this.options.most));
    this.running = false;
    this.options.onIdle?.();
  }

  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
    } catch (error) {
      if (batch.length > 1 && this.options.isUndone(error)) for (const one of batch) await this.runBatch([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
