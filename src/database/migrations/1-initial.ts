import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/**
 * The tables of people, conversations, messages, offers, the log, and everyone's inbox. Constraints
 * make a wrong state impossible even where code is wrong: a sequence or a version twice, a second
 * conversation of a pair, a message of somebody who never took part, an offer whose parties are not
 * two.
 *
 * Times are timestamptz(3): milliseconds, as JavaScript and the API show them, so a cursor made of
 * a time is exact.
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
