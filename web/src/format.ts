/** Names, times and amounts as people read them. */
import { ParleyError } from '@parley/client';
import type { OfferPartsFragment, UserPartsFragment } from '@parley/client/documents';

export type User = UserPartsFragment;
export type Item = OfferPartsFragment['items'][number];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const nameOf = ({ displayName, username }: Pick<User, 'displayName' | 'username'>) =>
  displayName ?? username;

/** The people of a conversation without the one who looks at it. */
export const othersIn = (participants: readonly { user: User }[], me: string) =>
  participants.map(({ user }) => user).filter((user) => user.id !== me);

export const namesOf = (users: readonly User[]) => users.map(nameOf).join(', ');

export function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

export function dayOf(iso: string): string {
  const day = (date: Date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((day(new Date()) - day(new Date(iso))) / DAY_MS);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Date(iso).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

/** Such as `in 47 hours` or `5 minutes ago`. */
export function distanceOf(iso: string): string {
  const minutes = Math.round((Date.parse(iso) - Date.now()) / MINUTE_MS);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (minutes === 0) return 'now';
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute');
  if (Math.abs(minutes) < 48 * 60) return format.format(Math.trunc(minutes / 60), 'hour');
  return format.format(Math.trunc(minutes / (24 * 60)), 'day');
}

/** The number of digits after the point in amounts of a currency. */
export function digitsOf(currency: string): number {
  return moneyFormat(currency).resolvedOptions().maximumFractionDigits ?? 2;
}

export function itemText({ kind, description, quantity, amount, currency }: Item): string {
  if (kind === 'MONEY' && currency)
    return moneyFormat(currency).format((amount ?? 0) / 10 ** digitsOf(currency));
  if (kind === 'CREDITS') return `${(amount ?? 0).toLocaleString('en')} credits`;
  return quantity > 1 ? `${quantity} × ${description}` : (description ?? '');
}

/** The reason for people why something failed. */
export function reasonOf(problem: unknown): string {
  if (!(problem instanceof ParleyError)) return 'Something went wrong. Try again.';
  if (problem.code === 'CONNECTION_LOST') return 'There is no connection. Try again.';
  if (problem.code === 'FORBIDDEN') return 'You may not do that here.';
  if (problem.code === 'CONFLICT') return 'It has changed meanwhile. Look at what is there now.';
  return problem.message;
}

/** An id by which the server recognises a repeat. */
export function newId(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function moneyFormat(currency: string): Intl.NumberFormat {
  return new Intl.NumberFormat('en', { style: 'currency', currency });
}
