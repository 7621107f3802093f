import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import fc from 'fast-check';
import type { Pool } from 'pg';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  ArchiveConversationDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  DeclineOfferDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MarkNotificationsReadDocument,
  MarkReadDocument,
  ReviseOfferDocument,
  SendMessageDocument,
  StartConversationDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';

/** What people do, and how often beside one another. */
const WEIGHTS = {
  send: 30,
  edit: 6,
  delete: 4,
  read: 12,
  archive: 5,
  start: 2,
  add: 5,
  leave: 3,
  offer: 6,
  answer: 16,
  notifications: 5,
  /** Comes or goes with a device; what that is, is the test's to say. */
  come: 4,
};

/** One thing that somebody does; the numbers choose among what there is at that moment. */
export interface Step {
  do: keyof typeof WEIGHTS;
  who: number;
  which: number;
  how: number;
}

/** A mutation to be asked for, by whatever client. */
export interface Deed {
  document: TypedDocumentNode<unknown, { input: object }>;
  input: object;
}

const LISTINGS = 4;

/** The same for the same seed. */
export function scriptOf(seed: number, length: number, people: number): Step[] {
  const deeds = Object.entries(WEIGHTS).map(([deed, weight]) => ({
    weight,
    arbitrary: fc.constant(deed as Step['do']),
  }));
  const step = fc.record({
    do: fc.oneof(...deeds),
    who: fc.nat(people - 1),
    which: fc.nat(1_000),
    how: fc.nat(1_000),
  });
  return fc.sample(step, { seed, numRuns: length });
}

/** Chooses, from what is in the database, what exactly somebody does. */
export class Deeds {
  constructor(
    private readonly database: Pool,
    private readonly people: readonly string[],
  ) {}

  /** Null: there is nothing that they could do so at this moment. */
  async choose(step: Step): Promise<Deed | null> {
    const userId = this.people[step.who]!;
    switch (step.do) {
      case 'start':
        return this.start(userId, step);
      case 'answer':
        return this.answer(userId, step);
      case 'notifications':
        return this.notifications(userId, step);
      case 'come':
        return null;
      default:
        return this.inConversation(userId, step);
    }
  }

  private async inConversation(userId: string, step: Step): Promise<Deed | null> {
    const own = await this.pick<Own>(
      step.which,
      `select c.id, c.kind, c.last_sequence as last, p.joined_sequence as joined, p.last_read_sequence as read,
         array(select user_id from participants o where o.conversation_id = c.id and o.left_at is null
           and o.user_id <> $1 order by 1) as others
       from participants p join conversations c on c.id = p.conversation_id
       where p.user_id = $1 and p.left_at is null order by c.id`,
      [userId],
    );
    if (!own) return null;
    const conversationId = own.id;
    const other = own.others[step.how % own.others.length];
    const absent = this.people.find((id) => id !== userId && !own.others.includes(id));
    if (step.do === 'send')
      return deed(SendMessageDocument, { conversationId, content: `words ${step.how}` });
    if (step.do === 'archive')
      return deed(ArchiveConversationDocument, { conversationId, archived: step.how % 3 > 0 });
    if (step.do === 'leave') return deed(LeaveConversationDocument, { conversationId });
    if (step.do === 'read') {
      const sequence = own.read + (step.how % (own.last - own.read + 1));
      return deed(MarkReadDocument, { conversationId, sequence });
    }
    if (step.do === 'add')
      return own.kind === 'GROUP' && absent
        ? deed(AddParticipantDocument, { conversationId, userId: absent })
        : null;
    if (step.do === 'offer')
      return other === undefined
        ? null
        : deed(CreateOfferDocument, {
            conversationId,
            recipientId: other,
            items: terms(userId, step),
          });
    return this.change(userId, step, own);
  }

  private async change(userId: string, step: Step, { id, joined }: Own): Promise<Deed | null> {
    const message = await this.pick<{ id: string }>(
      step.how,
      `select id from messages where conversation_id = $1 and sender_id = $2 and sequence > $3 and deleted_at is null
       order by sequence desc limit 5`,
      [id, userId, joined],
    );
    if (!message) return null;
    return step.do === 'edit'
      ? deed(EditMessageDocument, { messageId: message.id, content: `other words ${step.how}` })
      : deed(DeleteMessageDocument, { messageId: message.id });
  }

  private async start(userId: string, { which, how }: Step): Promise<Deed> {
    const others = this.people.filter((id) => id !== userId);
    const participantIds = how % 3 === 0 ? others : [others[which % others.length]!];
    return deed(StartConversationDocument, {
      participantIds,
      listingId: `listing ${how % LISTINGS}`,
    });
  }

  private async answer(userId: string, step: Step): Promise<Deed | null> {
    const offer = await this.pick<{
      id: string;
      version: number;
      status: string;
      proposes: boolean;
    }>(
      step.which,
      `select id, version, status, proposer_id = $1 as proposes from offers
       where $1 in (proposer_id, recipient_id) and status in ('PENDING', 'ACCEPTED') order by created_at desc, id limit 6`,
      [userId],
    );
    if (!offer) return null;
    const input = { offerId: offer.id, version: offer.version };
    const items = terms(userId, step);
    if (offer.status === 'ACCEPTED')
      return deed(step.how % 3 === 0 ? CancelOfferDocument : ConfirmCompletionDocument, input);
    if (offer.proposes)
      return step.how % 2 === 0
        ? deed(WithdrawOfferDocument, input)
        : deed(ReviseOfferDocument, { ...input, items });
    if (step.how % 3 === 0) return deed(CounterOfferDocument, { ...input, items });
    return deed(step.how % 3 === 1 ? AcceptOfferDocument : DeclineOfferDocument, input);
  }

  private async notifications(userId: string, { which, how }: Step): Promise<Deed | null> {
    const one = await this.pick<{ id: string; sequence: number }>(
      which,
      'select id, sequence from notifications where user_id = $1 and read_at is null order by sequence',
      [userId],
    );
    if (!one) return null;
    return deed(
      MarkNotificationsReadDocument,
      how % 2 === 0 ? { ids: [one.id] } : { throughSequence: one.sequence },
    );
  }

  private async pick<T>(number: number, sql: string, values: unknown[]): Promise<T | null> {
    const { rows } = await this.database.query(sql, values);
    return rows.length === 0 ? null : rows[number % rows.length];
  }
}

interface Own {
  id: string;
  kind: 'PAIR' | 'GROUP';
  last: number;
  joined: number;
  read: number;
  others: string[];
}

function terms(giverId: string, { how }: Step) {
  return [{ giverId, kind: 'CREDITS' as const, amount: how + 1 }];
}

export function deed<I extends object>(
  document: TypedDocumentNode<unknown, { input: I }>,
  input: I,
): Deed {
  return { document: document as unknown as Deed['document'], input };
}
