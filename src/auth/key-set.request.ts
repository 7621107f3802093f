import { reasonOf } from '../runtime/blame';
import { type PublishedKey, parseKeySet } from './key-set';

/** The time for the whole answer. */
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1024;
/** Statuses of the class 4xx that pass: timeout, too early, too many requests. */
const PASSING = [408, 425, 429];

/** Errors that only another URL, or another certificate, ends: no such host, TLS, no HTTP. */
const LASTING =
  /^(ENOTFOUND|EPROTO|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HPE_|Z_|bad port)/;

/**
 * The provider did not answer with a key set. The message is the reason, and names no address.
 */
export class KeySetError extends Error {
  /** @param lasting true when it looks as if the URL were wrong, and not the provider away */
  constructor(
    message: string,
    readonly lasting: boolean,
  ) {
    super(message);
  }
}

/**
 * Requests a key set. Its type of content does not matter. A redirection is not followed, because
 * it would lead to an address that no setting names.
 *
 * @param signal breaks the request off
 * @throws {KeySetError} when there is no key set within 3 s and 256 KiB
 */
export async function requestKeySet(url: string, signal: AbortSignal): Promise<PublishedKey[]> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let text: string;
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/jwk-set+json, application/json' },
      signal: AbortSignal.any([signal, timeout]),
    });
    await refuseStatus(response);
    text = await limitedText(response);
  } catch (error) {
    if (error instanceof KeySetError) throw error;
    if (timeout.aborted) throw new KeySetError('no answer in time', false);
    const { cause = error } = error as Error;
    const reason = String((cause as { code?: unknown }).code ?? reasonOf(cause));
    throw new KeySetError(reason, LASTING.test(reason));
  }
  const keys = parseKeySet(text);
  if (typeof keys === 'string') throw new KeySetError(keys, true);
  return keys;
}

async function refuseStatus(response: Response): Promise<void> {
  const { status } = response;
  if (status === 200) return;
  await response.body?.cancel();
  throw new KeySetError(`status ${status}`, status < 500 && !PASSING.includes(status));
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > MAX_BYTES) throw new KeySetError(`the answer exceeds ${MAX_BYTES} bytes`, true);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}
