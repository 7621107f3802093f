import type { ConversationHook, UserPresence } from '@parley/client/react';
import { useConversation, usePresence, useTyping, useViewers } from '@parley/client/react';
import { useState } from 'react';
import { BlockButton, useBlock } from './block';
import { Composer } from './composer';
import { distanceOf, nameOf, namesOf, type User } from './format';
import { Avatar, Icon, IconButton } from './icons';
import type { Message } from './message';
import { Messages } from './messages';
import { byUrgency, OfferCard } from './offer.card';
import { OfferForm, type Plan, TITLES } from './offer.form';
import type { Person } from './people';
import { Sheet } from './sheet';
import { useIsCut } from './traffic';

interface Props {
  person: Person;
  id: string;
  isSeen: boolean;
  /** To the list, where only one of the two is shown. */
  back: () => void;
}

/** The open conversation: its people, its offers, its messages, and what the person writes. */
export function ConversationView({ person, id, isSeen, back }: Props) {
  const room = useConversation(id, { viewing: isSeen ? 'visible' : false });
  const [edited, setEdited] = useState<Message | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const others = room.participants.map(({ user }) => user).filter((user) => user.id !== person.id);
  const block = useBlock(person, others);
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
        <Banner person={person} room={room} fault={block?.fault} />
        <Offers person={person} room={room} write={setPlan} />
        <Messages person={person} room={room} isSeen={isSeen} edit={setEdited} />
        <TypingLine id={id} />
        <Composer
          key={edited?.id ?? 'new'}
          person={person}
          room={room}
          edited={edited}
          isBlocked={block?.isBlocked ?? false}
          done={() => setEdited(null)}
        />
      </div>
      {plan && (
        <Sheet title={TITLES[plan.kind]} close={close}>
          <OfferForm {...{ person, others, plan }} conversationId={id} done={close} />
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

type RoomProps = { person: Person; room: ConversationHook };

/** Says when what is shown may be old, and why something could not be done. */
function Banner({ person, room, fault }: RoomProps & { fault: string | undefined }) {
  const isCut = useIsCut(person.link);
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

/** The offer that matters now, and the others on demand. */
function Offers({ person, room, write }: RoomProps & { write: (plan: Plan) => void }) {
  const [hasAll, setHasAll] = useState(false);
  const sorted = [...room.offers].sort(byUrgency);
  if (sorted.length === 0) return null;
  return (
    <section className="offers" aria-label="Offers">
      {sorted.slice(0, hasAll ? undefined : 1).map((offer) => (
        <OfferCard key={offer.id} person={person} offer={offer} write={write} />
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
