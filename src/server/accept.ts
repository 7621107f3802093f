/** The media ranges of an Accept header that a GraphQL response is in. */
const RANGES = new Set([
  '*/*',
  'application/*',
  'application/json',
  'application/graphql-response+json',
]);
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

/** The error for a client that takes no GraphQL response. */
export function notAcceptable(): Error {
  const message = 'The response is application/json or application/graphql-response+json.';
  return Object.assign(new Error(message), { statusCode: 406 });
}
