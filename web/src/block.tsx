import {
  BlockedUsersDocument,
  BlockUserDocument,
  UnblockUserDocument,
} from '@parley/client/documents';
import { useEffect, useState } from 'react';
import { nameOf, type User } from './format';
import { IconButton } from './icons';
import type { Person } from './people';

export interface Block {
  user: User;
  isBlocked: boolean;
  toggle: () => void;
}

/** Blocking the other one of a pair; null in a group, and until it is known. */
export function useBlock({ client }: Person, others: readonly User[]): Block | null {
  const [blocked, setBlocked] = useState<boolean | null>(null);
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
  const toggle = () => {
    const variables = { input: { userId: user.id } };
    const answer: Promise<unknown> = blocked
      ? client.request(UnblockUserDocument, variables)
      : client.request(BlockUserDocument, variables);
    answer.then(
      () => setBlocked(!blocked),
      () => {},
    );
  };
  return { user, isBlocked: blocked, toggle };
}

export function BlockButton({ block }: { block: Block | null }) {
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
