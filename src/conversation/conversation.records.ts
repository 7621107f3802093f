import { v7 as uuidv7 } from 'uuid';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { Conversation } from './conversation.entity';

/** The two ids of a pair in the order in which the database has them. */
export type Pair = readonly [low: string, high: string];

/** The parts of a new conversation beside its participants. */
export interface NewConversation {
  creatorId: string;
  listingId: string | null;
  subject: string | null;
}

/** The id by which the creator of a group repeats its start, and the hash of its input. */
export interface StartKey {
  /** null for a start that is never repeated. */
  clientId: string | null;
  /** null without a client id. */
  hash: string | null;
}

/** A group that was started before. */
export interface StartedGroup {
  conversation: Conversation;
  hash: string | null;
  /** True while its creator takes part in it. */
  isPresent: boolean;
}

/** Reads and writes the rows of conversations and of those who are in them from the start. */
export class ConversationRecords {
  async find(database: Queryable, id: string): Promise<Conversation> {
    const [row] = await database.query<Conversation>(
      `select ${columnsOf(Conversation, 'c')} from conversations c where id = $1`,
      [id],
    );
    return toEntity(Conversation, row!);
  }

  /** Returns the pair's conversation with this listing, null for none; null when there is none. */
  async findPair(
    database: Queryable,
    [low, high]: Pair,
    listingId: string | null,
  ): Promise<Conversation | null> {
    const [found] = await database.query<Conversation>(
      `select ${columnsOf(Conversation, 'c')} from conversations c
       where pair_low = $1 and pair_high = $2 and listing_id is not distinct from $3`,
      [low, high, listingId],
    );
    return found ? toEntity(Conversation, found) : null;
  }

  /**
   * Adds a pair's conversation and its participants. Waits for another transaction that adds the
   * same.
   *
   * @returns null when the pair has this conversation already
   */
  async addPair(
    database: Queryable,
    pair: Pair,
    { creatorId, listingId, subject }: NewConversation,
  ): Promise<Conversation | null> {
    const [created] = await database.query<Conversation>(
      `insert into conversations as c
         (id, kind, pair_low, pair_high, listing_id, subject, creator_id)
       values ($1, 'PAIR', $2, $3, $4, $5, $6)
       on conflict (pair_low, pair_high, listing_id) where pair_low is not null do nothing
       returning ${columnsOf(Conversation, 'c')}`,
      [uuidv7(), ...pair, listingId, subject, creatorId],
    );
    return created ? this.withParticipants(database, created, pair) : null;
  }

  /** Returns the group that the user has started with this client id; null when there is none. */
  async findGroup(
    database: Queryable,
    creatorId: string,
    clientId: string,
  ): Promise<StartedGroup | null> {
    const [found] = await database.query<Conversation & { hash: string; present: boolean }>(
      `select ${columnsOf(Conversation, 'c')}, c.input_hash as hash, exists (
         select from participants p
         where p.conversation_id = c.id and p.user_id = $1 and p.left_at is null) as present
       from conversations c where creator_id = $1 and client_conversation_id = $2`,
      [creatorId, clientId],
    );
    if (!found) return null;
    const { hash, present: isPresent, ...row } = found;
    return { conversation: toEntity(Conversation, row), hash, isPresent };
  }

  /**
   * Adds a group and its participants. Waits for another transaction that adds the same.
   *
   * @returns null when the creator has a group with this client id already
   */
  async addGroup(
    database: Queryable,
    userIds: readonly string[],
    { creatorId, listingId, subject }: NewConversation,
    { clientId, hash }: StartKey,
  ): Promise<Conversation | null> {
    const [created] = await database.query<Conversation>(
      `insert into conversations as c
         (id, kind, listing_id, subject, creator_id, client_conversation_id, input_hash)
       values ($1, 'GROUP', $2, $3, $4, $5, $6)
       on conflict (creator_id, client_conversation_id) where client_conversation_id is not null
       do nothing
       returning ${columnsOf(Conversation, 'c')}`,
      [uuidv7(), listingId, subject, creatorId, clientId, hash],
    );
    return created ? this.withParticipants(database, created, userIds) : null;
  }

  private async withParticipants(
    database: Queryable,
    row: Conversation,
    userIds: readonly string[],
  ): Promise<Conversation> {
    await database.query(
      `insert into participants (conversation_id, user_id, joined_at)
       select $1, unnest($2::text[]), $3`,
      [row.id, userIds, row.createdAt],
    );
    return toEntity(Conversation, row);
  }

  /**
   * Makes a user a participant, also one who was there before.
   *
   * @param joinedSequence the sequence of the event of it; the user sees what comes after it
   */
  async addParticipant(
    database: Queryable,
    conversationId: string,
    userId: string,
    joinedAt: Date,
    joinedSequence: number,
  ): Promise<void> {
    await database.query(
      `insert into participants
         (conversation_id, user_id, joined_at, joined_sequence, last_read_sequence)
       values ($1, $2, $3, $4, $4)
       on conflict (conversation_id, user_id) do update set
         joined_at = excluded.joined_at, joined_sequence = excluded.joined_sequence,
         left_at = null, last_read_sequence = excluded.last_read_sequence, last_read_at = null,
         archived = false, muted_until = null`,
      [conversationId, userId, joinedAt, joinedSequence],
    );
  }
}
