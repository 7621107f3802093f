/**
 * Makes the system give up a name server that does not answer after 2 s instead of 10. A
 * connection is not waited for any longer, and a lookup under way also holds up the end of the
 * process, because it cannot be broken off. A value that the operator has set remains.
 */
export function limitLookups(): void {
  process.env.RES_OPTIONS ??= 'timeout:1 attempts:2';
}
