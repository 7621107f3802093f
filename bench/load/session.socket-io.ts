import { Session, type SessionOptions, type Subscription } from './session';

const CONNECTED = 'connected';

/**
 * Socket.IO 5 in Engine.IO 4 over a WebSocket from the start (https://socket.io/docs/v4/socket-io-protocol/). Texts
 * begin with Engine.IO's type (0 open, 2 ping, 3 pong, 4 message), then Socket.IO's (0 connect, 2 event, 3 answer).
 */
export class SocketIoSession extends Session {
  constructor(options: SessionOptions) {
    super(options, { path: '/socket.io/?EIO=4&transport=websocket', subprotocol: null });
  }

  protected async introduce(): Promise<void> {
    const connected = this.answer(CONNECTED);
    this.socket.send(`40${JSON.stringify({ token: this.options.token })}`);
    await connected;
  }

  async subscribe({ conversationId }: Subscription): Promise<void> {
    const id = this.newId();
    const joined = this.answer(id);
    this.socket.send(`42${id}${JSON.stringify(['join', conversationId])}`);
    await joined;
  }

  protected request(id: string, conversationId: string, content: string): string {
    return `42${id}${JSON.stringify(['send', { conversationId, content }])}`;
  }

  protected control(text: string): void {
    if (text === '2') this.socket.send('3');
    else if (text.startsWith('40')) this.settle(CONNECTED, null);
    else if (text.startsWith('44')) this.settle(CONNECTED, text.slice(2));
    else if (text.startsWith('43')) this.answered(text);
  }

  private answered(text: string): void {
    const [, id, answers] = /^43(\d+)(.*)$/s.exec(text)!;
    const [answer] = JSON.parse(answers!);
    this.settle(id!, answer.error === undefined ? null : String(answer.error));
  }
}
