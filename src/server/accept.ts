const OLDER_TYPE = 'application/json';
const NEWER_TYPE = 'application/graphql-response+json';
/** The media ranges of an Accept header that a GraphQL response is in. */
const RANGES = new Set(['*/*', 'application/*', OLDER_TYPE, NEWER_TYPE]);
const REFUSED = /;\s*q=0(\.0*)?\s*(;|$)/i;

/**
 * True when a client takes a GraphQL response. Apollo finds out only after the execution, and then
 * says that nothing was done for a mutation that was.
 */
export function acceptsGraphQL(accept: string | undefined): boolean {
  if (!accept) return true;
  return accept.split(',').some((range) => RANGES.has(rangeOf(range)) && !REFUSED.test(range));
}

/**
 * True for a client that asks for `application/json` by name, and not for the newer type. It cannot
 * tell an answer of GraphQL from one of a proxy by its type, so it may look at the body of a 200
 * alone. GraphQL over HTTP, section 6.4.1, says what it gets: a status of 200 for every well-formed
 * request, also when the document cannot be parsed or is not valid, when it has no such operation,
 * and when the variables do not fit. With the newer type the same request gets 400.
 */
export function isOlderClient(accept: string | undefined): boolean {
  const ranges = rangesIn(accept);
  return ranges.includes(OLDER_TYPE) && !ranges.includes(NEWER_TYPE);
}

/** Returns the media type of a refusal: the newer one for a client that asks for it by name. */
export function typeOfRefusal(accept: string | undefined): string {
  const type = rangesIn(accept).includes(NEWER_TYPE) ? NEWER_TYPE : OLDER_TYPE;
  return `${type}; charset=utf-8`;
}

function rangesIn(accept = ''): string[] {
  return accept.split(',').map(rangeOf);
}

/** Returns a media range without its parameters. */
function rangeOf(part: string): string {
  return part.split(';')[0]!.trim().toLowerCase();
}

/** The error for a client that takes no GraphQL response. */
export function notAcceptable(): Error {
  const message = 'The response is application/json or application/graphql-response+json.';
  return Object.assign(new Error(message), { statusCode: 406 });
}
