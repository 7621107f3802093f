import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Context } from '../graphql/context';
import { formatError, httpStatusOf, toGraphQLError } from '../graphql/errors';
import { admit, chooseOperation } from '../graphql/operation';
import type { Logger } from '../logger';

/**
 * Apollo Server for HTTP: parsing, validation, persisted queries, CSRF prevention and content types are
 * its own; admission and errors are the ones that the WebSocket has too.
 */
export function createApollo(schema: GraphQLSchema, logger: Logger, production: boolean): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    logger,
    introspection: !production,
    includeStacktraceInErrorResponses: false,
    // The WebSockets are drained first, then HTTP, by whoever stops this process.
    stopOnTerminationSignals: false,
    // Its landing page comes from a CDN.
    plugins: [
      { serverWillStart: async () => ({ renderLandingPage: undefined }) },
      admission(schema),
      errorsOf(logger, production),
    ],
  });
}

/** Who asks, and whether the variables fit, before anything runs. */
function admission(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ document, operationName, request, contextValue }) {
        try {
          const operation = chooseOperation(document, operationName ?? request.operationName);
          if (operation.operation === 'subscription') throw onlyOverWebSocket();
          admit(schema, operation, request.variables, contextValue);
        } catch (error) {
          throw withStatus(toGraphQLError(error as Error), httpStatusOf(error) ?? 400);
        }
      },
    }),
  };
}

/** Gives every error the shape that the WebSocket gives it. */
function errorsOf(logger: Logger, production: boolean): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ response, errors, contextValue }) {
        if (response.body.kind !== 'single' || !errors?.length) return;
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
  return new GraphQLError('Subscriptions need a WebSocket.', { extensions: { code: 'BAD_REQUEST' } });
}

function withStatus(error: GraphQLError, status: number): GraphQLError {
  const { nodes, originalError = error } = error;
  const extensions = { ...error.extensions, http: { status } };
  return new GraphQLError(error.message, { nodes: nodes ?? null, originalError, extensions });
}
