const PREFIX = Buffer.from('"#m');
const DIGITS = 9;
const WORDS =
  ' Is the bicycle still there? I could come by on Saturday around noon, if that suits you.';

/** What the load says: the event's number, by which its deliveries are known, and words of usual length. */
export function contentOf(event: number): string {
  return `#m${String(event).padStart(DIGITS, '0')}${WORDS}`;
}

/** The number of the event whose content stands in this part of the buffer; -1 when there is none. */
export function eventIn(buffer: Buffer, start: number, end: number): number {
  const place = buffer.indexOf(PREFIX, start);
  if (place === -1 || place >= end) return -1;
  let event = 0;
  for (let index = place + PREFIX.length; index < place + PREFIX.length + DIGITS; index++)
    event = event * 10 + buffer[index]! - 48;
  return event;
}
