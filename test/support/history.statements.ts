import type { DataSource } from 'typeorm';
import { MemoryBus } from '../../src/bus/bus.memory';
import { ConversationAccess } from '../../src/conversation/conversation.access';
import { ConversationReader } from '../../src/conversation/conversation.reader';
import { ParticipationService } from '../../src/conversation/participation.service';
import { queryableOf } from '../../src/database/data-source';
import { type PageArguments, pageRequest } from '../../src/database/page';
import { Transactions } from '../../src/database/transaction';
import { ConversationLog } from '../../src/log/conversation.log';
import { InboxLog } from '../../src/log/inbox.log';
import { createLogger } from '../../src/logger';
import { MESSAGES, MessageReader } from '../../src/message/message.reader';
import { MessageWriter } from '../../src/message/message.writer';
import { Badges } from '../../src/notification/badges';
import { NotificationService } from '../../src/notification/notification.service';
import { OfferStatus } from '../../src/offer/offer.entity';
import { OfferReader } from '../../src/offer/offer.reader';
import { OfferRecords } from '../../src/offer/offer.records';
import { BlockService } from '../../src/people/block.service';
import type { Caller } from '../../src/people/caller';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { type Histories, partner, reader, roomId, type Size, sleeper } from './histories';

/** Each statement (or few) of Parley whose rows are some of a history, as the service that sends it. */
export type HistoryStatements = Record<string, (size: Size) => Promise<unknown>>;

const PAGE: PageArguments = { first: 20 };
/** So few that as many follow the middle of the shortest history. */
const SHORT: PageArguments = { first: 5 };
const PENDING = [OfferStatus.PENDING];

function caller(userId: string): Caller {
  return { kind: 'user', userId } as Caller;
}

interface Parts {
  access: ConversationAccess;
  transactions: Transactions;
  conversations: ConversationReader;
  participations: ParticipationService;
  messages: MessageReader;
  writer: MessageWriter;
  notifications: NotificationService;
  offers: OfferReader;
  records: OfferRecords;
  blocks: BlockService;
  log: ConversationLog;
  inboxLog: InboxLog;
}

function partsOf(dataSource: DataSource): Parts {
  const database = queryableOf(dataSource);
  const logger = createLogger('silent');
  const transactions = new Transactions(dataSource, logger);
  const bus = new MemoryBus(logger);
  const inboxLog = new InboxLog(database, bus);
  const log = new ConversationLog(database, bus, inboxLog);
  const access = new ConversationAccess(database, transactions);
  const options = { redisUrl: null, keyPrefix: '', refusedPerMinute: 1, logger };
  const none = new RateLimits(options).of('none', [{ limit: Number.MAX_SAFE_INTEGER, seconds: 1 }]);
  return {
    access,
    transactions,
    conversations: new ConversationReader(database),
    participations: new ParticipationService(transactions, access, inboxLog, bus),
    messages: new MessageReader(database),
    writer: new MessageWriter(transactions, log, async () => []),
    notifications: new NotificationService(
      database,
      transactions,
      inboxLog,
      new Badges(database, transactions, logger),
    ),
    offers: new OfferReader(database),
    records: new OfferRecords(log),
    blocks: new BlockService(database, transactions, bus, none),
    log,
    inboxLog,
  };
}

/** The statements, ready to be sent. Pages "in the middle" begin behind half of the history. */
export async function historyStatements(
  dataSource: DataSource,
  histories: Histories,
): Promise<HistoryStatements> {
  const parts = partsOf(dataSource);
  return {
    ...(await listsOf(parts, histories)),
    ...peopleOf(parts, histories),
    ...roomOf(parts, histories),
  };
}

