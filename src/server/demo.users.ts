/** The demo's users, as whom the demo and GraphiQL sign in where the server makes their tokens. */
import type { FastifyInstance } from 'fastify';

/** A user of the demo and a token, with which a page connects as this user. */
export interface DemoUser {
  id: string;
  displayName: string;
  token: string;
}

/** Makes new tokens of the demo's users. null: pages ask their users for a token. */
export type MakeDemoUsers = (() => DemoUser[]) | null;

/** Serves the demo's users at `/demo/users`. */
export function addDemoUsers(app: FastifyInstance, makeUsers: MakeDemoUsers): void {
  app.get('/demo/users', async (_request, sink) =>
    sink.header('cache-control', 'no-store').send({ users: makeUsers?.() ?? null }),
  );
}
