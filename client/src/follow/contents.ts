import type { MessagePartsFragment, OfferPartsFragment } from '../generated/graphql.js';
import type { Participant } from './room.js';

/** A part of a conversation's messages: consecutive ones, and what lies before them. */
export interface Page {
  messages: readonly MessagePartsFragment[];
  hasEarlier: boolean;
  /** The cursor at which the page before this one ends; null when this one is empty. */
  cursor: string | null;
}

/**
 * The contents of a followed conversation. When two states of a message or an offer meet, the one
 * with the greater version stays, so the order in which they come does not matter. The arrays are
 * replaced, and never changed.
 */
export class Contents {
  messages: readonly MessagePartsFragment[] = [];
  offers: readonly OfferPartsFragment[] = [];
  participants: readonly Participant[] = [];
  hasEarlier = false;
  cursor: string | null = null;
  /** The receipts that came, by the participant's id. */
  private readonly reads = new Map<string, number>();
  /** Messages that changed while they were not loaded, for a page that is being fetched. */
  private missed: Map<string, MessagePartsFragment> | null = null;

  /** From now on until `load`, receipts are kept for it. Those from before may be worthless. */
  expectLoad(): void {
    this.reads.clear();
  }

  /** Replaces everything. */
  load(page: Page, offers: readonly OfferPartsFragment[], participants: readonly Participant[]) {
    this.messages = page.messages;
    this.hasEarlier = page.hasEarlier;
    this.cursor = page.cursor;
    this.offers = offers;
    this.putParticipants(participants);
  }

  /** From now on until `prepend`, changes of messages that are not loaded are kept for it. */
  expectEarlier(): void {
    this.missed = new Map();
  }

  prepend(page: Page): void {
    const first = this.messages[0]?.sequence ?? Number.POSITIVE_INFINITY;
    const earlier = page.messages
      .filter(({ sequence }) => sequence < first)
      .map((message) => newer(message, this.missed?.get(message.id)));
    this.messages = [...earlier, ...this.messages];
    this.hasEarlier = page.hasEarlier;
    this.cursor = page.cursor ?? this.cursor;
    this.missed = null;
  }

  /** A message is new or has changed. One before the loaded ones is not shown. */
  putMessage(message: MessagePartsFragment): void {
    const index = this.messages.findLastIndex(({ sequence }) => sequence <= message.sequence);
    const present = this.messages[index];
    if (present?.id === message.id) {
      if (message.version > present.version) this.messages = this.messages.with(index, message);
    } else if (index === -1 && this.hasEarlier) this.missed?.set(message.id, message);
    else this.messages = this.messages.toSpliced(index + 1, 0, message);
  }

  putOffer(offer: OfferPartsFragment): void {
    const index = this.offers.findIndex(({ id }) => id === offer.id);
    if (index === -1) this.offers = [offer, ...this.offers];
    else if (offer.version > this.offers[index]!.version)
      this.offers = this.offers.with(index, offer);
  }

  /** The participants were fetched. A receipt that came is not undone by an older answer. */
  putParticipants(participants: readonly Participant[]): void {
    this.participants = participants.map((one) => {
      const read = this.reads.get(one.id) ?? 0;
      return read > one.lastReadSequence ? { ...one, lastReadSequence: read } : one;
    });
  }

  removeParticipant(userId: string): void {
    this.participants = this.participants.filter(({ user }) => user.id !== userId);
  }

  /** @returns false when they had read that far already */
  read(participantId: string, sequence: number): boolean {
    const before = this.reads.get(participantId) ?? 0;
    this.reads.set(participantId, Math.max(before, sequence));
    const index = this.participants.findIndex(({ id }) => id === participantId);
    const participant = this.participants[index];
    if (!participant || participant.lastReadSequence >= sequence) return false;
    const moved = { ...participant, lastReadSequence: sequence };
    this.participants = this.participants.with(index, moved);
    return true;
  }
}

function newer(one: MessagePartsFragment, other: MessagePartsFragment | undefined) {
  return other && other.version > one.version ? other : one;
}
