import { eventIn } from './marker';
import { WebSocketClient } from './web-socket';

/** How a peer is spoken to. */
export type Protocol = 'graphql' | 'socket-io' | 'raw';

/** What a subscriber wants to see of each message. `inbox`: with a field that is each viewer's own. */
export type Selection = 'plain' | 'inbox';

export interface SessionOptions {
  port: number;
  token: string;
  onDelivery: (event: number) => void;
  onLost: (reason: string) => void;
}

export interface Subscription {
  conversationId: string;
  selection: Selection;
  /** For a server that knows resuming: what has a greater sequence. */
  after: number | null;
}

interface Pending {
  resolve: () => void;
  reject: (error: Error) => void;
}

/** One device's socket, whatever it speaks. */
export abstract class Session {
  protected readonly socket: WebSocketClient;
  private readonly pending = new Map<string, Pending>();
  private requests = 0;

  constructor(
    protected readonly options: SessionOptions,
    address: { path: string; subprotocol: string | null },
  ) {
    this.socket = new WebSocketClient({
      port: options.port,
      ...address,
      onText: (buffer, start, end) => this.receive(buffer, start, end),
      onLost: (reason) => {
        for (const { reject } of this.pending.values()) reject(new Error(reason));
        options.onLost(reason);
      },
    });
  }

  /** Connects and says who it is; resolves when the server has let it in. */
  async open(): Promise<void> {
    await this.socket.open();
    await this.introduce();
  }

  /** Resolves when it is asked for; whether the server has it by then is the protocol's secret. */
  abstract subscribe(subscription: Subscription): Promise<void>;

  /** Sends messages in one write; resolves when each is answered. */
  async send(conversationId: string, contents: readonly string[]): Promise<void> {
    const ids = contents.map(() => this.newId());
    const answered = ids.map((id) => this.answer(id));
    this.socket.send(
      ...contents.map((content, index) => this.request(ids[index]!, conversationId, content)),
    );
    await Promise.all(answered);
  }

  close(): void {
    this.socket.close();
  }

  protected abstract introduce(): Promise<void>;
  /** The frame that sends a message. */
  protected abstract request(id: string, conversationId: string, content: string): string;
  /** Any text that is no delivery. */
  protected abstract control(text: string): void;

  protected newId(): string {
    return String(++this.requests);
  }

  protected answer(id: string): Promise<void> {
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }

  /** @param refusal null: done */
  protected settle(id: string, refusal: string | null): void {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    if (refusal === null) pending?.resolve();
    else if (pending) pending.reject(new Error(refusal));
    else this.options.onLost(refusal);
  }

  private receive(buffer: Buffer, start: number, end: number): void {
    const event = eventIn(buffer, start, end);
    if (event === -1) this.control(buffer.toString('utf8', start, end));
    else this.options.onDelivery(event);
  }
}
