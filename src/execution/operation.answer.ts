import type { ExecutionResult } from 'graphql';
import type { Context } from '../graphql/context';
import { executeForClient, type OperationArgs } from './execution';
import type { OperationLimit } from './operation.limit';
import { runOperation } from './operation.span';
import type { Traffic } from './traffic';

/** The parts of a node that all its operations share. */
interface SharedParts {
  operationLimit: OperationLimit;
  traffic: Traffic;
}

/**
 * Executes a query or a mutation, on either transport: once its caller's limit allows it, with its
 * duration noted, and in its span.
 *
 * @returns the result; for an operation that the limit refused, one with the error alone
 */
export function answerOperation(
  { operationLimit, traffic }: SharedParts,
  args: OperationArgs,
): Promise<ExecutionResult> {
  const context = args.contextValue as Context;
  return runOperation(traffic, args, () =>
    operationLimit.execute(context, args, () => executeForClient(args)),
  );
}
