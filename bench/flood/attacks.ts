/**
 * The attacks of `npm run bench -- flood`. Each has users of its own, with frames and requests that
 * were made beforehand as far as possible.
 */
import { tokenOf } from '../load/tokens';
import { type Attack, batches, connections, every, requests, together } from './attack';
import {
  BUSY_CONVERSATION,
  bigList,
  DEAR_QUERIES,
  dearSubscription,
  FOLLOW,
  freshDocument,
  ME,
  SEND,
  SET_TYPING,
} from './documents';
import { initFrame, messageFrame, postRequest, subscribeFrame, type Target } from './frames';
import { HttpPeer, SocketPeer } from './peers';

/** The users of the attackers. They take part in all groups that are seeded. */
export const MALLORIES = 10;

interface AttackKind {
  summary: string;
  begin(target: Target): Attack;
}

const TICK_MS = 10;
/** The time between the subscriptions of the one who reads nothing. */
const FOLLOW_MS = 150;
const PING = messageFrame({ type: 'ping' });

function tokenOfMallory(number: number): string {
  return tokenOf(`mallory-${number}`);
}

function joined(count: number, make: (index: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));
}

function post(target: Target, user: number, body: object): Buffer {
  return postRequest(target.port, tokenOfMallory(user), JSON.stringify(body));
}

/** Keeps connections that never say who they are. */
function uninitialised(target: Target): Attack {
  return connections(2_000, (attack, onEnd) => {
    attack.tried++;
    return new SocketPeer(target, { onEnd });
  });
}

function operations(target: Target): Attack {
  const frames = joined(10_000, (index) => subscribeFrame(String(index), ME));
  const batch = { frames, operations: 10_000, answers: 10_000 };
  return batches(target, 1, initFrame(tokenOfMallory(0)), () => batch);
}

function dear(query: string) {
  return (target: Target) => {
    const request = post(target, 1, { query });
    return requests(target, 20, () => request);
  };
}

/** 500 a second over HTTP and 500 over a socket. One in two is a repeat of the same one. */
function messages(target: Target): Attack {
  const input = (index: number) => ({
    conversationId: BUSY_CONVERSATION,
    content: 'The same again',
    ...(index % 2 === 0 && { clientMessageId: 'again' }),
  });
  const variables = [0, 1].map((index) => ({ input: input(index) }));
  const posts = variables.map((one) => post(target, 2, { query: SEND, variables: one }));
  const http: HttpPeer[] = [];
  const overHttp = connections(20, (attack, onEnd, index) => {
    http[index] = new HttpPeer(target, () => attack.answered++, onEnd);
    return http[index]!;
  });
  const { attack: overSocket, peer } = acknowledged(target, 2);
  let round = 0;
  return every(TICK_MS, together(overHttp, overSocket), () => {
    round++;
    overHttp.tried += 5;
    for (let index = 0; index < 5; index++)
      http[(round * 5 + index) % http.length]!.write(posts[index % 2]!);
    if (peer() === null) return;
    overSocket.tried += 5;
    peer()!.write(
      joined(5, (index) => subscribeFrame(`${round}-${index}`, SEND, variables[index % 2])),
    );
  });
}

/** Keeps one socket of a user open. `peer` returns it once it is acknowledged. */
function acknowledged(target: Target, user: number) {
  let ready: SocketPeer | null = null;
  const attack = connections(1, (own, onEnd) => {
    ready = null;
    const peer: SocketPeer = new SocketPeer(target, {
      first: initFrame(tokenOfMallory(user)),
      onFrame() {
        own.answered++;
        ready = peer;
      },
      onEnd,
    });
    return peer;
  });
  return { attack, peer: () => ready };
}

/** Sends long messages to the busy conversation, five a second. */
function writer(target: Target, user: number): Attack {
  const input = { conversationId: BUSY_CONVERSATION, content: 'x'.repeat(10_000) };
  let number = 0;
  const { attack, peer } = acknowledged(target, user);
  return every(200, attack, () => {
    if (peer() === null) return;
    attack.tried++;
    peer()!.write(subscribeFrame(String(number++), SEND, { input }));
  });
}

/** Subscribes 100 times on each of 20 sockets to a busy conversation, and reads nothing. */
function noReader(target: Target): Attack {
  // More of one user at a time would be refused.
  const [ROUNDS, AT_ONCE] = [20, 5];
  const follow = (round: number) =>
    joined(AT_ONCE, (index) =>
      subscribeFrame(`${round}-${index}`, FOLLOW, { id: BUSY_CONVERSATION }),
    );
  const readers = connections(20, (attack, onEnd) => {
    const subscribe = (round: number) => {
      attack.tried += AT_ONCE;
      peer.write(follow(round));
      if (round < ROUNDS) setTimeout(subscribe, FOLLOW_MS, round + 1).unref();
    };
    const peer = new SocketPeer(target, {
      first: initFrame(tokenOfMallory(3)),
      onFrame() {
        peer.stopReading();
        subscribe(1);
      },
      onEnd,
    });
    return peer;
  });
  return together(readers, ...[4, 5, 6].map((user) => writer(target, user)));
}

