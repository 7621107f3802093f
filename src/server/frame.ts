const FIN_AND_TEXT = 0x81;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A ping without words, as a frame (RFC 6455, section 5.5.2). */
export const PING_FRAME = Buffer.from([0x89, 0]);

/**
 * A text message of WebSocket as one frame, unmasked, as servers send it (RFC 6455, section 5.2).
 *
 * @param start ASCII
 * @param rest UTF-8, after `start`
 * @param spare a frame of the same `rest` that nobody needs any more: it is written over where it has the right length
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

/** A whole text as such a frame. */
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
