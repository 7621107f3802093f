/** Codes that SEMANTICS.md lists, but for INTERNAL_SERVER_ERROR, which no input may cause. */
const CODES = new Set([
  ...['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT', 'RATE_LIMITED'],
  ...['IDEMPOTENCY_MISMATCH', 'RESYNC_REQUIRED', 'QUERY_TOO_COMPLEX', 'UNAVAILABLE', 'BAD_REQUEST'],
  ...['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'PERSISTED_QUERY_NOT_FOUND'],
  'OPERATION_RESOLUTION_FAILURE',
]);

/** What no answer may tell. */
const LEAKS: readonly [what: string, pattern: RegExp][] = [
  ['a stack trace', /(\n|\\n)\s*at .{1,200}:\d+:\d+/],
  ['a path', /node_modules|\/dist\/|\/src\/|file:\/\/\/|node:internal/],
  ['SQL', /\b(select|insert into|update|delete from)\b.{1,300}\b(from|values|set|where)\b/i],
  [
    'a message of the database',
    /relation "|syntax error at or near|violates \w+|invalid input syntax|invalid byte sequence|duplicate key|could not serialize|SQLSTATE|canceling statement/,
  ],
];

export type Kind = 'frame' | 'operation' | 'http';

/** One input, by which it can be tried again. */
export interface Input {
  kind: Kind;
  seed: number;
  /** What was sent, as far as it can be shown. */
  text: string;
  /** True when its sender may read everything. */
  isService: boolean;
}

const MAX_SHOWN = 3_000;
const MAX_VIOLATIONS = 50;

/** Judges answers and counts them. */
export class Judge {
  readonly violations: string[] = [];
  /** The inputs tried, by kind. */
  readonly tried = new Map<string, number>();
  /** The answers, by their code; `ok` for those without an error. */
  readonly answers = new Map<string, number>();

  constructor(private readonly secrets: readonly string[]) {}

  count(of: Map<string, number>, key: string): void {
    of.set(key, (of.get(key) ?? 0) + 1);
  }

  blame(input: Input, what: string): void {
    if (this.violations.length >= MAX_VIOLATIONS) return;
    const { kind, seed, text } = input;
    const shown = JSON.stringify(text).slice(0, MAX_SHOWN);
    this.violations.push(`${what}\n  PARLEY_FUZZ_ONLY=${kind}:${seed}\n  sent ${shown}`);
  }

  /** Looks through the text of an answer for what it must not tell. */
  search(input: Input, answer: string): void {
    // JSON escapes quotes, and an error quotes what was sent in JSON.
    const text = answer.replaceAll('\\"', '"');
    const sent = input.text.replaceAll('\\"', '"');
    for (const [what, pattern] of LEAKS) {
      const found = pattern.exec(text);
      // An error may quote what was sent.
      if (found && !sent.includes(found[0]))
        this.blame(
          input,
          `${what} in an answer: ${text.slice(Math.max(0, found.index - 200), found.index + 500)}`,
        );
    }
    if (input.isService) return;
    for (const secret of this.secrets)
      if (text.includes(secret))
        this.blame(input, `a secret in an answer: ${text.slice(0, 1_000)}`);
  }

  /** Judges the errors of a GraphQL response. */
  errors(input: Input, errors: unknown): void {
    if (errors === undefined) {
      this.count(this.answers, 'ok');
      return;
    }
    if (!Array.isArray(errors) || errors.length === 0) {
      this.blame(input, `errors without a form: ${JSON.stringify(errors)}`);
      return;
    }
    for (const error of errors as { message?: unknown; extensions?: { code?: unknown } }[]) {
      const code = String(error?.extensions?.code);
      this.count(this.answers, code);
      if (!CODES.has(code) || typeof error.message !== 'string')
        this.blame(input, `an error that no input may cause: ${JSON.stringify(error)}`);
    }
  }

  /** Judges a GraphQL response as text. */
  response(input: Input, text: string): void {
    this.search(input, text);
    let body: { data?: unknown; errors?: unknown };
    try {
      body = JSON.parse(text) as typeof body;
    } catch {
      this.blame(input, `an answer that is no JSON: ${text.slice(0, 500)}`);
      return;
    }
    if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body))
      this.blame(input, `an answer that is no response: ${text.slice(0, 500)}`);
    else this.errors(input, body.errors);
  }
}
