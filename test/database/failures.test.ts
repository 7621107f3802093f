import { connect } from 'node:net';
import { QueryFailedError } from 'typeorm';
import { asDomainError } from '../../src/database/failures';
import { UnavailableError } from '../../src/errors';

function errorOf(code: string, message = 'failed'): Error {
  return Object.assign(new Error(message), { code });
}

describe('what a database error means', () => {
  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENETDOWN',
    'ECONNABORTED',
    'EAI_AGAIN',
  ])('no connection, whatever the system calls it: %s', (code) => {
    expect(asDomainError(errorOf(code))).toBeInstanceOf(UnavailableError);
    expect(asDomainError(errorOf(code), { commit: true })).toMatchObject({
      extensions: { outcome: 'UNKNOWN' },
    });
    expect(asDomainError(new QueryFailedError('select 1', [], errorOf(code)))).toBeInstanceOf(
      UnavailableError,
    );
  });

  test('a port where nobody listens', async () => {
    const refused = await new Promise((resolve) =>
      connect({ host: 'localhost', port: 1 }).once('error', resolve),
    );
    expect(asDomainError(refused)).toBeInstanceOf(UnavailableError);
  });

  test.each(['57P01', '53300', '08006', '57014', '55P03', '25006'])(
    'the server is going, full or too slow: %s',
    (code) => {
      expect(asDomainError(errorOf(code))).toBeInstanceOf(UnavailableError);
    },
  );

  test.each(['23505', '42P01', '22P02', 'ERR_INVALID_ARG_TYPE'])(
    'a defect stays what it is: %s',
    (code) => {
      const error = errorOf(code);
      expect(asDomainError(error)).toBe(error);
    },
  );
});
