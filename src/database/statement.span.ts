import { recordedSpan, type Span, type SpanAttributes } from '../runtime/span';

/** Enough for every text in the code. */
const MAX_KNOWN = 500;
const VERB = /^(?:[\s(]|--.*\n)*(\w+)/;
/** The tables and functions of a statement; rows that come as a parameter are none. */
const TARGET = /\b(?:from|into|update|join)\s+(?:only\s+)?(?!unnest\b|lateral\b)([a-z_]+)/i;

const known = new Map<string, SpanAttributes & { 'db.query.summary': string }>();

/**
 * Begins the span of a statement, below the span that it serves; null when there is none. It has
 * the statement's text, in which each value is a parameter, and never the values.
 */
export function beginStatement(sql: string): Span | null {
  const parent = recordedSpan();
  if (parent === null) return null;
  const attributes = known.get(sql) ?? describe(sql);
  return parent.child(attributes['db.query.summary'], 'client', attributes);
}

/** Ends the span of a statement. `code` is that of its error, in Postgres' own form. */
export function endStatement(span: Span, code: string | null): void {
  if (code !== null) {
    span.set({ 'db.response.status_code': code });
    span.fail(code);
  }
  span.end();
}

function describe(sql: string) {
  const verb = VERB.exec(sql)?.[1]?.toUpperCase() ?? 'STATEMENT';
  const target = TARGET.exec(sql)?.[1];
  const described = {
    'db.system.name': 'postgresql',
    'db.query.summary': target === undefined ? verb : `${verb} ${target}`,
    'db.query.text': sql,
  };
  if (known.size < MAX_KNOWN) known.set(sql, described);
  return described;
}
