import { randomUUID } from 'node:crypto';
import { SEND_DOCUMENT, subscriptionDocument } from './documents';
import { Session, type SessionOptions, type Subscription } from './session';

const ACKNOWLEDGEMENT = 'acknowledgement';

/** graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
export class GraphQLSession extends Session {
  /** Of the subscription: as the usual clients make them. */
  private readonly id = randomUUID();

  constructor(options: SessionOptions) {
    super(options, { path: '/graphql', subprotocol: 'graphql-transport-ws' });
  }

  protected async introduce(): Promise<void> {
    const acknowledged = this.answer(ACKNOWLEDGEMENT);
    const payload = { authorization: `Bearer ${this.options.token}` };
    this.socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await acknowledged;
  }

  async subscribe({ conversationId, selection, after }: Subscription): Promise<void> {
    const query = subscriptionDocument(selection, after !== null);
    const variables = { id: conversationId, ...(after !== null && { after }) };
    this.socket.send(
      JSON.stringify({ id: this.id, type: 'subscribe', payload: { query, variables } }),
    );
  }

  protected request(id: string, conversationId: string, content: string): string {
    const variables = { input: { conversationId, content } };
    return JSON.stringify({ id, type: 'subscribe', payload: { query: SEND_DOCUMENT, variables } });
  }

  protected control(text: string): void {
    const { id, type, payload } = JSON.parse(text);
    if (type === 'connection_ack') this.settle(ACKNOWLEDGEMENT, null);
    else if (type === 'ping') this.socket.send('{"type":"pong"}');
    else if (type === 'complete')
      this.settle(id, id === this.id ? 'the subscription has ended' : null);
    else if (type === 'error') this.settle(id, JSON.stringify(payload));
    else if (payload?.errors) this.settle(id, JSON.stringify(payload.errors));
  }
}
