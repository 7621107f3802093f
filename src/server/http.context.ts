import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Session } from '../auth/authenticator';
import { Context } from '../graphql/context';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';

/** The context of an operation over HTTP. */
export class HttpContext extends Context {
  /**
   * True once the log has a line about each error of the operation. Apollo refuses some requests
   * before they are operations. It also copies the context, and the copies share this object.
   */
  readonly errors = { areLogged: false };

  constructor(
    services: Services,
    session: Session | null,
    requestId: string,
    logger: Logger,
    private readonly socket: Socket,
    private readonly response: ServerResponse,
  ) {
    super(services, session, requestId, logger);
  }

  /** Leaves the span open: it is that of the request, and ends with the response. */
  override endSpan(): void {}

  override get isAbandoned(): boolean {
    return this.socket.destroyed;
  }

  override whenRead(): Promise<void> {
    const { socket, response } = this;
    return new Promise((resolve) => {
      if (socket.destroyed || response.closed) return resolve();
      const settle = () => {
        socket.off('close', settle);
        resolve();
      };
      // A response that waits for one before it on the connection is told nothing of its end.
      socket.on('close', settle);
      response.once('close', settle);
    });
  }
}