/** Subscribes 100 times to a busy conversation, each time with a page of messages of its own. */
function dearSubscriptions(target: Target): Attack {
  const follow = joined(100, (index) =>
    subscribeFrame(String(index), dearSubscription(index), { id: BUSY_CONVERSATION }),
  );
  let isFirst = true;
  const readers = connections(1, (attack, onEnd) => {
    isFirst = true;
    const peer = new SocketPeer(target, {
      first: initFrame(tokenOfMallory(7)),
      onFrame() {
        attack.answered++;
        if (!isFirst) return;
        isFirst = false;
        attack.tried += 100;
        peer.write(follow);
      },
      onEnd,
    });
    return peer;
  });
  return together(readers, ...[4, 5, 6].map((user) => writer(target, user)));
}

/** Asks for answers of a megabyte over HTTP, and reads nothing. */
function httpNoReader(target: Target): Attack {
  const request = post(target, 7, { query: DEAR_QUERIES.contents });
  const many = joined(10, () => request);
  return connections(20, (attack, onEnd) => {
    const peer = new SocketPeer(target, { request: many, onEnd });
    attack.tried += 10;
    peer.stopReading();
    return peer;
  });
}

function freshDocuments(target: Target): Attack {
  let number = 0;
  return batches(target, 20, initFrame(tokenOfMallory(8)), () => ({
    frames: joined(10, () => subscribeFrame(String(number), freshDocument(number++))),
    operations: 10,
    answers: 10,
  }));
}

function bodies(target: Target): Attack {
  const request = post(target, 7, bigList());
  return requests(target, 20, () => request);
}

function invalidTokens(target: Target): Attack {
  const token = `${tokenOfMallory(0).slice(0, -4)}AAAA`;
  const request = postRequest(target.port, token, JSON.stringify({ query: ME }));
  const peers: HttpPeer[] = [];
  const attack = connections(10, (own, onEnd, index) => {
    peers[index] = new HttpPeer(target, () => own.answered++, onEnd);
    return peers[index]!;
  });
  let next = 0;
  return every(TICK_MS, attack, () => {
    for (let index = 0; index < 3; index++) {
      attack.tried++;
      peers[next++ % peers.length]!.write(request);
    }
  });
}

/** Opens sockets of one user, and closes each when it is acknowledged. */
function comingAndGoing(target: Target): Attack {
  return connections(10, (attack, onEnd) => {
    attack.tried++;
    const onFrame = () => {
      attack.answered++;
      peer.destroy();
    };
    const peer = new SocketPeer(target, { first: initFrame(tokenOfMallory(9)), onFrame, onEnd });
    return peer;
  });
}

function typing(target: Target): Attack {
  const input = (index: number) => ({
    conversationId: BUSY_CONVERSATION,
    isTyping: index % 2 === 0,
  });
  const frames = joined(90, (index) =>
    subscribeFrame(String(index), SET_TYPING, { input: input(index) }),
  );
  const batch = { frames, operations: 90, answers: 90 };
  return batches(target, 1, initFrame(tokenOfMallory(8)), () => batch);
}

function subscriptions(target: Target): Attack {
  const frames = joined(50, (index) =>
    Buffer.concat([
      subscribeFrame(String(index), FOLLOW, { id: BUSY_CONVERSATION }),
      messageFrame({ id: String(index), type: 'complete' }),
    ]),
  );
  const batch = { frames: Buffer.concat([frames, PING]), operations: 50, answers: 1 };
  return batches(target, 1, initFrame(tokenOfMallory(9)), () => batch);
}

export const ATTACKS: Readonly<Record<string, AttackKind>> = {
  uninitialised: { summary: '2,000 sockets that never initialise', begin: uninitialised },
  operations: { summary: '10,000 operations in one write on a socket', begin: operations },
  'no-reader': { summary: '2,000 subscriptions of one user, unread', begin: noReader },
  'dear-subscriptions': {
    summary: '100 subscriptions with a page each',
    begin: dearSubscriptions,
  },
  'http-no-reader': { summary: '200 answers of 1 MB over HTTP, unread', begin: httpNoReader },
  messages: { summary: '1,000 messages a second of one user', begin: messages },
  'dear-offers': { summary: 'offers with their histories', begin: dear(DEAR_QUERIES.offers!) },
  'dear-conversations': {
    summary: 'conversations with their people',
    begin: dear(DEAR_QUERIES.conversations!),
  },
  'dear-contents': { summary: 'pages of long messages', begin: dear(DEAR_QUERIES.contents!) },
  'dear-counts': { summary: 'conversations with counts', begin: dear(DEAR_QUERIES.counts!) },
  documents: { summary: 'new documents of 5,000 tokens', begin: freshDocuments },
  bodies: { summary: 'bodies of 256 KiB with a long list', begin: bodies },
  'invalid-tokens': { summary: '300 invalid tokens a second', begin: invalidTokens },
  'coming-and-going': { summary: 'sockets opened and closed', begin: comingAndGoing },
  typing: { summary: 'setTyping, 90 at once', begin: typing },
  subscriptions: { summary: 'subscriptions begun and completed', begin: subscriptions },
};
