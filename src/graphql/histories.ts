import type { OfferTransition } from '../offer/offer.entity';
import { HistorySize } from '../offer/offer.history';
import type { Loaders } from './loaders';

/**
 * Reads the offers' histories of one answer, and refuses those that make it too large.
 *
 * Most are read together. If that would be too much, the others are read one by one, until the
 * answer is too large. They may also belong to several answers, such as events that are replayed
 * together.
 */
export class Histories {
  private readonly size = new HistorySize();
  private reading: Promise<unknown> = Promise.resolve();

  /** @throws {AnswerTooLargeError} when the answer has too much of them with this one */
  async read({ offerHistory, longHistory }: Loaders, offerId: string): Promise<OfferTransition[]> {
    const history =
      (await offerHistory.load(offerId)) ??
      (await this.afterTheOthers(async () => (await longHistory.load(offerId)) ?? []));
    this.size.add(history);
    return history;
  }

  private afterTheOthers<T>(read: () => Promise<T>): Promise<T> {
    const result = this.reading.then(() => {
      this.size.check();
      return read();
    });
    this.reading = result.catch(() => {});
    return result;
  }
}
