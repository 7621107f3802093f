/**
 * Makes the system give up a name server that does not answer after 2 s instead of 10. No part of
 * Parley waits longer for a connection, and a lookup under way also holds up the end of the
 * process, because no one can break it off. A value that the operator has set remains.
 */
export function limitLookups(): void {
  process.env.RES_OPTIONS ??= 'timeout:1 attempts:2';
}
