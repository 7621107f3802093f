import type { NotificationKind, NotificationPartsFragment } from '@parley/client/documents';
import { useInbox } from '@parley/client/react';
import { MoreButton, Row } from './controls';
import { nameOf } from './format';
import { Avatar, Icon } from './icons';

const DEEDS: Readonly<Partial<Record<NotificationKind, string>>> = {
  NEW_OFFER: 'made you an offer',
  OFFER_COUNTERED: 'countered the offer',
  OFFER_REVISED: 'revised their offer',
  OFFER_ACCEPTED: 'accepted the offer',
  OFFER_DECLINED: 'declined the offer',
  OFFER_WITHDRAWN: 'withdrew the offer',
  OFFER_COMPLETION_CONFIRMED: 'confirmed completion',
  OFFER_COMPLETED: 'confirmed, and the deal is done',
  OFFER_CANCELLED: 'cancelled the deal',
};

/** The inbox: what happened while the person was not looking. */
export function Notifications({ open }: { open: (conversationId: string) => void }) {
  const inbox = useInbox();
  const { notifications } = inbox;
  if (inbox.status === 'loading')
    return (
      <p className="empty" role="status">
        Loading…
      </p>
    );
  if (notifications.length === 0)
    return (
      <div className="empty">
        <Icon name="bell" />
        <p>Nothing yet. What happens while you look elsewhere is told here.</p>
      </div>
    );
  return (
    <div className="notifications">
      <button
        type="button"
        className="quiet"
        data-autofocus
        disabled={inbox.unreadNotificationCount === 0}
        onClick={() =>
          inbox.markRead({ throughSequence: notifications[0]!.sequence }).catch(() => {})
        }
      >
        <Icon name="checks" /> Mark all as read
      </button>
      <ul>
        {notifications.map((notification) => (
          <li key={notification.id}>
            <NotificationRow
              notification={notification}
              open={() => {
                inbox.markRead({ ids: [notification.id] }).catch(() => {});
                if (notification.conversation) open(notification.conversation.id);
              }}
            />
          </li>
        ))}
      </ul>
      {inbox.hasMore && <MoreButton load={inbox.loadMore}>Earlier ones</MoreButton>}
    </div>
  );
}

type RowProps = { notification: NotificationPartsFragment; open: () => void };

function NotificationRow({ notification, open }: RowProps) {
  const { actor, createdAt, readAt, kind, count } = notification;
  const name = actor ? nameOf(actor) : 'Parley';
  const mark = !readAt && (
    <span className="unread-dot">
      <span className="unseen">unread</span>
    </span>
  );
  return (
    <Row
      className={readAt ? 'row is-read' : 'row'}
      avatar={<Avatar id={actor?.id ?? 'parley'} name={name} />}
      at={createdAt}
      mark={mark}
      onClick={open}
    >
      <span>
        <strong>{name}</strong>{' '}
        {kind === 'NEW_MESSAGE'
          ? `wrote ${count > 1 ? `${count} messages` : 'a message'}`
          : (DEEDS[kind] ?? notification.title ?? 'The offer has expired')}
      </span>
      <span className="preview">{notification.message?.content ?? notification.body}</span>
    </Row>
  );
}
