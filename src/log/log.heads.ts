import type { Queryable } from '../database/transaction';
import { topics } from '../events';
import { batched } from '../runtime/batches';

/** Reads the heads of many logs in one statement. */
export class LogHeads {
  /**
   * Returns the head of each topic's log, in the order of the topics; null for a topic without a
   * log. Reads that wait for each other's statement share the next one.
   */
  readonly readMany = batched((logTopics: readonly string[]) => this.read(logTopics));

  constructor(private readonly database: Queryable) {}

  private async read(logTopics: readonly string[]): Promise<(number | null)[]> {
    const rows = await this.database.query<{ topic: string; head: number }>(
      `select $1 || id as topic, last_sequence as head from conversations where id = any($2::uuid[])
       union all select $3 || user_id, last_sequence from inboxes where user_id = any($4)`,
      [
        topics.conversation(''),
        idsOf(logTopics, topics.conversation),
        topics.inbox(''),
        idsOf(logTopics, topics.inbox),
      ],
    );
    const heads = new Map(rows.map((row) => [row.topic, row.head]));
    return logTopics.map((topic) => heads.get(topic) ?? null);
  }
}

function idsOf(logTopics: readonly string[], topicOf: (id: string) => string): string[] {
  const prefix = topicOf('');
  return logTopics
    .filter((topic) => topic.startsWith(prefix))
    .map((topic) => topic.slice(prefix.length));
}
