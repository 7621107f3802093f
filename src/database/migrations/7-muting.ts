import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/**
 * Notifies nobody late of a conversation that they have muted by then. The function takes and
 * returns the same as before, so nodes of the version before call it as well.
 */
export class Muting1764000000007 implements MigrationInterface {
  name = 'Muting1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readSql('7-muting/notify_late.sql'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function notify_late(uuid, text, integer)');
    await runner.query('drop function notify_late(uuid, text, integer, integer)');
    await runner.query(readSql('3-functions/notify_late.sql'));
  }
}
