import { AnswerTooLargeError } from '../errors';
import type { OfferTransition } from './offer.entity';

/**
 * The characters that the histories in one answer may have: several times as many as the longest
 * one. A history counts once in an operation's cost, as every list that is no page. But it may have
 * 20 transitions, with 20 items each, whose descriptions have 2,000 characters each.
 */
export const MAX_HISTORY_CHARACTERS = 8_000_000;

/** Adds up the histories that one answer has. */
export class HistorySize {
  private characters = 0;

  /** @throws {AnswerTooLargeError} when the answer has too much of them with this one */
  add(history: readonly OfferTransition[]): void {
    for (const { note, items } of history) {
      this.characters += note?.length ?? 0;
      for (const { description, reference } of items)
        this.characters += (description?.length ?? 0) + (reference?.length ?? 0);
    }
    this.check();
  }

  /** @throws {AnswerTooLargeError} when the answer has too much of them already */
  check(): void {
    if (this.characters > MAX_HISTORY_CHARACTERS)
      throw new AnswerTooLargeError("offers' histories", MAX_HISTORY_CHARACTERS, this.characters);
  }
}
