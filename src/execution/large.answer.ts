/**
 * Answers that are too large to be serialised at once.
 *
 * Serialising some megabytes keeps the event loop busy for tens of milliseconds. So the data of a
 * large answer is serialised in portions (`runtime/portions`) as soon as it is complete. What is
 * handed on is a {@link LargePart} in its place. The libraries of both transports serialise the
 * message around it, in which it leaves a mark. {@link withLargeParts} then puts the text there.
 */
import { randomUUID } from 'node:crypto';
import { portions } from '../runtime/portions';

/** Data with fewer values is serialised at once. */
const LARGE_VALUES = 500;
/** Characters of text that are made before others have their turn. */
const PORTION_CHARACTERS = 128 * 1024;

/** Begins each mark. No client can know it, so no text of a client is taken for a mark. */
const SECRET = randomUUID();
const MARK = new RegExp(`"${SECRET} (\\d+)"`);

/** The texts whose marks were serialised, until they are put in place. */
const marked = new Map<number, string>();
let marks = 0;

/** A part of an answer that is serialised already. */
export class LargePart {
  constructor(readonly text: string) {}

  toJSON(): string {
    marked.set(++marks, this.text);
    return `${SECRET} ${marks}`;
  }
}

/** Returns the message with the text of its large part in place, if it has one. */
export function withLargeParts<Message>(message: Message): Message | string {
  if (marked.size === 0 || typeof message !== 'string') return message;
  const mark = MARK.exec(message);
  if (!mark) return message;
  const number = Number(mark[1]);
  const text = marked.get(number)!;
  marked.delete(number);
  return message.slice(0, mark.index) + text + message.slice(mark.index + mark[0].length);
}

/** Returns the data as it is, or as a part that was serialised in portions when it is large. */
export async function inPortions(data: unknown): Promise<unknown> {
  return isLarge(data) ? new LargePart(await new Serialisation().textOf(data)) : data;
}

/** True for at least 500 values. */
export function isLarge(data: unknown): boolean {
  let count = 0;
  const open = [data];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const values = Array.isArray(value) ? value : Object.values(value);
    count += values.length;
    if (count >= LARGE_VALUES) return true;
    for (const one of values) open.push(one);
  }
  return false;
}

/** One serialisation, as JSON.stringify makes it of plain data. */
class Serialisation {
  private readonly parts: string[] = [];
  /** Characters since the last pause. */
  private characters = 0;

  async textOf(data: unknown): Promise<string> {
    await this.add(data);
    return this.parts.join('');
  }

  private async add(value: unknown): Promise<void> {
    if (!isLarge(value)) return this.write(JSON.stringify(value) ?? 'null');
    const isList = Array.isArray(value);
    let separator = isList ? '[' : '{';
    for (const [key, one] of Object.entries(value as object)) {
      if (!isList && one === undefined) continue;
      await this.write(isList ? separator : `${separator}${JSON.stringify(key)}:`);
      await this.add(one);
      separator = ',';
    }
    await this.write(isList ? ']' : '}');
  }

  private write(text: string): Promise<void> | void {
    this.parts.push(text);
    this.characters += text.length;
    if (this.characters < PORTION_CHARACTERS) return;
    this.characters = 0;
    return portions.wait(this);
  }
}
