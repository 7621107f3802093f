import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Context } from '../graphql/context';
import { type ComplexityLimits, checkComplexity } from './complexity';
import type { OperationArgs } from './execution';
import { admitOperation, type CheckedDocument, chooseOperation, type Documents } from './operation';
import { nameSpan } from './operation.span';

/** A request, as far as it says which operation of its document is to run, and with which input. */
export interface RequestedOperation {
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

/**
 * The way from a document to an operation that may be executed, the same on both transports.
 */
export class Admission {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly documents: Documents,
    private readonly limits: ComplexityLimits,
  ) {}

  /**
   * Admits an operation. Keeps its document if the request has a token: without one, anybody could
   * fill the memory and push out the documents of others.
   *
   * @param refuse throws for an operation that the transport does not take
   * @throws the error for which the operation is refused; the first one of its document
   */
  admit(
    checked: CheckedDocument,
    { operationName, variables }: RequestedOperation,
    contextValue: Context,
    refuse: (operation: OperationDefinitionNode) => void,
  ): OperationArgs {
    const { schema } = this;
    const { document, errors } = checked;
    if (errors) throw errors[0];
    const operation = chooseOperation(document, operationName);
    if (contextValue.span) nameSpan(contextValue.span, operation);
    refuse(operation);
    const coerced = admitOperation(schema, operation, variables, contextValue);
    const cost = checkComplexity(schema, document, operation, coerced, this.limits);
    if (contextValue.authenticated) this.documents.keep(checked);
    return {
      schema,
      document,
      operation,
      operationName,
      variableValues: variables,
      coerced,
      cost,
      contextValue,
    };
  }
}
