/** The fields of one protobuf message, by their number, in the order in which they came. */
export type Fields = Map<number, Value[]>;
type Value = bigint | Buffer;

/** Reads a message without its schema: numbers as they are, everything else as bytes. */
export function readFields(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const slice = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const read: Record<number, () => Value> = {
      0: varint,
      1: () => slice(8),
      2: () => slice(Number(varint())),
      5: () => slice(4),
    };
    const value = read[tag & 7]!();
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

/** The messages within a field. */
export function messagesIn(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).map((value) => readFields(value as Buffer));
}

export function bytesIn(fields: Fields, number: number): Buffer {
  return (fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
}

export function numberIn(fields: Fields, number: number): number {
  return Number(fields.get(number)?.[0] ?? 0);
}
