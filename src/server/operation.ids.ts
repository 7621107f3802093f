/** A message of graphql-transport-ws. `id` names its operation. */
interface Message {
  type?: unknown;
  id?: unknown;
}

/** The limit of an id: it stays in memory with its operation and is part of each of its frames. */
const MAX_ID_LENGTH = 256;

/**
 * The ids of one connection's operations. Clients usually send UUIDs, some count.
 *
 * A client may use an id again as soon as it has completed the operation. The operation may still
 * be ending then, and graphql-ws would take its end for that of the new one. So graphql-ws runs the
 * new one under an id of our own, which is replaced in its messages. The client sees its own.
 */
export class OperationIds {
  /** One operation under way. Most sockets have no further ones, and then need no set. */
  private first: string | null = null;
  private further: Set<string> | null = null;
  /** The operations under way that the client has completed. */
  private completed: Set<string> | null = null;
  /** The client's ids of the operations that run under an id of our own. */
  private renamed: Map<string, string> | null = null;
  private renames = 0;

  /** Replaces the id in a client's message by the one under which its operation runs. */
  receive(message: Message): void {
    const { type, id } = message;
    if (typeof id !== 'string') return;
    const running = this.running(id);
    if (type === 'subscribe' && running === null && this.isUnderWay(id)) {
      const own = `${id}\u0000${++this.renames}`;
      this.renamed = (this.renamed ?? new Map()).set(own, id);
      message.id = own;
    } else if (type === 'complete' && running !== null) {
      message.id = running;
      this.completed = (this.completed ?? new Set()).add(running);
    }
  }

  /** Returns the client's id of an operation. */
  ofClient(id: string): string {
    return this.renamed?.get(id) ?? id;
  }

  /** Returns the text of a message to the client with the client's own id. */
  send(text: string): string {
    if (!this.renamed) return text;
    const message = JSON.parse(text) as Message;
    if (typeof message.id === 'string') message.id = this.ofClient(message.id);
    return JSON.stringify(message);
  }

  /**
   * Begins an operation: its id is in use until {@link end}.
   *
   * @returns the reason why it cannot begin; null when it has begun
   */
  begin(id: string): 'in use' | 'too long' | null {
    if (this.isUnderWay(id) || this.running(id) !== null) return 'in use';
    if (this.ofClient(id).length > MAX_ID_LENGTH) return 'too long';
    if (this.first === null) this.first = id;
    else this.further = (this.further ?? new Set()).add(id);
    return null;
  }

  end(id: string): void {
    if (this.first === id) this.first = null;
    else this.further?.delete(id);
    this.completed?.delete(id);
    // Its last message is sent within this turn of the event loop, and needs the client's id.
    if (this.renamed?.has(id)) setImmediate(() => this.forget(id));
  }

  private forget(id: string): void {
    this.renamed?.delete(id);
    if (this.renamed?.size === 0) this.renamed = null;
  }

  private isUnderWay(id: string): boolean {
    return this.first === id || this.further?.has(id) === true;
  }

  /**
   * Returns the id under which the client's operation with its id runs; null when it has none that
   * is under way and that it has not completed.
   */
  private running(id: string): string | null {
    if (this.isOpen(id)) return id;
    for (const [own, ofClient] of this.renamed ?? [])
      if (ofClient === id && this.isOpen(own)) return own;
    return null;
  }

  private isOpen(running: string): boolean {
    return this.isUnderWay(running) && this.completed?.has(running) !== true;
  }
}