async function listsOf(parts: Parts, histories: Histories): Promise<HistoryStatements> {
  const { conversations, notifications, offers } = parts;
  const of = (size: Size) => caller(reader(size));
  const conversation = await cursors(histories, (size, page) =>
    conversations.list(of(size), false, page),
  );
  const notification = await cursors(histories, (size, page) =>
    notifications.list(of(size), false, page),
  );
  const offer = await cursors(histories, (size, page) => offers.listOf(of(size), null, page));
  return {
    'conversations: first page': (size) => conversations.list(of(size), false, PAGE),
    'conversations: page in the middle': (size) =>
      conversations.list(of(size), false, { ...SHORT, after: conversation[size] }),
    'conversations: archived, of which there are none': (size) =>
      conversations.list(of(size), true, PAGE),
    'notifications: first page': (size) => notifications.list(of(size), false, PAGE),
    'notifications: page in the middle': (size) =>
      notifications.list(of(size), false, { ...SHORT, after: notification[size] }),
    'notifications: unread': (size) => notifications.list(of(size), true, PAGE),
    'offers: first page': (size) => offers.listOf(of(size), null, PAGE),
    'offers: page in the middle': (size) =>
      offers.listOf(of(size), null, { ...SHORT, after: offer[size] }),
    'offers: pending, the oldest five': (size) => offers.listOf(of(size), PENDING, PAGE),
    'notifications: events in the middle': (size) =>
      parts.inboxLog.source(reader(size)).read([Math.floor(histories[size] / 2)], 5),
    'badges, five unread': (size) => notifications.inboxes([reader(size)]),
    'badges, all unread': (size) => notifications.inboxes([sleeper(size)]),
    'mark no notification read, all unread': (size) =>
      notifications.markRead(caller(sleeper(size)), { ids: [] }),
  };
}

function peopleOf({ conversations, blocks }: Parts, histories: Histories): HistoryStatements {
  return {
    'shared with a stranger': (size) =>
      conversations.areSharing([{ one: reader(size), other: 'stranger' }]),
    'shared with the oldest partner': (size) =>
      conversations.areSharing([{ one: reader(size), other: partner(histories[size] - 1) }]),
    'the stranger shares with them': (size) =>
      conversations.areSharing([{ one: 'stranger', other: reader(size) }]),
    'recent partners, 20': (size) => conversations.recentPartners(reader(size), 20),
    'blocked or not': (size) => blocks.areBetween([{ one: reader(size), other: partner(0) }]),
  };
}

function roomOf(parts: Parts, histories: Histories): HistoryStatements {
  const { access, transactions, conversations, messages, offers, log, writer } = parts;
  const scope = (size: Size) => [{ conversationId: roomId(size), joinedSequence: 0 }];
  const offerScope = (size: Size) => ({ ...scope(size)[0]!, userId: null });
  const middle = (size: Size) => Math.floor(histories[size] / 2);
  const newest = pageRequest(MESSAGES, { last: 20 });
  const message = (size: Size) => ({
    id: crypto.randomUUID(),
    senderId: reader(size),
    content: 'Noon?',
    attachments: [],
    replyToId: null,
    clientMessageId: null,
    inputHash: null,
  });
  return {
    'room: access': (size) => access.read(caller(reader(size)), roomId(size)),
    'room: participants': (size) => conversations.participantsOf([roomId(size)]),
    'room: lock': (size) =>
      transactions.run((transaction) =>
        access.lock(transaction, caller(reader(size)), roomId(size), { acrossBlock: false }),
      ),
    'room: accepted offers of one': (size) =>
      transactions.run((transaction) =>
        parts.records.hasAccepted(transaction, roomId(size), partner(0)),
      ),
    'room: last message': (size) => messages.lastMessages(scope(size)),
    'room: unread count': (size) =>
      messages.unreadCounts([
        { conversationId: roomId(size), userId: reader(size), sequence: histories[size] - 10 },
      ]),
    'room: late notice': (size) => parts.notifications.notifyLate(roomId(size), reader(size), null),
    'room: messages, newest page': (size) => messages.pages(scope(size), newest),
    'room: events in the middle': (size) =>
      log.readMany([{ conversationId: roomId(size), after: middle(size) - 1 }], 5),
    'room: offers, first page': (size) => offers.pages([offerScope(size)], null, PAGE),
    'room: offers, pending, the oldest five': (size) =>
      offers.pages([offerScope(size)], PENDING, PAGE),
    'room: mark read': (size) =>
      parts.participations.markRead(caller(reader(size)), roomId(size), 1),
    'room: send': (size) => writer.send(roomId(size), message(size)),
  };
}

/** The cursor behind half of each list. */
async function cursors(
  histories: Histories,
  read: (size: Size, page: PageArguments) => Promise<{ edges: { cursor: string }[] }>,
): Promise<Record<Size, string>> {
  const found = { few: '', many: '' };
  for (const size of ['few', 'many'] as const) {
    let after: string | null = null;
    for (let left = histories[size] / 2; left > 0; left -= 100) {
      const { edges } = await read(size, { first: Math.min(left, 100), after });
      after = edges.at(-1)!.cursor;
    }
    found[size] = after!;
  }
  return found;
}
