import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/**
 * Remembers the database's timeline, by which nodes see that the database failed over. Nodes of
 * before read the log epoch as they did, and need nothing of it.
 */
export class Timeline1764000000005 implements MigrationInterface {
  name = 'Timeline1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readSql('5-timeline.sql'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function note_timeline, current_timeline');
    await runner.query('alter table installation drop column timeline');
  }
}
