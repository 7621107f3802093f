import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/** The triggers stand before the rows that are there already, so that none is missed. */
const FILES = [
  'indexes',
  'list_entries',
  'keep_list_entry',
  'move_list_entries',
  'settle_list_entries',
  'fill',
];

/**
 * Adds the indexes, and the table of list entries, by which a statement reads as much of a long
 * history as of a short one (docs/performance.md).
 *
 * List entries are kept by triggers, so nodes of an earlier version keep them as well.
 */
export class Plans1764000000004 implements MigrationInterface {
  name = 'Plans1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const name of FILES) await runner.query(readSql(`4-plans/${name}.sql`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger conversations_list_entries on conversations');
    await runner.query('drop trigger participants_list_entry on participants');
    await runner.query('drop trigger participants_list_entry_changed on participants');
    await runner.query(
      'drop function settle_list_entries, move_list_entries, keep_list_entry, minute_of',
    );
    await runner.query('drop table list_entries');
    await runner.query('alter table conversations drop column entries_settled');
    await runner.query(
      `drop index participants_present, offers_of_conversation_by_status,
         offers_of_initiator_by_status, offers_of_responder_by_status`,
    );
  }
}
