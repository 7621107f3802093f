import type { Queryable } from '../database/transaction';
import { isStorable } from '../input/text';
import type { Pair } from './conversation.records';

/** Reads which conversations were started before. */
export class StartedConversations {
  constructor(private readonly database: Queryable) {}

  /** Returns true when the pair has a conversation with this listing, null for none. */
  hasPair([low, high]: Pair, listingId: string | null): Promise<boolean> {
    return this.exists(
      'pair_low = $1 and pair_high = $2 and listing_id is not distinct from $3',
      low,
      high,
      listingId,
    );
  }

  /** Returns true when the user has started a group with this client id and this input. */
  hasGroup(creatorId: string, clientConversationId: string, hash: string): Promise<boolean> {
    return this.exists(
      'creator_id = $1 and client_conversation_id = $2 and input_hash = $3',
      creatorId,
      clientConversationId,
      hash,
    );
  }

  private async exists(condition: string, ...values: readonly (string | null)[]): Promise<boolean> {
    if (!values.every((value) => value === null || isStorable(value))) return false;
    const rows = await this.database.query(
      `select from conversations where ${condition} limit 1`,
      values,
    );
    return rows.length > 0;
  }
}

/** Returns the two ids of a pair in the order in which the database has them. */
export function pairOf(one: string, other: string): Pair {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0 ? [one, other] : [other, one];
}
