/** What the page asks the server with: as the user who is signed in, over HTTP or the WebSocket. */
import { fetcherOf } from './fetcher.js';
import { Live } from './live.js';
import { addressOf, type User } from './session.js';

const url = addressOf('graphql');
/** It is read by each request, so it is no state of React. */
let user: User | null = null;

export const live = new Live({ url, user: () => user });
export const fetcher = fetcherOf({ url, token: () => user?.token ?? null, follow: live.follow });

/** Asks as another user from now on. What the former one has subscribed to ends. */
export function connectAs(next: User | null): void {
  live.endUser();
  user = next;
}
