import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/**
 * Indexes the keys of the platform's notifications alone. The same keys are refused as before, so
 * nodes of the version before go on.
 */
export class Deduplication1764000000008 implements MigrationInterface {
  name = 'Deduplication1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readSql('8-deduplication.sql'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notifications add unique (user_id, deduplication_key)');
    await runner.query('drop index notifications_deduplicated');
  }
}
