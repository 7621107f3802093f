import { type HintStream, StateHints } from '../../delivery/hint.stream';
import { topics } from '../../events';
import type { Inbox } from '../../notification/notification.entity';
import { requireUser } from '../../people/caller';
import type { Context } from '../context';
import { GATHER_MS, hintFailure, hintSeat, named } from './seat.options';

/** The caller's badges as they change, at most once in 100 ms. */
export async function inboxStream(context: Context): Promise<HintStream<Inbox>> {
  const { userId } = requireUser(context.caller);
  const { delivery, notifications } = context.services;
  const accepts = named('inbox.appended', 'log.appended', 'participation.changed');
  const seat = await delivery.hub.subscribe([topics.user(userId)], hintSeat(context, accepts));
  let told = '';
  return new StateHints(seat, hintFailure(context), {
    windowMs: GATHER_MS,
    // There is one inbox, so all changes have the same key.
    changeOf: () => ['inbox', true] as const,
    merge: () => true,
    lookUp: async () => {
      const [inbox] = await notifications.inboxes([userId]);
      const state = JSON.stringify(inbox);
      if (state === told) return [];
      told = state;
      return [inbox!];
    },
  });
}
