import { FollowedStream } from '../../delivery/followed.stream';
import { ResyncRequiredError } from '../../errors';
import type { InboxEvent } from '../../events';
import { checkSequence } from '../../input/sequence';
import type { Notification } from '../../notification/notification.entity';
import { requireUser } from '../../people/caller';
import type { Context } from '../context';
import { atPosition } from './position';
import { followedSeat, named } from './seat.options';

/**
 * The caller's notifications that are new or have changed, in order and once, from now on or after
 * a position. Each comes in its newest state, at the sequence of that state: the sequences that it
 * had before are left out.
 *
 * @throws {ForbiddenError} a service token, which has no inbox
 * @throws {ResyncRequiredError} `after` is beyond the inbox' head
 * @throws {BadUserInputError} `after` is negative
 */
export async function notificationStream(
  context: Context,
  after: number | null,
): Promise<FollowedStream<InboxEvent, Notification, Context>> {
  const { userId } = requireUser(context.caller);
  const { delivery } = context.services;
  checkSequence('after', after);
  const seat = await atPosition(context, after, async () => {
    const head = await delivery.inboxLog.head(userId);
    if (after !== null && after > head) throw new ResyncRequiredError(head);
    return delivery.hub.subscribeLog(
      delivery.inboxLog.source(userId),
      { position: after ?? head, replay: after !== null },
      followedSeat(context, named('inbox.appended')),
    );
  });
  return new FollowedStream(seat, async (event: InboxEvent, own = context.forEvent()) => {
    const notification = await own.loaders.notification.load(event.notificationId);
    return notification?.sequence === event.sequence ? notification : null;
  });
}
