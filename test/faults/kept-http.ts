import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';

const CONNECTIONS = 16;
const TIMEOUT_MS = 60_000;

/** GraphQL over a few HTTP connections that are kept alive. Nothing is asked twice. */
export class KeptHttp {
  /** Each connection in its turn, so that none lies idle until its node ends it. */
  private readonly agent = new Agent({
    keepAlive: true,
    maxSockets: CONNECTIONS,
    scheduling: 'fifo',
  });

  constructor(private readonly url: string) {}

  /** @throws {Error} it is not answered, or not with data alone */
  async ask<Data>(token: string, query: string, variables: object): Promise<Data> {
    const body = JSON.stringify({ query, variables });
    const asking = request(`${this.url}/graphql`, {
      agent: this.agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: `Bearer ${token}`,
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    asking.end(body);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const answer = response.statusCode === 200 ? JSON.parse(text) : null;
    if (!answer?.data || answer.errors) throw new Error(`${response.statusCode} ${text}`);
    return answer.data;
  }

  close(): void {
    this.agent.destroy();
  }
}
