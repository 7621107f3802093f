import { type HintStream, StateHints } from '../../delivery/hint.stream';
import { type BusEvent, topics } from '../../events';
import { requireUser } from '../../people/caller';
import type { Context } from '../context';
import { GATHER_MS, hintFailure, hintSeat, named } from './seat.options';

/** A conversation of the caller's list, and how it changed. */
export interface ListChange {
  change: 'ADDED' | 'UPDATED' | 'REMOVED';
  conversationId: string;
}

/** The caller's list of conversations as it changes, each conversation at most once in 100 ms. */
export async function conversationListStream(context: Context): Promise<HintStream<ListChange>> {
  const { userId } = requireUser(context.caller);
  const { conversations, delivery } = context.services;
  const accepts = named('conversation.started', 'log.appended', 'participation.changed');
  const seat = await delivery.hub.subscribe([topics.user(userId)], hintSeat(context, accepts));
  return new StateHints<boolean, ListChange>(seat, hintFailure(context), {
    windowMs: GATHER_MS,
    changeOf: (event) =>
      'conversationId' in event && event.conversationId !== null
        ? [event.conversationId, isAddition(event, userId)]
        : null,
    merge: (earlier, later) => earlier || later,
    lookUp: async (changes) => {
      const present = await conversations.reader.participantsOf([...changes.keys()]);
      return [...changes].map(([conversationId, isNew], index): ListChange => {
        const isThere = present[index]!.some((participant) => participant.userId === userId);
        return { conversationId, change: isThere ? (isNew ? 'ADDED' : 'UPDATED') : 'REMOVED' };
      });
    },
  });
}

function isAddition(event: BusEvent, userId: string): boolean {
  if (event.name === 'conversation.started') return true;
  return (
    event.name === 'log.appended' &&
    event.kind === 'PARTICIPANT_ADDED' &&
    event.participantId === userId
  );
}
