import type { Queryable } from '../database/transaction';
import { batched } from '../runtime/batches';

/** The client id of a message, with its sender and the hash of its whole input. */
export interface SentKey {
  senderId: string;
  clientMessageId: string;
  hash: string;
}

/** Reads which messages were sent with a client id. */
export class SentMessages {
  private readonly areSent = batched((keys: readonly SentKey[]) => this.read(keys));

  constructor(private readonly database: Queryable) {}

  /** Returns true when a message was sent with this client id and this input. */
  async has(key: SentKey): Promise<boolean> {
    const [isSent] = await this.areSent([key]);
    return isSent!;
  }

  private async read(keys: readonly SentKey[]): Promise<boolean[]> {
    const rows = await this.database.query<{ sent: boolean }>(
      `select exists (select from messages m where m.sender_id = key.sender_id
           and m.client_message_id = key.client_message_id and m.input_hash = key.input_hash)
         as sent
       from unnest($1::text[], $2::text[], $3::text[]) with ordinality
         as key (sender_id, client_message_id, input_hash, place)
       order by key.place`,
      [
        keys.map(({ senderId }) => senderId),
        keys.map(({ clientMessageId }) => clientMessageId),
        keys.map(({ hash }) => hash),
      ],
    );
    return rows.map(({ sent }) => sent);
  }
}
