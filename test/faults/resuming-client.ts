import { resumable } from '@parley/client';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

const EVENTS = `subscription ($conversationId: ID!, $after: Int!) {
  conversationEvents(conversationId: $conversationId, after: $after) { sequence }
}`;
const GOING_AWAY = 1001;
/** Clients that come back all at once would be the fault that is looked for. */
const SHORTEST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 1_200;

/** One client of ours that follows a conversation from its beginning, and comes back by itself. */
export class ResumingClient {
  readonly received: number[] = [];
  connections = 0;
  /** Connections that were refused, or closed otherwise than by a node that says that it ends. */
  readonly complaints: string[] = [];
  /** The error with which its subscription ended; null while it goes on. */
  ending: string | null = null;
  private readonly client: Client;
  private stopped = false;

  constructor(
    url: string,
    token: string,
    readonly conversationId: string,
  ) {
    let isOpen = false;
    let failure = '';
    this.client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, waitMs())),
      shouldRetry: () => true,
      connectionParams: { token },
      onNonLazyError: () => {},
    });
    this.client.on('opened', () => {
      isOpen = true;
    });
    this.client.on('error', (error) => {
      failure = (error as { message?: string }).message ?? '';
    });
    this.client.on('connected', () => {
      this.connections++;
    });
    this.client.on('closed', (event) => {
      const { code, reason } = event as WebSocket.CloseEvent;
      if (!this.stopped && !(isOpen && code === GOING_AWAY))
        this.complaints.push(`${isOpen ? 'closed' : 'refused'} with ${code} ${reason}${failure}`);
      isOpen = false;
      failure = '';
    });
  }

  start(): void {
    resumable(this.client).subscribe<{ conversationEvents: { sequence: number } }>(
      { query: EVENTS, variables: { conversationId: this.conversationId, after: 0 } },
      {
        next: ({ data, errors }) => {
          if (data) this.received.push(data.conversationEvents.sequence);
          else this.end(errors);
        },
        error: (error) => this.end(error),
        complete: () => this.end('complete'),
      },
    );
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client.dispose();
  }

  private end(error: unknown): void {
    if (this.stopped) return;
    this.ending = error instanceof Error ? error.message : JSON.stringify(error);
  }
}

function waitMs(): number {
  return SHORTEST_WAIT_MS + Math.random() * (LONGEST_WAIT_MS - SHORTEST_WAIT_MS);
}
