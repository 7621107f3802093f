import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readSql } from './sql';

/**
 * Remembers from when on a user's tokens are accepted. Nodes of before do not read it: a token that
 * is revoked during an upgrade is refused there once they run this version.
 */
export class Revocation1764000000006 implements MigrationInterface {
  name = 'Revocation1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readSql('6-revocation.sql'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop column tokens_valid_from');
  }
}
