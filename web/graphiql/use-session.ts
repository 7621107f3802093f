import { useCallback, useEffect, useRef, useState } from 'react';
import { connectAs } from './connection.js';
import { fetchUsers, fetchValues, remember, rememberedOf, type User } from './session.js';
import { filledTabs, NO_VALUES, preparedTabs, storedTabs, storeTabs, type Tabs } from './tabs.js';

/** Tabs that GraphiQL begins with; it begins again with another number. */
export interface Shown {
  number: number;
  tabs: Tabs;
}

/** The user who is signed in, and the tabs with the variables for this user. */
export function useSession(root: HTMLElement) {
  const [users, setUsers] = useState<User[] | null>(null);
  const [user, setUser] = useState<User | null>(null);
  const [error, setError] = useState('');
  const [shown, setShown] = useState<Shown | null>(null);
  const values = useRef(NO_VALUES);
  const tabs = useRef(storedTabs());
  /** The number of the newest sign-in: the answers to earlier ones come too late. */
  const newest = useRef(0);
  const shows = useRef(0);

  const show = useCallback((next: Tabs) => {
    tabs.current = next;
    storeTabs(next);
    setShown({ number: ++shows.current, tabs: next });
  }, []);
  const signIn = useCallback(
    async (next: User | null) => {
      const number = ++newest.current;
      connectAs(next);
      setUser(next);
      setError('');
      // What the former user has asked finds no tab any more that would show the answer.
      setShown(null);
      const found = next ? await fetchValues(next.token).catch((problem: Error) => problem) : null;
      if (number !== newest.current) return;
      if (found instanceof Error) setError(found.message);
      values.current = found instanceof Error ? NO_VALUES : (found ?? NO_VALUES);
      show(tabs.current ? filledTabs(tabs.current, values.current) : preparedTabs(values.current));
    },
    [show],
  );
  useEffect(() => {
    void fetchUsers(root).then((found) => {
      setUsers(found);
      return signIn(found && rememberedOf(found));
    });
  }, [root, signIn]);

  return {
    users,
    user,
    error,
    shown,
    signIn: (next: User | null) => {
      if (next && users) remember(next);
      void signIn(next);
    },
    resetTabs: () => show(preparedTabs(values.current)),
    keepTabs: (next: Tabs) => {
      tabs.current = next;
    },
  };
}
