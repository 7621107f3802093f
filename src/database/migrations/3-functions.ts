import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/** The files in the order in which they run. Each stands behind those whose functions it calls. */
const FILES = [
  'offers_pending_of_conversation',
  'created_sequence',
  'append_event',
  'may_write',
  'send_messages_of_before',
  'send_messages',
  'settled_for',
  'forget_viewing',
  'notify_late',
  'end_participation',
  'mark_notifications_read',
  'notify_user',
];

/** Functions of migration 2 that the files replace. */
const REPLACED = ['append_event', 'notify_late'];

/** Undoes the files, the last one first. */
const UNDO = [
  'drop function notify_user',
  'drop function mark_notifications_read',
  'drop function end_participation',
  'drop function notify_late(uuid, text, integer, integer)',
  'drop function notify_late(uuid, text, integer)',
  'drop function forget_viewing',
  'drop function settled_for',
  'drop function send_messages(uuid, text[], jsonb)',
  'drop function send_messages(uuid, text[], jsonb, boolean)',
  'alter function send_messages_of_before rename to send_messages',
  'drop function may_write',
  `drop function append_event`,
  'drop function created_sequence',
  'drop index offers_pending_of_conversation',
];

/**
 * Creates further functions that write in one round trip.
 *
 * Nodes of the version before still run while nodes are replaced one by one. So the functions that
 * they call stay, or are replaced by some that take and return the same. A later migration drops
 * those that no node calls any more.
 */
export class Functions1764000000003 implements MigrationInterface {
  name = 'Functions1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const file of FILES) await runner.query(readSql(`3-functions/${file}.sql`));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of UNDO) await runner.query(statement);
    for (const name of REPLACED) await runner.query(readSql(`2-functions/${name}.sql`));
  }
}
