import type { Answer, Person } from '../support/person';
import { type Document, documentOf, type Operation, type Variables } from './schema';
import type { Outcome } from './table/row';

export const TRANSPORTS = ['HTTP', 'a socket'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Settings under which the widest selections are no more than is allowed. */
export const WIDE = {
  LIMIT_ALIASES: '100000',
  LIMIT_BODY_BYTES: '100000000',
  LIMIT_COST: '2147483647',
  LIMIT_DEPTH: '100',
  LIMIT_QUEUE_BYTES: '1000000000',
  LIMIT_TOKENS: '1000000',
};

/** The installations that everything is tried on, with the number of their nodes. */
export const FORMS = [
  { form: 'on one node without Redis', nodes: 1 },
  { form: 'on another node than the one that made the data', nodes: 2 },
] as const;

export type Said = Answer<Record<string, unknown>>;

export function ask(
  transport: Transport,
  device: Person,
  document: Document,
  variables: Variables,
): Promise<Said> {
  return transport === 'HTTP'
    ? device.request(document, variables)
    : device.askSocket(document, variables);
}

/**
 * Tries something with credentials that are not valid. Resolves to null when it was refused as it
 * must be, otherwise to what came instead.
 */
export async function refused(
  transport: Transport,
  device: Person,
  document: Document,
  variables: Variables,
): Promise<unknown> {
  const asked = await ask(transport, device, document, variables).catch((error: unknown) => error);
  if (transport === 'a socket') {
    // A client comes back with a new token when its own has expired, and only then.
    const isExpired = /"exp":1\d{9}\b/.test(claimsIn(device.token));
    return (asked as { code?: number }).code === (isExpired ? 4403 : 4401) ? null : asked;
  }
  const { data, errors } = asked as Said;
  const codes = errors?.map(({ extensions }) => extensions?.code).join();
  const isRefused = device.lastStatus === 401 && data == null && codes === 'UNAUTHENTICATED';
  return isRefused ? null : asked;
}

function claimsIn(token: string | null): string {
  return Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString();
}

const documents = new Map<string, Document>();

/** The same document for the same operation, as the server keeps one. */
export function document(operation: Operation, depth: number): Document {
  const key = `${operation.field.name} ${operation.kind} ${depth}`;
  const known = documents.get(key) ?? documentOf(operation, depth);
  documents.set(key, known);
  return known;
}

/** The outcome that an answer is. Whatever is none of those that the table knows comes as it is. */
export function outcomeOf({ data, errors }: Said, field: string): Outcome | string {
  if (errors === undefined) return data?.[field] == null ? 'null' : 'ok';
  if (data?.[field] != null) return `an answer with errors: ${JSON.stringify(errors)}`;
  // With an error below it the field itself was not refused, and a mutation was made.
  if (errors.some(({ path }) => path !== undefined && path.length > 1))
    return `errors below it: ${JSON.stringify(errors)}`;
  const codes = new Set(errors.map(({ extensions }) => String(extensions?.code)));
  return [...codes].join();
}

/** Tells how many attempts were made at what, when all are over. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  print(suite: string): void {
    const counts = [...this.counts].map(([what, count]) => `${count} ${what}`);
    process.stdout.write(`${suite}: ${counts.join(', ')}\n`);
  }
}
