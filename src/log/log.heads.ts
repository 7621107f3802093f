import type { Queryable } from '../database/transaction';
import { topics } from '../events';
import { batched } from '../runtime/batches';
import { EPOCH_SEEN, type EpochSeen } from './log.epoch';

/** The state of many logs at one moment. */
export interface LogSurvey extends EpochSeen {
  /** The head of each topic's log, in the order of the topics; null for a topic without a log. */
  heads: (number | null)[];
}

interface HeadRow {
  topic: string;
  head: number;
}

const HEADS = `select $1 || id as topic, last_sequence as head from conversations
  where id = any($2::uuid[])
  union all select $3 || user_id, last_sequence from inboxes where user_id = any($4)`;

/** Reads the heads of many logs in one statement. */
export class LogHeads {
  /**
   * Returns the head of each topic's log, in the order of the topics; null for a topic without a
   * log. Reads that wait for each other's statement share the next one.
   */
  readonly readMany = batched((logTopics: readonly string[]) => this.read(logTopics));

  constructor(private readonly database: Queryable) {}

  /** Reads the heads of the topics' logs together with their epoch. */
  async survey(logTopics: readonly string[]): Promise<LogSurvey> {
    const rows = await this.database.query<HeadRow & EpochSeen>(
      `select null as topic, null as head, ${EPOCH_SEEN} from installation
       union all select topic, head, null, null from (${HEADS}) heads`,
      parametersFor(logTopics),
    );
    const { epoch, isNewTimeline } = rows.find((row) => row.topic === null)!;
    return { heads: headsOf(logTopics, rows), epoch, isNewTimeline };
  }

  private async read(logTopics: readonly string[]): Promise<(number | null)[]> {
    const rows = await this.database.query<HeadRow>(HEADS, parametersFor(logTopics));
    return headsOf(logTopics, rows);
  }
}

function headsOf(logTopics: readonly string[], rows: readonly HeadRow[]): (number | null)[] {
  const heads = new Map(rows.map((row) => [row.topic, row.head]));
  return logTopics.map((topic) => heads.get(topic) ?? null);
}

function parametersFor(logTopics: readonly string[]): unknown[] {
  return [
    topics.conversation(''),
    idsOf(logTopics, topics.conversation),
    topics.inbox(''),
    idsOf(logTopics, topics.inbox),
  ];
}

function idsOf(logTopics: readonly string[], topicOf: (id: string) => string): string[] {
  const prefix = topicOf('');
  return logTopics
    .filter((topic) => topic.startsWith(prefix))
    .map((topic) => topic.slice(prefix.length));
}
