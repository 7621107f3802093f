import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/** The functions in the order of their creation. Each stands behind those that it calls. */
const FUNCTIONS = [
  'time_ordered_id',
  'is_blocked',
  'notify',
  'append_event',
  'read_new_messages',
  'read_in_leaving',
  'mark_read',
  'notify_late',
  'record_offer',
  'expire_offer',
  'send_messages',
];

/**
 * Creates the functions that write in one round trip.
 *
 * A function that needs a lock takes it in a statement of its own, and reads in later statements.
 * Their snapshots are younger than the lock, so they see what was committed while the function
 * waited for it (decision 2). Locks are taken in the order of ARCHITECTURE.md: conversation, offer,
 * participant, then inboxes by user id.
 */
export class Functions1764000000002 implements MigrationInterface {
  name = 'Functions1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS) await runner.query(readSql(`2-functions/${name}.sql`));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...FUNCTIONS].reverse()) await runner.query(`drop function ${name}`);
  }
}
