import type { Config } from '../config';
import { Admission } from '../execution/admission';
import { Documents } from '../execution/operation';
import { OperationLimit } from '../execution/operation.limit';
import { PersistedOperations } from '../execution/persisted.operations';
import { PersistedQueries } from '../execution/persisted-queries';
import { Traffic } from '../execution/traffic';
import { getSchema } from '../graphql/schema';

/** The parts that both transports share, from a document's text to its execution. */
export type ExecutionParts = Awaited<ReturnType<typeof createExecution>>;

/**
 * Creates them, and reads the manifests of persisted operations.
 *
 * @throws {ConfigError} for a manifest that has a mistake
 */
export async function createExecution(config: Config) {
  const { production, limits, persisted } = config;
  const schema = getSchema();
  const documents = new Documents(schema, {
    introspection: !production,
    maxTokens: limits.tokens,
    maxDirectives: limits.directives,
    maxDepth: limits.depth,
  });
  const checks = { schema, documents, limits };
  const operations = await PersistedOperations.load(persisted.files, checks);
  return {
    schema,
    documents,
    admission: new Admission(schema, documents, limits),
    persistedQueries: new PersistedQueries(operations, persisted.only),
    operationLimit: createOperationLimit(config),
    traffic: new Traffic(operations.names),
  };
}

function createOperationLimit({ limits, storage }: Config): OperationLimit {
  return new OperationLimit({
    operationsPerSocket: limits.operationsPerSocket,
    operationMs: limits.operationMs,
    operationsPerUser: limits.operationsPerUser,
    waitingPerUser: limits.waitingPerUser,
    operationsOfPlatform: Math.ceil(storage.poolSize / 2),
  });
}
