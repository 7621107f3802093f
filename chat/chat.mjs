import * as documents from '@parley/client/documents';
import { HELP, OFFER_STEPS, termsOf } from './commands.mjs';
import { eventLine, messageLine, offerLine } from './lines.mjs';

/** One user's session: runs the lines, and shows what happens meanwhile. */
export class Chat {
  me = null;
  list = [];
  room = null;
  endings = [];
  wasConnected = false;

  constructor(client, screen) {
    this.client = client;
    this.screen = screen;
  }

  async run() {
    this.client.onSession((session) => this.connection(session));
    this.me = (await this.client.request(documents.MeDocument)).me;
    this.screen.print(`You are ${this.me.username}. "help" lists the commands.`);
    const { inbox } = await this.client.request(documents.InboxDocument);
    const after = inbox.lastNotificationSequence;
    this.listen(documents.NotificationAddedDocument, { after }, ({ notificationAdded: one }) =>
      this.screen.print(`* notification: ${one.title ?? one.kind} ${one.body ?? ''}`),
    );
    this.listen(documents.UserPresenceDocument, {}, ({ userPresence: { user, online } }) =>
      this.screen.print(`* ${user.id} is ${online ? 'online' : 'offline'}`),
    );
    await this.execute('list');
    for await (const line of this.screen.lines) {
      if (['quit', 'exit'].includes(line.trim())) return;
      await this.execute(line.trim());
      this.screen.prompt();
    }
  }

  connection(session) {
    if (session === null) this.screen.print('* the connection is lost; connecting again');
    else if (this.wasConnected) this.screen.print('* connected again; catching up');
    this.wasConnected = true;
  }

  async execute(line) {
    if (line === '') return;
    const [word, ...words] = line.split(/\s+/);
    const rest = line.slice(word.length).trim();
    const command = OFFER_STEPS[word] ? 'step' : word;
    const method = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : null;
    try {
      if (method === null) this.screen.print(`"${word}" is no command; "help" lists them`);
      else await method(this, rest, words, word);
    } catch (error) {
      this.screen.print(`! ${error.code ?? ''} ${error.message}`);
    }
  }

  /** Shows what a subscription tells, until it ends. */
  listen(document, variables, next) {
    const error = (problem) => this.screen.print(`! ${problem.code ?? ''} ${problem.message}`);
    return this.client.subscribe(document, variables, { next, error });
  }

  opened() {
    if (this.room === null) throw new Error('open a conversation first: "open 1"');
    return this.room;
  }

  async open(number) {
    const chosen = this.list[Number(number) - 1];
    if (!chosen) throw new Error('no conversation has this number; "list" lists them');
    this.leave();
    const room = await this.snapshot(chosen.id);
    this.room = room;
    const conversationId = room.id;
    this.endings = [
      this.listen(
        documents.ConversationEventsDocument,
        { conversationId, after: room.lastSequence },
        ({ conversationEvents: event }) => this.happened(room, event),
      ),
      this.listen(documents.TypingDocument, { conversationId }, ({ typing: one }) =>
        this.screen.print(
          `* ${one.user.username} ${one.isTyping ? 'is typing' : 'has stopped typing'}`,
        ),
      ),
      this.listen(documents.MessagesReadDocument, { conversationId }, ({ messagesRead: one }) =>
        this.screen.print(`* ${one.user.username} has read up to ${one.lastReadSequence}`),
      ),
      this.listen(documents.ViewersDocument, { conversationId }, ({ viewers: one }) =>
        this.screen.print(`* ${one.user.username}, viewing: ${one.state}`),
      ),
    ];
  }

  /** Reads the newest of a conversation, and shows it. */
  async snapshot(id) {
    const { conversation } = await this.client.request(documents.ConversationSnapshotDocument, {
      id,
      last: 20,
    });
    if (!conversation) throw new Error('this conversation is not there any more');
    this.screen.print(`--- ${conversation.subject ?? conversation.id}`);
    for (const message of conversation.messages.nodes) this.screen.print(messageLine(message));
    for (const offer of conversation.offers.nodes) this.screen.print(offerLine(offer));
    return { ...conversation, offer: conversation.offers.nodes[0] ?? null };
  }

  happened(room, event) {
    room.lastSequence = event.sequence;
    if (event.offer) room.offer = event.offer;
    this.screen.print(eventLine(event));
  }

  /** Takes a step of an offer, which the next step then starts from. */
  async negotiated(document, input) {
    const room = this.opened();
    const [{ offer }] = Object.values(await this.client.request(document, { input }));
    room.offer = offer;
  }

  leave() {
    for (const end of this.endings.splice(0)) end();
    this.room = null;
  }

  other() {
    const others = this.opened().participants.filter(({ user }) => user.id !== this.me.id);
    if (others.length !== 1) throw new Error('name the user: this is not a conversation of two');
    return others[0].user.id;
  }
}

const COMMANDS = {
  help: async (chat) => chat.screen.print(HELP),
  list: async (chat) => {
    const found = await chat.client.request(documents.ConversationsDocument, { first: 15 });
    chat.list = found.conversations.nodes;
    for (const [index, { subject, participants, unreadCount }] of chat.list.entries()) {
      const names = participants.map(({ user }) => user.username).join(', ');
      chat.screen.print(`${index + 1}. ${subject ?? ''} (${names}) unread: ${unreadCount}`);
    }
  },
  open: (chat, rest) => chat.open(rest),
  close: async (chat) => chat.leave(),
  history: (chat) => chat.snapshot(chat.opened().id),
  send: (chat, content) =>
    chat.client.request(documents.SendMessageDocument, {
      input: { conversationId: chat.opened().id, content, clientMessageId: crypto.randomUUID() },
    }),
  type: (chat, rest) =>
    chat.client.request(documents.SetTypingDocument, {
      input: { conversationId: chat.opened().id, isTyping: rest !== 'off' },
    }),
  read: (chat) => {
    const { id: conversationId, lastSequence: sequence } = chat.opened();
    return chat.client.request(documents.MarkReadDocument, { input: { conversationId, sequence } });
  },
  offer: (chat, rest) =>
    chat.negotiated(documents.CreateOfferDocument, {
      conversationId: chat.opened().id,
      recipientId: chat.other(),
      items: termsOf(rest, chat.me.id, chat.other()),
    }),
  step: (chat, rest, _words, word) => {
    const { offer } = chat.opened();
    if (!offer) throw new Error('there is no offer here');
    const input = { offerId: offer.id, version: offer.version };
    if (word === 'counter') input.items = termsOf(rest, chat.me.id, chat.other());
    return chat.negotiated(OFFER_STEPS[word], input);
  },
  block: (chat, rest) =>
    chat.client.request(documents.BlockUserDocument, { input: { userId: rest || chat.other() } }),
  unblock: (chat, rest) =>
    chat.client.request(documents.UnblockUserDocument, { input: { userId: rest || chat.other() } }),
  wait: (_chat, rest) => new Promise((done) => setTimeout(done, 1_000 * Number(rest || 1))),
};
