/** A chat over the hooks for React: paging, live messages, receipts and offers. */
import type { ParleyClient } from '@parley/client';
import { ParleyProvider, useConversation, useOffers, useParley } from '@parley/client/react';
import { type FormEvent, useEffect, useState } from 'react';

/** The chat of one conversation. Create the client once, outside of components. */
export function Chat({ client, id }: { client: ParleyClient; id: string }) {
  return (
    <ParleyProvider client={client}>
      <Conversation id={id} />
      <Offers id={id} />
    </ParleyProvider>
  );
}

function Conversation({ id }: { id: string }) {
  const { status, error, lastSequence, markRead, ...chat } = useConversation(id);
  const { userId } = useParley();
  useEffect(() => {
    if (status === 'live') markRead(lastSequence).catch(() => {});
  }, [status, lastSequence, markRead]);
  const others = chat.participants.filter(({ user }) => user.id !== userId);
  const readUpTo = Math.min(...others.map(({ lastReadSequence }) => lastReadSequence));
  return (
    <section>
      <p role="status">{error?.message ?? status}</p>
      {chat.hasEarlier && <Button name="Earlier" act={chat.loadEarlier} />}
      {chat.messages.map(({ id, sender, content, sequence }) => (
        <p key={id}>
          {sender?.username}: {content} {sender?.id === userId && sequence <= readUpTo && '✓'}
        </p>
      ))}
      {chat.pending.map(({ clientMessageId, content, state }) => (
        <p key={clientMessageId}>{`${content} (${state})`}</p>
      ))}
      <Composer send={chat.send} />
    </section>
  );
}

function Composer({ send }: { send: (text: string) => unknown }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text !== '') send(text);
    setText('');
  };
  return (
    <form onSubmit={submit}>
      <input aria-label="Message" value={text} onChange={({ target }) => setText(target.value)} />
    </form>
  );
}

function Offers({ id }: { id: string }) {
  const { offers, makeOffer, accept } = useOffers(id);
  const { userId } = useParley();
  const mayAccept = (offer: (typeof offers)[number]) => offer.availableActions.includes('ACCEPT');
  const items = [{ giverId: userId ?? '', kind: 'CREDITS' as const, amount: 5 }];
  return (
    <section>
      {offers.map((offer) => (
        <p key={offer.id}>
          {offer.status}
          {mayAccept(offer) && <Button name="Accept" act={() => accept(offer)} />}
        </p>
      ))}
      <Button name="Offer 5 credits" act={() => makeOffer({ items })} />
    </section>
  );
}

function Button({ name, act }: { name: string; act: () => Promise<unknown> }) {
  const [error, setError] = useState('');
  const run = () => act().catch(({ message }) => setError(message));
  return <button type="button" onClick={run}>{`${name} ${error}`}</button>;
}
