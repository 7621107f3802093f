import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Signer } from './keys';

/** The public key of a signer as a key set has it. */
export function jwkOf({ publicKey }: Pick<Signer, 'publicKey'>, more: object = {}): object {
  return { ...publicKey.export({ format: 'jwk' }), ...more };
}

/** A server that publishes keys, well or badly. */
export class IdentityProvider {
  /** When each request came, in milliseconds. */
  readonly requestedAtMs: number[] = [];
  private readonly held: ServerResponse[] = [];
  private listener: RequestListener = (_request, response) => response.end('{}');
  private server: Server | null = null;
  private port = 0;

  static async start(): Promise<IdentityProvider> {
    const provider = new IdentityProvider();
    await provider.listen();
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/.well-known/jwks.json`;
  }

  publish(...keys: object[]): void {
    this.say(JSON.stringify({ keys }));
  }

  say(body: string, status = 200, headers: Record<string, string> = {}): void {
    this.answer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body);
    });
  }

  /** Takes requests, and answers them when {@link release} is called. */
  hold(): void {
    this.answer((_request, response) => void this.held.push(response));
  }

  release(...keys: object[]): void {
    for (const response of this.held.splice(0)) response.end(JSON.stringify({ keys }));
  }

  answer(listener: RequestListener): void {
    this.listener = listener;
  }

  /** Listens, at the port of before when it did already. */
  async listen(): Promise<void> {
    this.server = createServer((request, response) => {
      this.requestedAtMs.push(performance.now());
      this.listener(request, response);
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops listening, and breaks what is under way. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
