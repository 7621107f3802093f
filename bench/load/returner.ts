import { subscriptionDocument } from './documents';
import { WebSocketClient } from './web-socket';

/** A person who has to come back, the conversation that they follow, and the people that they watch. */
export interface ReturningMember {
  userId: string;
  conversationId: string;
  /** The events after this position are due at every return, at a server that can replay them. */
  after: number;
  /** The number of those events. */
  due: number;
  watched: readonly string[];
}

export interface ReturnerOptions {
  member: ReturningMember;
  token: string;
  port: number;
  /** Everything that was asked for is there. */
  onLive: () => void;
  /** A subscription is refused for now, and is asked for again. */
  onRefused: () => void;
  /** Called once, whether or not it was live. */
  onLost: (reason: string) => void;
}

/** One connection of a person who comes back, from its start until it is lost. */
export abstract class Returner {
  protected readonly socket: WebSocketClient;
  private isLive = false;
  private isLost = false;

  constructor(
    protected readonly options: ReturnerOptions,
    address: { path: string; subprotocol: string | null },
  ) {
    this.socket = new WebSocketClient({
      port: options.port,
      ...address,
      onText: (buffer, start, end) => this.receive(buffer, start, end),
      onLost: (reason) => this.lose(reason),
    });
    this.socket.open().then(
      () => this.introduce(),
      // It has been lost, which `onLost` hears as well.
      () => undefined,
    );
  }

  protected get isOpen(): boolean {
    return !this.isLost;
  }

  close(): void {
    this.isLost = true;
    this.socket.close();
  }

  /** Its state in words, for an error. */
  abstract readonly progress: string;
  protected abstract introduce(): void;
  protected abstract receive(buffer: Buffer, start: number, end: number): void;

  protected live(): void {
    if (this.isLive) return;
    this.isLive = true;
    this.options.onLive();
  }

  /** Gives it up. */
  protected fail(reason: string): void {
    this.lose(reason);
    this.socket.close();
  }

  private lose(reason: string): void {
    if (this.isLost) return;
    this.isLost = true;
    this.options.onLost(reason);
  }
}

/** The wait before a refused subscription is asked for again, unless the server names one. */
const RETRY_AFTER_MS = 1_000;
const FOLLOWED_ID = 'f';
const WATCHED_ID = 'w';
const FOLLOWED = subscriptionDocument('plain', true);
const WATCHED = `subscription Watched($userIds: [ID!]!) {
  userPresence(userIds: $userIds) { id online lastSeenAt }
}`;
/** Beginnings of what is due: it is counted without being read. */
const EVENT = nextOf(FOLLOWED_ID, 'messageAdded');
const PRESENCE = nextOf(WATCHED_ID, 'userPresence');

function nextOf(id: string, field: string): Buffer {
  return Buffer.from(`{"id":"${id}","type":"next","payload":{"data":{"${field}":{`);
}

/** Is live when its connection is acknowledged, its replay complete and the state of all whom it watches told. */
export class GraphQLReturner extends Returner {
  private isAcknowledged = false;
  private events = 0;
  private presences = 0;

  constructor(options: ReturnerOptions) {
    super(options, { path: '/graphql', subprotocol: 'graphql-transport-ws' });
  }

  protected introduce(): void {
    const payload = { authorization: `Bearer ${this.options.token}` };
    this.socket.send(JSON.stringify({ type: 'connection_init', payload }));
  }

  protected receive(buffer: Buffer, start: number, end: number): void {
    if (startsWith(buffer, start, end, PRESENCE)) this.presences++;
    else if (startsWith(buffer, start, end, EVENT)) this.events++;
    else this.control(buffer.toString('utf8', start, end));
    const { due, watched } = this.options.member;
    if (this.events >= due && this.presences >= watched.length) this.live();
  }

  private control(text: string): void {
    const { id, type, payload } = JSON.parse(text);
    const extensions = type === 'error' ? payload[0]?.extensions : undefined;
    if (type === 'ping') this.socket.send('{"type":"pong"}');
    else if (type === 'connection_ack') this.subscribe();
    else if (extensions?.code === 'UNAVAILABLE') this.askAgain(id, extensions.retryAfterMs);
    else this.fail(text);
  }

  /** As `resumable` of Parley's client does it. */
  private askAgain(id: string, retryAfterMs = RETRY_AFTER_MS): void {
    this.options.onRefused();
    if (id === FOLLOWED_ID) this.events = 0;
    else this.presences = 0;
    const frame = id === FOLLOWED_ID ? this.followedFrame() : this.watchedFrame();
    setTimeout(() => this.isOpen && this.socket.send(frame), retryAfterMs * (1 + Math.random()));
  }

  get progress(): string {
    const { isAcknowledged, events, presences } = this;
    return `${isAcknowledged ? '' : 'not '}acknowledged, ${events} events, ${presences} presences`;
  }

  private subscribe(): void {
    this.isAcknowledged = true;
    this.socket.send(this.followedFrame(), this.watchedFrame());
  }

  private followedFrame(): string {
    const { conversationId, after } = this.options.member;
    return subscribeFrame(FOLLOWED_ID, FOLLOWED, { id: conversationId, after });
  }

  private watchedFrame(): string {
    return subscribeFrame(WATCHED_ID, WATCHED, { userIds: this.options.member.watched });
  }
}

function subscribeFrame(id: string, query: string, variables: object): string {
  return JSON.stringify({ id, type: 'subscribe', payload: { query, variables } });
}

function startsWith(buffer: Buffer, start: number, end: number, beginning: Buffer): boolean {
  const length = beginning.length;
  return end - start >= length && buffer.compare(beginning, 0, length, start, start + length) === 0;
}

const RETURN_ID = '1';

/** Is live when the server has answered that its rooms are joined. */
export class SocketIoReturner extends Returner {
  progress = 'not let in';

  constructor(options: ReturnerOptions) {
    super(options, { path: '/socket.io/?EIO=4&transport=websocket', subprotocol: null });
  }

  protected introduce(): void {
    this.socket.send(`40${JSON.stringify({ token: this.options.token })}`);
  }

  protected receive(buffer: Buffer, start: number, end: number): void {
    // An event, of presence or of a message: it is not waited for.
    if (buffer[start] === 0x34 && buffer[start + 1] === 0x32) return;
    const text = buffer.toString('utf8', start, end);
    const { conversationId, watched } = this.options.member;
    if (text === '2') this.socket.send('3');
    else if (text.startsWith('40')) {
      this.progress = 'let in';
      this.socket.send(`42${RETURN_ID}${JSON.stringify(['return', { conversationId, watched }])}`);
    } else if (text.startsWith(`43${RETURN_ID}`)) this.live();
    else if (!text.startsWith('0')) this.fail(text);
  }
}
