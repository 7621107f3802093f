export function messageLine({ sequence, sender, content, deletedAt, editedAt }) {
  const text = deletedAt ? '(deleted)' : content;
  return `#${sequence} ${sender?.username ?? 'system'}: ${text}${editedAt ? ' (edited)' : ''}`;
}

export function offerLine({ proposer, status, items, version }) {
  const terms = items.map(
    ({ giver, amount, currency, description }) =>
      `${giver.username} gives ${amount == null ? description : `${amount} ${currency}`}`,
  );
  return `offer of ${proposer.username}, ${status}, version ${version}: ${terms.join('; ')}`;
}

/** One event of a conversation's log. */
export function eventLine({ kind, offerAction, actor, message, offer, participant }) {
  if (message)
    return kind === 'MESSAGE_ADDED' ? messageLine(message) : `${kind} ${messageLine(message)}`;
  if (offer) return `${actor?.username ?? 'system'} ${offerAction ?? kind}: ${offerLine(offer)}`;
  return `* ${kind} ${participant?.username ?? actor?.username ?? ''}`;
}
