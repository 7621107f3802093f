/**
 * Waits for work that may take long, and no longer than until the signal is aborted. The work
 * itself goes on, and its result or error is then dropped.
 *
 * @returns the result of the work
 * @throws what the work throws, or the reason of the signal
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
