import { Session, type SessionOptions, type Subscription } from './session';

/** JSON texts of the raw peer's own: requests `{ id, join | send }`, answers `{ answer: id }`. */
export class RawSession extends Session {
  constructor(options: SessionOptions) {
    super(options, { path: '/', subprotocol: null });
  }

  protected async introduce(): Promise<void> {}

  async subscribe({ conversationId }: Subscription): Promise<void> {
    const id = this.newId();
    const joined = this.answer(id);
    this.socket.send(JSON.stringify({ id, join: conversationId }));
    await joined;
  }

  protected request(id: string, conversationId: string, content: string): string {
    return JSON.stringify({ id, send: { conversationId, content } });
  }

  protected control(text: string): void {
    this.settle(JSON.parse(text).answer, null);
  }
}
