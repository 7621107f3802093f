import {
  BlockedUsersDocument,
  BlockUserDocument,
  UnblockUserDocument,
} from '@parley/client/documents';
import {
  type ConversationHook,
  type UserPresence,
  useConversation,
  useParley,
  usePresence,
  useTyping,
  useViewers,
} from '@parley/client/react';
import { useEffect, useState } from 'react';
import { Composer } from './composer';
import { Sheet, useAttempt } from './controls';
import { distanceOf, nameOf, namesOf, othersIn, reasonOf, type User } from './format';
import { Avatar, Icon, IconButton } from './icons';
import { type Message, Messages } from './messages';
import { byUrgency, OfferCard } from './offer.card';
import { OfferForm, type Plan, TITLES } from './offer.form';

interface Props {
  /** The id of the person who looks at it. */
  me: string;
  id: string;
  /** False while it is not on the screen. */
  isSeen: boolean;
  /** True while the person's connection is cut. */
  isCut: boolean;
  /** To the list, where only one of the two is shown. */
  back: () => void;
}

/** The open conversation: its people, its offers, its messages, and what the person writes. */
export function ConversationView({ me, id, isSeen, isCut, back }: Props) {
  const room = useConversation(id, { viewing: isSeen ? 'visible' : false });
  const [edited, setEdited] = useState<Message | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const others = othersIn(room.participants, me);
  const block = useBlock(others);
  const close = () => setPlan(null);
  return (
    <div className="conversation">
      <div className="conversation-body" inert={plan !== null}>
        <header className="conversation-head">
          <IconButton icon="back" label="Back to the conversations" onClick={back} />
          <Partners id={id} others={others} />
          <BlockButton block={block} />
          <button
            type="button"
            disabled={others.length === 0 || block?.isBlocked}
            onClick={() => setPlan({ kind: 'create' })}
          >
            <Icon name="offer" /> Offer
          </button>
        </header>
        <Banner room={room} isCut={isCut} fault={block?.fault} />
        <Offers me={me} room={room} write={setPlan} />
        <Messages me={me} room={room} isSeen={isSeen} edit={setEdited} />
        <TypingLine id={id} />
        <Composer
          key={edited?.id ?? 'new'}
          me={me}
          room={room}
          edited={edited}
          isBlocked={block?.isBlocked ?? false}
          done={() => setEdited(null)}
        />
      </div>
      {plan && (
        <Sheet title={TITLES[plan.kind]} close={close}>
          <OfferForm {...{ me, others, plan }} conversationId={id} done={close} />
        </Sheet>
      )}
    </div>
  );
}

/** The others: who they are, whether they are there, and who of them is looking. */
function Partners({ id, others }: { id: string; others: readonly User[] }) {
  const { presences, online, status } = usePresence(others.map((user) => user.id));
  const room = useViewers(id);
  const [first] = others;
  const here = others.filter((user) => status === 'live' && online.has(user.id));
  const isLooking = room.status === 'live' && room.viewers.length > 0;
  const presence = presenceOf(others.length, here.length, first && presences.get(first.id));
  return (
    <div className="partners">
      {first && <Avatar id={first.id} name={nameOf(first)} isOnline={here.length > 0} />}
      <div>
        <h3>{others.length > 0 ? namesOf(others) : 'Conversation'}</h3>
        <p className="muted" aria-live="polite">
          {isLooking && <Icon name="eye" />}
          {isLooking && ` ${namesOf(room.viewers)} ${areOrIs(room.viewers)} looking at this`}
          {!isLooking && (status === 'live' ? presence : 'Connecting…')}
        </p>
      </div>
    </div>
  );
}

const areOrIs = (users: readonly User[]) => (users.length > 1 ? 'are' : 'is');

function presenceOf(count: number, hereCount: number, first: UserPresence | undefined): string {
  if (count > 1) return `${hereCount} of ${count} online`;
  if (hereCount > 0) return 'Online';
  return first?.lastSeenAt ? `Last seen ${distanceOf(first.lastSeenAt)}` : 'Offline';
}

type BannerProps = { room: ConversationHook; isCut: boolean; fault: string | undefined };

/** Says when what is shown may be old, and why something could not be done. */
function Banner({ room, isCut, fault }: BannerProps) {
  const texts = {
    loading: undefined,
    live: undefined,
    'catching-up': 'Catching up…',
    ended: room.error?.message ?? 'This conversation has ended.',
  };
  const text = isCut ? 'Offline. What you write goes out later.' : (texts[room.status] ?? fault);
  return (
    <p className={text ? 'banner shown' : 'banner'} role="status">
      {text}
    </p>
  );
}

type OffersProps = { me: string; room: ConversationHook; write: (plan: Plan) => void };

/** The offer that matters now, and the others on demand. */
function Offers({ me, room, write }: OffersProps) {
  const [hasAll, setHasAll] = useState(false);
  const sorted = [...room.offers].sort(byUrgency);
  if (sorted.length === 0) return null;
  return (
    <section className="offers" aria-label="Offers">
      {sorted.slice(0, hasAll ? undefined : 1).map((offer) => (
        <OfferCard key={offer.id} me={me} offer={offer} write={write} />
      ))}
      {sorted.length > 1 && (
        <button type="button" className="quiet" onClick={() => setHasAll(!hasAll)}>
          {hasAll ? 'Only the first offer' : `All ${sorted.length} offers`}
        </button>
      )}
    </section>
  );
}

function TypingLine({ id }: { id: string }) {
  const { typing } = useTyping(id);
  return (
    <p className="typing" role="status">
      {typing.length > 0 && (
        <>
          <span className="dots" aria-hidden="true" />
          {namesOf(typing)} {areOrIs(typing)} typing…
        </>
      )}
    </p>
  );
}

interface Block {
  user: User;
  isBlocked: boolean;
  fault: string | undefined;
  toggle: () => void;
}

/** Blocking the other one of a pair; null in a group, and until it is known. */
function useBlock(others: readonly User[]): Block | null {
  const { client } = useParley();
  const [blocked, setBlocked] = useState<boolean | null>(null);
  const { fault, attempt } = useAttempt(reasonOf);
  const user = others.length === 1 ? others[0]! : null;
  const userId = user?.id;
  useEffect(() => {
    if (userId === undefined) return;
    const asking = new AbortController();
    client.request(BlockedUsersDocument, {}, { signal: asking.signal }).then(
      ({ blockedUsers }) => setBlocked(blockedUsers.some(({ id }) => id === userId)),
      () => {},
    );
    return () => asking.abort();
  }, [client, userId]);
  if (!user || blocked === null) return null;
  const toggle = () =>
    attempt(async () => {
      const variables = { input: { userId: user.id } };
      if (blocked) await client.request(UnblockUserDocument, variables);
      else await client.request(BlockUserDocument, variables);
      setBlocked(!blocked);
    });
  return { user, isBlocked: blocked, fault, toggle };
}

function BlockButton({ block }: { block: Block | null }) {
  if (!block) return null;
  const label = `${block.isBlocked ? 'Unblock' : 'Block'} ${nameOf(block.user)}`;
  return (
    <IconButton
      icon="block"
      label={label}
      className={block.isBlocked ? 'icon-button is-on' : 'icon-button'}
      onClick={block.toggle}
    />
  );
}
