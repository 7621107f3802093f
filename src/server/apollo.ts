import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { executeOperation, type OperationArgs } from '../execution/execution';
import { admitOperation, chooseOperation } from '../execution/operation';
import type { OperationLimit } from '../execution/operation.limit';
import type { PersistedQueries } from '../execution/persisted-queries';
import type { Context } from '../graphql/context';
import { formatError, httpStatusOf, toGraphQLError } from '../graphql/errors';
import type { Logger } from '../logger';

/**
 * A browser sends a request with one of these headers to another origin only after a preflight
 * request, which CORS answers. So such a request comes from no foreign page.
 */
const PREFLIGHTED_HEADERS = [
  'authorization',
  'x-apollo-operation-name',
  'apollo-require-preflight',
];

/**
 * Creates the Apollo Server that answers over HTTP. Apollo does the parsing, validation, persisted
 * queries, CSRF prevention and content types. Admission, execution and the form of errors are
 * shared with the WebSocket.
 */
export function createApollo(
  schema: GraphQLSchema,
  limit: OperationLimit,
  queries: PersistedQueries,
  logger: Logger,
  production: boolean,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    logger,
    introspection: !production,
    persistedQueries: { cache: queries.cache },
    csrfPrevention: { requestHeaders: PREFLIGHTED_HEADERS },
    includeStacktraceInErrorResponses: false,
    // The lifecycle stops this process: it drains the WebSockets first, then HTTP.
    stopOnTerminationSignals: false,
    plugins: [
      // Apollo's plugin for cache hints would wrap the resolver of every field in the schema.
      // Subscriptions execute their events with the same schema (docs/performance.md).
      ApolloServerPluginCacheControlDisabled(),
      // The default landing page is loaded from a CDN.
      { serverWillStart: async () => ({ renderLandingPage: undefined }) },
      operations(schema, limit),
      errorsOf(logger, production),
    ],
  });
}

/**
 * Admits an operation and executes it. The caller and the variables are checked before any resolver
 * runs. Subscriptions are refused: they need a WebSocket.
 */
function operations(schema: GraphQLSchema, limit: OperationLimit): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ request }) {
      // Some clients send an empty name for an operation that has none.
      if (request.operationName === '') delete request.operationName;
      let admitted: OperationArgs;
      return {
        async didResolveOperation({ document, operationName, request, contextValue }) {
          try {
            const operation = chooseOperation(document, operationName ?? request.operationName);
            if (operation.operation === 'subscription') throw onlyOverWebSocket();
            const coerced = admitOperation(schema, operation, request.variables, contextValue);
            admitted = {
              schema,
              document,
              operation,
              operationName,
              variableValues: request.variables,
              coerced,
              contextValue,
            };
          } catch (error) {
            throw withStatus(toGraphQLError(error as Error), httpStatusOf(error) ?? 400);
          }
        },
        async responseForOperation({ contextValue }) {
          const singleResult = await limit.execute(contextValue, () => executeOperation(admitted));
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
      };
    },
  };
}

/** Gives every error the shape that the WebSocket gives it. */
function errorsOf(logger: Logger, production: boolean): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ response, errors: early, contextValue }) {
        if (response.body.kind !== 'single') return;
        // `early` holds the errors from before the execution. Without it, the result has them.
        const errors =
          early ?? (response.body.singleResult.errors as readonly GraphQLError[] | undefined);
        if (!errors?.length) return;
        const scope = {
          requestId: contextValue?.requestId ?? 'unknown',
          log: contextValue?.log ?? logger,
          hideSuggestions: production,
        };
        response.body.singleResult.errors = errors.map((error) => formatError(error, scope));
        const status = errors.map(httpStatusOf).find((one) => one !== undefined);
        if (status !== undefined) response.http.status = status;
      },
    }),
  };
}

function onlyOverWebSocket(): GraphQLError {
  return new GraphQLError('Subscriptions need a WebSocket.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}

function withStatus(error: GraphQLError, status: number): GraphQLError {
  const { nodes, originalError = error } = error;
  const extensions = { ...error.extensions, http: { status } };
  return new GraphQLError(error.message, { nodes: nodes ?? null, originalError, extensions });
}
