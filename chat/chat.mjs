import * as documents from '@parley/client/documents';
import { COMMANDS } from './commands/index.mjs';
import { nearest } from './completion.mjs';
import { linesOf } from './keys.mjs';
import { printableLine } from './printable.mjs';
import { problemOf } from './problems.mjs';
import { OpenRoom } from './room.mjs';

/**
 * @typedef {import('@parley/client').ParleyClient} ParleyClient
 * @typedef {import('./screen.mjs').Screen} Screen
 * @typedef {import('./completion.mjs').Completion} Completion
 * @typedef {import('@parley/client/documents').ConversationPartsFragment} Conversation
 * @typedef {import('@parley/client/documents').NotificationPartsFragment} Notification
 */

/** One user's session: runs the lines, and shows what happens meanwhile. */
export class Chat {
  me = { id: '', username: '' };
  /** @type {readonly Conversation[]} */
  list = [];
  /** @type {readonly Notification[]} */
  notifications = [];
  /** @type {OpenRoom | null} */
  room = null;
  isConnected = false;
  wasConnected = false;

  /**
   * @param {ParleyClient} client
   * @param {Screen} screen
   * @param {Completion} completion
   */
  constructor(client, screen, completion) {
    this.client = client;
    this.screen = screen;
    this.completion = completion;
    completion.commands = Object.keys(COMMANDS);
  }

  /** @returns {Promise<number>} the code with which the process ends */
  async run() {
    const { screen } = this;
    this.me = (await this.client.request(documents.MeDocument)).me;
    this.setPlace();
    this.client.onSession((session) => this.connection(session !== null));
    screen.say(`You are ${this.me.username}. "help" lists the commands.`);
    await this.listenToAll();
    await this.execute('list');
    let number = 0;
    for await (const line of screen.lines) {
      number++;
      if (screen.terminal) {
        if (await this.typed(line)) return 0;
        screen.prompt();
        continue;
      }
      const text = line.trim();
      if (isQuit(text)) break;
      if (!(await this.execute(text, number))) return 1;
    }
    return 0;
  }

  /**
   * Runs a typed line, which may have several commands that were pasted, up to one that fails.
   *
   * @param {string} line
   * @returns {Promise<boolean>} true when the user quits
   */
  async typed(line) {
    for (const one of linesOf(line)) {
      const text = one.trim();
      if (isQuit(text)) return true;
      if (!(await this.execute(text))) return false;
    }
    return false;
  }

  async listenToAll() {
    const { client, screen } = this;
    const { inbox } = await client.request(documents.InboxDocument);
    const error = (/** @type {unknown} */ problem) => this.failed(problem, 0);
    client.subscribe(
      documents.NotificationAddedDocument,
      { after: inbox.lastNotificationSequence },
      {
        next: ({ notificationAdded: notification }) =>
          screen.show({ type: 'notification', notification }),
        error,
      },
    );
    client.subscribe(
      documents.UserPresenceDocument,
      {},
      {
        next: ({ userPresence: { user, online } }) => {
          this.completion.people.add(user.id);
          screen.show({ type: 'presence', user: user.id, online });
        },
        error,
      },
    );
  }

  /** @param {boolean} isConnected */
  connection(isConnected) {
    if (this.isConnected === isConnected) return;
    this.isConnected = isConnected;
    if (!isConnected || this.wasConnected) {
      const text = isConnected
        ? 'connected again; what was missed follows'
        : 'the connection is lost; connecting again';
      this.screen.show({ type: 'connection', connected: isConnected, text });
    }
    this.wasConnected ||= isConnected;
  }

  /**
   * Runs one line.
   *
   * @param {string} text
   * @param {number} line its number in a script; 0 when a person types
   * @returns {Promise<boolean>} false when it failed, which was then shown
   */
  async execute(text, line = 0) {
    if (text === '' || text.startsWith('#')) return true;
    const [word = ''] = text.split(/\s/, 1);
    try {
      await commandOf(word).run(this, text.slice(word.length).trim());
      return true;
    } catch (error) {
      this.failed(error, line);
      return false;
    }
  }

  /**
   * @param {unknown} error
   * @param {number} line
   */
  failed(error, line) {
    const message = problemOf(error, this.client.url);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    this.screen.show({ type: 'error', code, message, ...(line ? { line } : {}) });
  }

  /** @returns {OpenRoom} */
  opened() {
    if (this.room === null) throw new Error('open a conversation first: "open 1"');
    return this.room;
  }

  /**
   * Opens a conversation in the place of the one that is open.
   *
   * @param {Conversation} conversation
   */
  async open({ id, subject = null, participants }) {
    this.leave();
    const people = participants.map(({ user }) => user.username);
    this.screen.show({ type: 'opened', id, subject, people });
    const room = new OpenRoom(this.client, this.screen, id, this.me.id);
    this.room = room;
    try {
      await room.loaded();
    } catch (error) {
      room.hasEnded = true;
      this.leave();
      throw error;
    }
    for (const { user } of room.state.participants) this.completion.people.add(user.id);
    const others = people.filter((one) => one !== this.me.username);
    this.setPlace(subject ?? others.join(', '));
  }

  leave() {
    this.room?.close();
    this.room = null;
    this.setPlace();
  }

  /** @param {string} place the name of the open conversation */
  setPlace(place = '') {
    const [me, at] = [this.me.username, place].map(shortName);
    this.screen.setPrompt(at ? `${me}@${at}> ` : `${me}> `);
  }
}

/** @param {string} text */
function isQuit(text) {
  return text === 'quit' || text === 'exit';
}

/** @param {string} word */
function commandOf(word) {
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command) return command;
  const near = nearest(word, Object.keys(COMMANDS));
  const hint = near ? `did you mean "${near}"?` : '"help" lists them';
  throw new Error(`"${word}" is no command; ${hint}`);
}

/** @param {string} text */
function shortName(text) {
  const characters = [...printableLine(text)];
  return characters.length > 20 ? `${characters.slice(0, 19).join('')}…` : characters.join('');
}
