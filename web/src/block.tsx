import {
  BlockedUsersDocument,
  BlockUserDocument,
  UnblockUserDocument,
} from '@parley/client/documents';
import { useEffect, useState } from 'react';
import { useAttempt } from './controls';
import { nameOf, reasonOf, type User } from './format';
import { IconButton } from './icons';
import type { Person } from './people';

export interface Block {
  user: User;
  isBlocked: boolean;
  fault: string | undefined;
  toggle: () => void;
}

/** Blocking the other one of a pair; null in a group, and until it is known. */
export function useBlock({ client }: Person, others: readonly User[]): Block | null {
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
