/**
 * Counts the messages of each sender, each of them once, however often it is sent.
 *
 * - Equal sends that are under way at once on this node, over whatever transport, are one: the
 *   first one is counted and written, and the others get its outcome, also when it fails. The
 *   failure is that of their own message, so `outcome: 'UNKNOWN'` is true of them as well.
 * - A later repeat, and one on another node, is counted until the database says that it is a
 *   repeat. Then its count is given back. It takes no round trip of its own.
 * - So a limit can be reached by counts that are given back a moment later. A send that the limit
 *   refuses is therefore answered all the same when it is a repeat, which takes one read. A new one
 *   waits for the other sends of its sender on this node, and is counted again when they are
 *   settled. Counts that are given back on other nodes meanwhile are not waited for: the sender is
 *   refused, and may try again.
 * - A send that failed because of the server (UNAVAILABLE, or an unexpected error) gives its count
 *   back. One that is refused for what it asked for (FORBIDDEN, NOT_FOUND, IDEMPOTENCY_MISMATCH)
 *   keeps it, since it has taken a statement: otherwise no limit would apply to guesses. Input that
 *   breaks a rule (BAD_USER_INPUT) is refused before it is counted.
 */
import type { Queryable } from '../database/transaction';
import { ParleyError, RateLimitedError, UnavailableError } from '../errors';
import type { RateLimit, Refund } from '../rate-limit/rate.limit';
import { batched } from '../runtime/batches';
import type { SendOutcome } from './message.writer';

/** The client id of a message, with its sender and the hash of its whole input. */
export interface ClientKey {
  senderId: string;
  clientMessageId: string;
  inputHash: string;
}

/** A send with a client id that is under way on this node. */
interface UnderWay {
  outcome: Promise<SendOutcome>;
  /** True once the limit has refused it. It then holds no count that may be given back. */
  refused: boolean;
}

type Send = () => Promise<SendOutcome>;

/** The sends of a sender of whom none with a client id is under way. */
const NONE: ReadonlyMap<string, UnderWay> = new Map();

export class SendLimit {
  /** For each sender, the sends that are under way, by the hashes of their inputs. */
  private readonly senders = new Map<string, Map<string, UnderWay>>();

  /** For each key: true when a message was sent with this client id and this input. */
  private readonly areRepeats = batched((keys: readonly ClientKey[]) => this.readRepeats(keys));

  constructor(
    private readonly rate: RateLimit,
    private readonly database: Queryable,
  ) {}

  /**
   * Counts and runs a send, or returns the outcome of an equal one that is under way.
   *
   * @param key null without a client id: the send is no repeat of any other
   * @throws {RateLimitedError} when the sender exceeds a limit
   * @throws what `send` throws
   */
  async run(senderId: string, key: ClientKey | null, send: Send): Promise<SendOutcome> {
    const own = this.senders.get(senderId);
    if (key === null) return settle(send, await this.admit(senderId, null, null, own ?? NONE));
    // The hash is of the whole input, the client id included.
    const first = own?.get(key.inputHash);
    return first ? first.outcome : this.runFirst(senderId, key, send, own ?? new Map());
  }

  private runFirst(
    senderId: string,
    key: ClientKey,
    send: Send,
    own: Map<string, UnderWay>,
  ): Promise<SendOutcome> {
    const entry = { refused: false } as UnderWay;
    entry.outcome = this.admit(senderId, key, entry, own)
      .then((refund) => settle(send, refund))
      .finally(() => {
        own.delete(key.inputHash);
        if (own.size === 0) this.senders.delete(senderId);
      });
    own.set(key.inputHash, entry);
    this.senders.set(senderId, own);
    return entry.outcome;
  }

  /**
   * Counts the send, unless the limit is reached and it is known to be a repeat. When the limit is
   * reached by counts that may be given back, it is counted again once they are settled.
   */
  private async admit(
    senderId: string,
    key: ClientKey | null,
    entry: UnderWay | null,
    own: ReadonlyMap<string, UnderWay>,
  ): Promise<Refund> {
    for (let mayRepeat = key !== null; ; mayRepeat = false) {
      // Read before the count: one that is settled during the count may have made room since.
      const others = own.size === 0 ? [] : [...own.values()].filter(({ refused }) => !refused);
      try {
        const refund = await this.rate.consume(senderId);
        if (entry) entry.refused = false;
        return refund;
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error;
        if (entry) entry.refused = true;
        if (mayRepeat && (await this.areRepeats([key!]))[0]) return () => undefined;
        // A refused send waits only for those that are not refused by now. So no two wait for each
        // other.
        const counted = others.filter(({ refused }) => !refused);
        if (counted.length === 0) throw error;
        await Promise.allSettled(counted.map(({ outcome }) => outcome));
      }
    }
  }

  private async readRepeats(keys: readonly ClientKey[]): Promise<boolean[]> {
    const rows = await this.database.query<{ repeated: boolean }>(
      `select exists (select from messages m where m.sender_id = key.sender_id
           and m.client_message_id = key.client_message_id and m.input_hash = key.input_hash)
         as repeated
       from unnest($1::text[], $2::text[], $3::text[]) with ordinality
         as key (sender_id, client_message_id, input_hash, place)
       order by key.place`,
      [
        keys.map(({ senderId }) => senderId),
        keys.map(({ clientMessageId }) => clientMessageId),
        keys.map(({ inputHash }) => inputHash),
      ],
    );
    return rows.map(({ repeated }) => repeated);
  }
}

/** Runs a send that is counted, and gives its count back if it should not have one. */
async function settle(send: Send, refund: Refund): Promise<SendOutcome> {
  try {
    const sent = await send();
    if (sent.outcome === 'REPEATED') refund();
    return sent;
  } catch (error) {
    if (error instanceof UnavailableError || !(error instanceof ParleyError)) refund();
    throw error;
  }
}
