import type { Target } from './frames';
import { HttpPeer, SocketPeer } from './peers';

/** An attack that goes on until it is ended. */
export interface Attack {
  /** Connections, operations or requests that were tried. */
  tried: number;
  /** Frames or answers that came back. */
  answered: number;
  /** Connections that the server ended. */
  ended: number;
  end(): void;
}

/** The time after which a connection that was ended is opened again. */
const AGAIN_MS = 5;
/** The size of `{"type":"pong"}`. */
const PONG_BYTES = 15;
/** What is smaller, and no pong, is the end of an operation. */
const ANSWER_BYTES = 40;

interface Endable {
  destroy(): void;
}

/** Keeps `count` connections open. `open` opens one, and has to call `onEnd` once it has ended. */
export function connections<Peer extends Endable>(
  count: number,
  open: (attack: Attack, onEnd: () => void, index: number) => Peer,
): Attack {
  const peers = new Set<Peer>();
  let isOver = false;
  const attack: Attack = {
    tried: 0,
    answered: 0,
    ended: 0,
    end() {
      isOver = true;
      for (const peer of peers) peer.destroy();
    },
  };
  const openAt = (index: number) => {
    if (isOver) return;
    const onEnd = () => {
      peers.delete(peer);
      if (isOver) return;
      attack.ended++;
      setTimeout(openAt, AGAIN_MS, index);
    };
    const peer = open(attack, onEnd, index);
    peers.add(peer);
  };
  for (let index = 0; index < count; index++) openAt(index);
  return attack;
}

/** Sends requests over `count` kept connections, the next one when the last one was answered. */
export function requests(target: Target, count: number, next: () => Buffer): Attack {
  return connections(count, (attack, onEnd) => {
    const ask = () => {
      attack.tried++;
      peer.write(next());
    };
    const onAnswer = () => {
      attack.answered++;
      ask();
    };
    const peer: HttpPeer = new HttpPeer(target, onAnswer, onEnd);
    ask();
    return peer;
  });
}

export interface Batch {
  frames: Buffer;
  operations: number;
  /** The frames that the server sends for it, the ends of operations left out. */
  answers: number;
}

/** Sends batches over `count` sockets, the next one when the last one was answered. */
export function batches(
  target: Target,
  count: number,
  first: Buffer,
  nextBatch: () => Batch,
): Attack {
  return connections(count, (attack, onEnd) => {
    // The acknowledgement.
    let due = 1;
    const onFrame = (size: number) => {
      if (size > PONG_BYTES && size < ANSWER_BYTES) return;
      attack.answered++;
      if (--due > 0) return;
      const { frames, operations, answers } = nextBatch();
      due = answers;
      attack.tried += operations;
      peer.write(frames);
    };
    const peer: SocketPeer = new SocketPeer(target, { first, onFrame, onEnd });
    return peer;
  });
}

/** Calls `send` at an interval, as long as the attack goes on. */
export function every(ms: number, attack: Attack, send: () => void): Attack {
  const timer = setInterval(send, ms);
  return together(attack, {
    tried: 0,
    answered: 0,
    ended: 0,
    end: () => clearInterval(timer),
  });
}

/** Several attacks as one. */
export function together(...attacks: readonly Attack[]): Attack {
  const sum = (name: 'tried' | 'answered' | 'ended') =>
    attacks.reduce((total, attack) => total + attack[name], 0);
  return {
    get tried() {
      return sum('tried');
    },
    get answered() {
      return sum('answered');
    },
    get ended() {
      return sum('ended');
    },
    end() {
      for (const attack of attacks) attack.end();
    },
  };
}
