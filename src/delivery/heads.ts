import type { Queryable } from '../database/transaction';
import { topics } from '../events';

/** Where logs are: the newest sequence of each topic that has one, in one statement however many there are. */
export class Heads {
  constructor(private readonly database: Queryable) {}

  async of(logTopics: readonly string[]): Promise<Map<string, number>> {
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
    return new Map(rows.map((row) => [row.topic, row.head]));
  }
}

function idsOf(logTopics: readonly string[], topicOf: (id: string) => string): string[] {
  const prefix = topicOf('');
  return logTopics.filter((topic) => topic.startsWith(prefix)).map((topic) => topic.slice(prefix.length));
}
