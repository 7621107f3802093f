import { Seat } from '../../src/delivery/seat';
import { SourceIterator } from '../../src/delivery/source.iterator';
import { LogTopic } from '../../src/delivery/topic';
import { UnavailableError } from '../../src/errors';
import type { LogEvent } from '../../src/events';
import { openLogbook } from '../support/logbook';

const HEAD = 3;

function logged(sequence: number): LogEvent {
  return { name: 'log.appended', sequence, kind: 'MESSAGE_ADDED' } as LogEvent;
}

test('a log that is known to be longer is read again when that failed, though nobody tells of it once more', async () => {
  const reads: number[][] = [];
  const topic = new LogTopic(async (positions) => {
    reads.push([...positions]);
    if (reads.length === 1) throw new UnavailableError();
    return [{ events: [logged(2), logged(3)], reached: HEAD }];
  }, openLogbook().logger);
  topic.open(1);
  const seat = new Seat({ accepts: () => true }, 1, null, { remove() {} });
  topic.seats.add(seat);
  const events = new SourceIterator(seat);
  topic.noteHead(HEAD);
  expect((await events.next()).value).toEqual(logged(2));
  expect((await events.next()).value).toEqual(logged(HEAD));
  expect(reads).toEqual([[1], [1]]);
  topic.close();
});

test('what the log is known to hold since its reading began is read, too', async () => {
  const reads: number[][] = [];
  const topic: LogTopic = new LogTopic(async ([after]) => {
    reads.push([after!]);
    if (reads.length === 1) topic.noteHead(HEAD);
    return [{ events: [logged(after! + 1)], reached: after! + 1 }];
  }, openLogbook().logger);
  topic.open(1);
  const seat = new Seat({ accepts: () => true }, 1, null, { remove() {} });
  topic.seats.add(seat);
  const events = new SourceIterator(seat);
  topic.noteHead(2);
  expect((await events.next()).value).toEqual(logged(2));
  expect((await events.next()).value).toEqual(logged(HEAD));
  expect(reads).toEqual([[1], [2]]);
  topic.close();
});
