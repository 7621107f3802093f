import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/**
 * Creates the tables of users, conversations, messages, offers, the log, and each user's inbox.
 *
 * Constraints refuse a wrong state even where the code is wrong:
 *
 * - the same sequence or version twice,
 * - a second conversation of the same pair about the same listing,
 * - a message of a user who never took part in the conversation,
 * - an offer that is not between two different participants.
 *
 * Times are timestamptz(3). They have milliseconds, like those of JavaScript and the API, so a
 * cursor that holds a time is exact.
 */
export class Initial1764000000001 implements MigrationInterface {
  name = 'Initial1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readSql('1-initial.sql'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table notifications, inboxes, blocks, conversation_events, offer_transitions, offers,
         messages, participants, conversations, users, installation`,
    );
    await runner.query('drop function open_inbox');
  }
}
