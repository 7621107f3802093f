import { follow } from '@parley/client';
import * as documents from '@parley/client/documents';
import { problemOf } from './problems.mjs';

/**
 * @typedef {import('@parley/client').ParleyClient} ParleyClient
 * @typedef {import('@parley/client').RoomState} RoomState
 * @typedef {RoomState['messages'][number]} Message
 * @typedef {RoomState['offers'][number]} Offer
 * @typedef {import('./screen.mjs').Screen} Screen
 */

/** The longest wait for the event of something that the user did. */
const PATIENCE_MS = 3_000;

/** The open conversation. Each state of a message or an offer is shown once, through any outage. */
export class OpenRoom {
  /** @type {Map<string, number>} the versions that were shown, by id */
  shown = new Map();
  /** @type {Map<string, number> | null} what each participant has read, by user; null at first */
  reads = null;
  hasEnded = false;

  /**
   * @param {ParleyClient} client
   * @param {Screen} screen
   * @param {string} id
   * @param {string} me
   */
  constructor(client, screen, id, me) {
    this.screen = screen;
    this.client = client;
    this.id = id;
    this.me = me;
    this.room = follow(client, id);
    this.endings = [this.room.subscribe(() => this.changed()), ...this.hints()];
  }

  get state() {
    return this.room.state;
  }

  /** Waits for the first page, which is then shown. */
  async loaded() {
    await this.until((state) => state.status !== 'loading');
    this.changed();
    if (this.state.error) throw this.state.error;
  }

  /**
   * Waits until an own message, which is shown at once, can be named by the next line.
   *
   * @param {Message} message
   */
  async hasMessage(message) {
    this.showMessage(message);
    await this.until(
      ({ messages }) =>
        messages.some(({ id, version }) => id === message.id && version >= message.version),
      PATIENCE_MS,
    );
  }

  /**
   * Waits until the next step of an offer, which is shown at once, can start from it.
   *
   * @param {Offer} offer
   */
  async hasOffer(offer) {
    this.showOffer(offer);
    await this.until(
      ({ offers }) => offers.some(({ id, version }) => id === offer.id && version >= offer.version),
      PATIENCE_MS,
    );
  }

  /**
   * Waits until something is true of the state, or the conversation ended.
   *
   * @param {(state: RoomState) => boolean} isReached
   * @param {number} [patienceMs] the longest wait; by default there is none
   */
  async until(isReached, patienceMs) {
    /** @type {NodeJS.Timeout | undefined} */
    let wait;
    let stop = () => {};
    await new Promise((done) => {
      const look = () => {
        if (this.state.status === 'ended' || isReached(this.state)) done(null);
      };
      stop = this.room.subscribe(look);
      if (patienceMs) wait = setTimeout(done, patienceMs);
      look();
    });
    clearTimeout(wait);
    stop();
  }

  close() {
    for (const end of this.endings.splice(0)) end();
    this.room.close();
  }

  /** Loads the page of messages before those that are there, and shows it. */
  async loadEarlier() {
    if (!this.state.hasEarlier) throw new Error('there are no earlier messages');
    await this.room.loadEarlier();
  }

  /** @param {Message} message */
  showMessage(message) {
    const before = this.shown.get(message.id);
    if (before !== undefined && before >= message.version) return;
    this.shown.set(message.id, message.version);
    const change = before === undefined ? 'added' : 'changed';
    this.screen.show({ type: 'message', change, message });
  }

  /** @param {Offer} offer */
  showOffer(offer) {
    if ((this.shown.get(offer.id) ?? -1) >= offer.version) return;
    this.shown.set(offer.id, offer.version);
    this.screen.show({ type: 'offer', offer });
  }

  changed() {
    const { state } = this;
    for (const message of state.messages) this.showMessage(message);
    for (const offer of state.offers.toReversed()) this.showOffer(offer);
    if (state.status !== 'loading') this.participantsChanged(state.participants);
    if (state.error && !this.hasEnded) {
      this.hasEnded = true;
      const message = `this conversation has ended: ${problemOf(state.error, this.client.url)}`;
      this.screen.show({ type: 'error', code: state.error.code, message });
    }
  }

  /** @param {RoomState['participants']} participants */
  participantsChanged(participants) {
    const before = this.reads;
    const now = new Map(
      participants.map(({ user, lastReadSequence }) => [user.id, lastReadSequence]),
    );
    this.reads = now;
    if (before === null) return;
    for (const [user, sequence] of now)
      if (!before.has(user)) this.screen.show({ type: 'joined', user });
      else if ((before.get(user) ?? 0) < sequence && !this.isSentBy(user, sequence))
        this.screen.show({ type: 'receipt', user, sequence });
    for (const user of before.keys()) if (!now.has(user)) this.screen.show({ type: 'left', user });
  }

  /**
   * True for what the user needs not be told: own receipts, and a sender has read what it sent.
   *
   * @param {string} user
   * @param {number} sequence
   */
  isSentBy(user, sequence) {
    const { messages } = this.state;
    const message = messages.find((one) => one.sequence === sequence);
    return user === this.me || message?.sender?.id === user;
  }

  /** Shows who types and who views; returns the functions that end it. */
  hints() {
    const variables = { conversationId: this.id };
    const { client, screen } = this;
    return [
      client.subscribe(documents.TypingDocument, variables, {
        next: ({ typing: { user, isTyping } }) =>
          screen.show({ type: 'typing', user: user.username, on: isTyping }),
      }),
      client.subscribe(documents.ViewersDocument, variables, {
        next: ({ viewers: { user, state } }) =>
          screen.show({ type: 'viewer', user: user.username, state }),
      }),
    ];
  }

  /** The only other participant. */
  other() {
    const others = this.state.participants.filter(({ user }) => user.id !== this.me);
    const [one] = others;
    if (!one || others.length > 1)
      throw new Error('name the user: this is not a conversation of two');
    return one.user.id;
  }

  /**
   * The newest offer of which the user can take this step.
   *
   * @param {readonly Offer['availableActions'][number][]} actions one of these has to be possible
   */
  offerFor(actions) {
    const { offers } = this.state;
    const found = offers.find(({ availableActions }) =>
      availableActions.some((one) => actions.includes(one)),
    );
    if (found) return found;
    const [newest] = offers;
    if (!newest) throw new Error('there is no offer here; "offer" makes one');
    const steps = newest.availableActions.join(', ') || 'none';
    throw new Error(`the newest offer is ${newest.status}, and your steps of it are: ${steps}`);
  }

  /**
   * The message with this number, as it is shown, such as `#12` or `12`.
   *
   * @param {string} text
   */
  message(text = '') {
    const sequence = Number(text.replace(/^#/, ''));
    const found = this.state.messages.find((message) => message.sequence === sequence);
    if (text === '' || !found) throw new Error(`no message shown here has the number "${text}"`);
    return found;
  }
}
