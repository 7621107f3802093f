import type { HTTPGraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';

const PARAMETER = 'documentId';

/**
 * Returns the id by which a request over HTTP names its document: a parameter of the URL with GET,
 * a member of the body with POST. Apollo Server does not know it.
 *
 * @throws {GraphQLError} BAD_REQUEST when the parameter comes more than once
 */
export function documentIdIn({ method, search, body }: HTTPGraphQLRequest): unknown {
  if (method !== 'GET') return (body as Record<string, unknown>)[PARAMETER];
  const values = new URLSearchParams(search).getAll(PARAMETER);
  if (values.length <= 1) return values[0];
  throw new GraphQLError(`The '${PARAMETER}' search parameter may only be specified once.`, {
    extensions: { code: 'BAD_REQUEST' },
  });
}
