const FIN_AND_TEXT = 0x81;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A ping frame without a payload (RFC 6455, section 5.5.2). */
export const PING_FRAME = Buffer.from([0x89, 0]);

/**
 * Builds a ping frame with a payload of at most 125 ASCII characters. The pong that answers it has
 * the same payload.
 */
export function pingFrame(payload: string): Buffer {
  return Buffer.from(`\x89${String.fromCharCode(payload.length)}${payload}`, 'latin1');
}

/**
 * Builds a text message as one unmasked frame, as a server sends it (RFC 6455, section 5.2).
 *
 * @param start the beginning of the text, in ASCII
 * @param rest the text after `start`, in UTF-8
 * @param spare a frame with the same `rest` that is no longer in use. It is overwritten and
 *   returned when its length fits, so that `rest` need not be copied again
 */
export function textFrame(start: string, rest: Buffer, spare: Buffer | null = null): Buffer {
  const length = start.length + rest.length;
  const headLength = headLengthOf(length);
  const isOfUse = spare?.length === headLength + length;
  const frame = isOfUse ? spare : emptyFrame(headLength, length);
  frame.write(start, headLength, 'latin1');
  if (!isOfUse) frame.set(rest, headLength + start.length);
  return frame;
}

/** Builds such a frame from a whole text. */
export function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = headLengthOf(length);
  const frame = emptyFrame(headLength, length);
  frame.write(text, headLength);
  return frame;
}

function headLengthOf(length: number): number {
  return length < LENGTH_IN_2_BYTES ? 2 : length < 2 ** 16 ? 4 : 10;
}

function emptyFrame(headLength: number, length: number): Buffer {
  const frame = Buffer.allocUnsafe(headLength + length);
  frame[0] = FIN_AND_TEXT;
  if (headLength === 2) frame[1] = length;
  else if (headLength === 4) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return frame;
}
