import { type Page, type PagedList, type PageRequest, toPage } from '../database/page';
import { byPlace, columnsOf, entityFromJson, inOrder, toEntity } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { batched } from '../runtime/batches';
import { Message } from './message.entity';

/** The greatest number of unread messages that is counted. */
const MAX_UNREAD = 1_000;

export const MESSAGES: PagedList = { name: 'messages', key: ['integer'] };

/** A user's position of reading in a conversation; the user is null for the platform. */
export interface ReadingMark {
  conversationId: string;
  userId: string | null;
  sequence: number;
}

/** The part of a conversation that a caller sees: messages with a greater sequence. */
export interface VisibleRange {
  conversationId: string;
  joinedSequence: number;
}

/** A query about the messages of a conversation that follow a sequence. */
interface TailQuery {
  conversationId: string;
  beyond: number;
  /** The user whose unread messages are counted; undefined when the newest message is wanted. */
  unreadBy: string | null | undefined;
}

interface Tail {
  message: Message | null;
  count: number;
}

/** Reads messages. Access must have been checked before. */
export class MessageReader {
  /** Messages in the order of `ids`; null for an unknown id. */
  readonly byIds = batched((ids: readonly string[]) => this.read(ids));

  /** A list of conversations needs newest messages and unread counts: both share one statement. */
  private readonly tails = batched((asked: readonly TailQuery[]) => this.readTails(asked));

  constructor(private readonly database: Queryable) {}

  private async read(ids: readonly string[]): Promise<(Message | null)[]> {
    const rows = await this.database.query<Message>(
      `select ${columnsOf(Message, 'm')} from messages m where id = any($1)`,
      [ids],
    );
    return inOrder(
      ids,
      rows.map((row) => toEntity(Message, row)),
      (message) => message.id,
    );
  }

  /** One page of each scope's messages, oldest first, in one statement. */
  async pages(scopes: readonly VisibleRange[], request: PageRequest): Promise<Page<Message>[]> {
    const beyond = (request.backward ? request.before : request.after) !== null;
    return (await this.newestOrOldest(scopes, request)).map((messages) =>
      toPage(MESSAGES, request, messages, (message) => [message.sequence], beyond),
    );
  }

  /** The newest message of each scope; null for an empty one. */
  async lastMessages(scopes: readonly VisibleRange[]): Promise<(Message | null)[]> {
    const glances = await this.tails(
      scopes.map(({ conversationId, joinedSequence }) => ({
        conversationId,
        beyond: joinedSequence,
        unreadBy: undefined,
      })),
    );
    return glances.map(({ message }) => message);
  }

  private async newestOrOldest(
    scopes: readonly VisibleRange[],
    request: PageRequest,
  ): Promise<Message[][]> {
    const direction = request.backward ? 'desc' : 'asc';
    const rows = await this.database.query<Message & { place: string }>(
      `select scope.place, ${columnsOf(Message, 'm')}
       from unnest($1::uuid[], $2::integer[]) with ordinality as scope (id, joined_sequence, place)
       cross join lateral (
         select * from messages
         where conversation_id = scope.id and sequence > greatest(scope.joined_sequence, $3)
           and sequence < $4
         order by sequence ${direction} limit $5
       ) m order by m.sequence ${direction}`,
      [
        scopes.map((scope) => scope.conversationId),
        scopes.map((scope) => scope.joinedSequence),
        request.after?.[0] ?? 0,
        request.before?.[0] ?? 2 ** 31 - 1,
        request.limit + 1,
      ],
    );
    return byPlace(rows, scopes.length).map((found) =>
      found.map(({ place: _, ...row }) => toEntity(Message, row)),
    );
  }

  /** Counts the undeleted messages of others that follow each mark; exact to 999, then 1000. */
  async unreadCounts(marks: readonly ReadingMark[]): Promise<number[]> {
    const glances = await this.tails(
      marks.map(({ conversationId, sequence, userId }) => ({
        conversationId,
        beyond: sequence,
        unreadBy: userId,
      })),
    );
    return glances.map(({ count }) => count);
  }

  private async readTails(asked: readonly TailQuery[]): Promise<Tail[]> {
    const rows = await this.database.query<
      Omit<Tail, 'message'> & { message: Record<string, unknown> | null }
    >(
      `select to_json(newest.row) as message, unread.count
       from unnest($1::uuid[], $2::integer[], $3::boolean[], $4::text[]) with ordinality
         as asked (id, beyond, counts, reader_id, place)
       left join lateral (
         select m as row from messages m
         where not asked.counts and conversation_id = asked.id and sequence > asked.beyond
           order by sequence desc limit 1
       ) newest on true
       left join lateral (
         select count(*)::integer as count from (
           select from messages where asked.counts and conversation_id = asked.id
             and sequence > asked.beyond
             and deleted_at is null and sender_id is distinct from asked.reader_id
               limit ${MAX_UNREAD}
         ) found
       ) unread on true order by asked.place`,
      [
        asked.map((one) => one.conversationId),
        asked.map((one) => one.beyond),
        asked.map((one) => one.unreadBy !== undefined),
        asked.map((one) => one.unreadBy ?? null),
      ],
    );
    return rows.map(({ message, count }) => ({
      count,
      message: message && entityFromJson(Message, message),
    }));
  }
}
