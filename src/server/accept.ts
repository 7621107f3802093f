const NEWER_TYPE = 'application/graphql-response+json';
/** The media ranges of an Accept header that a GraphQL response is in. */
const RANGES = new Set(['*/*', 'application/*', 'application/json', NEWER_TYPE]);
const REFUSED = /;\s*q=0(\.0*)?\s*(;|$)/i;

/**
 * True when a client takes a GraphQL response. Apollo finds out only after the execution, and then
 * says that nothing was done for a mutation that was.
 */
export function acceptsGraphQL(accept: string | undefined): boolean {
  if (!accept) return true;
  return accept
    .split(',')
    .some((range) => RANGES.has(range.split(';')[0]!.trim().toLowerCase()) && !REFUSED.test(range));
}

/**
 * True for a client that asks for `application/json` by name, and not for the newer type. It cannot
 * tell an answer of GraphQL from one of a proxy by its type, so it may look at the body of a 200
 * alone. GraphQL over HTTP, section 6.4.1, says what it gets: a status of 200 for every well-formed
 * request, also when the document cannot be parsed or is not valid, when it has no such operation,
 * and when the variables do not fit. With the newer type the same request gets 400.
 */
export function isOlderClient(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map((one) => one.split(';')[0]!.trim().toLowerCase());
  return ranges.includes('application/json') && !ranges.includes(NEWER_TYPE);
}

/** The error for a client that takes no GraphQL response. */
export function notAcceptable(): Error {
  const message = 'The response is application/json or application/graphql-response+json.';
  return Object.assign(new Error(message), { statusCode: 406 });
}
