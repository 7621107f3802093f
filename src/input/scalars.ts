import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';
import { parseUrl } from '../runtime/url';
import { findTooGreat, TOO_GREAT } from './numbers';

// The API's own scalars. The decorators of entities and inputs refer to them.

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function parseDateTime(value: unknown, node?: ValueNode): Date {
  const time = typeof value === 'string' && ISO_8601.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time) || !isCalendarDay(value as string))
    throw new GraphQLError('must be a time as in 2026-11-22T20:15:30.123Z', {
      nodes: node ?? null,
    });
  return new Date(time);
}

function textOf(node: ValueNode): string | undefined {
  return node.kind === Kind.STRING ? node.value : undefined;
}

/**
 * True when the day exists. `Date.parse` alone reads the 31st of November as the 1st of December.
 */
function isCalendarDay(text: string): boolean {
  const day = text.slice(0, 'YYYY-MM-DD'.length);
  return new Date(`${day}T00:00:00.000Z`).toISOString().startsWith(day);
}

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment in UTC, ISO 8601 with milliseconds, e.g. `2026-11-22T20:15:30.123Z`.',
  specifiedByURL: GraphQLDateTime.specifiedByURL,
  serialize: (value) => (value instanceof Date ? value : new Date(value as string)).toISOString(),
  parseValue: (value) => parseDateTime(value),
  parseLiteral: (node) => parseDateTime(textOf(node), node),
});

const URL_LENGTH = 2_048;
/** The beginning of a URL with an authority (RFC 3986, section 3), as http and https demand one. */
const HTTP_AUTHORITY = /^https?:\/\/[^/?#]/i;
/** Characters that no URL contains, although `URL` drops them or reads a backslash as a slash. */
const NOT_IN_A_URL = /[\s\\\p{Cc}\p{Surrogate}]/u;

function parseHttpUrl(value: unknown, node?: ValueNode): string {
  if (isHttpUrl(value)) return value;
  throw new GraphQLError('must be an absolute http or https URL', { nodes: node ?? null });
}

/**
 * True for an absolute http or https URL of at most 2,048 characters. Stricter than `URL`, which
 * accepts white space, control characters, backslashes, and any number of slashes before the host.
 */
export function isHttpUrl(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > URL_LENGTH) return false;
  return HTTP_AUTHORITY.test(value) && !NOT_IN_A_URL.test(value) && parseUrl(value) !== null;
}

export const HttpUrl = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'An absolute `http` or `https` URL of at most 2,048 characters.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  serialize: (value) => String(value),
  parseValue: (value) => parseHttpUrl(value),
  parseLiteral: (node) => parseHttpUrl(textOf(node), node),
});

export const SafeInt = GraphQLSafeInt;

function parseJson(value: unknown): unknown {
  const within = findTooGreat(value);
  if (within) throw new GraphQLError(TOO_GREAT, { extensions: { within } });
  return value;
}

/**
 * Any JSON. An error of a variable's value has the path within the value as its extension `within`.
 * In the text of a document, numbers are checked by `execution/finite.rule`.
 */
export const Json = new GraphQLScalarType({ ...GraphQLJSON.toConfig(), parseValue: parseJson });
