import type { OperationDefinitionNode } from 'graphql';
import type { Context } from '../graphql/context';
import { codeOf } from '../graphql/errors';
import { type Span, within } from '../runtime/span';
import type { OperationArgs } from './execution';
import { KNOWN_OPERATIONS } from './known.operations';
import type { Traffic } from './traffic';

/**
 * Names a span after its operation, as OpenTelemetry's conventions have it: `query Inbox`. A name
 * that a client has made up stays out, since it may be anything, and the span is a `query`.
 */
export function nameSpan(span: Span, { operation: type, name }: OperationDefinitionNode): void {
  span.set({ 'graphql.operation.type': type });
  if (name === undefined || !KNOWN_OPERATIONS.has(name.value)) {
    span.rename(type);
    return;
  }
  span.set({ 'graphql.operation.name': name.value });
  span.rename(`${type} ${name.value}`);
}

/**
 * Runs a query, a mutation, or the start of a subscription, and notes its duration. The operation's
 * span ends with it, if the span is its own.
 */
export function runOperation<T extends object>(
  traffic: Traffic,
  { operation, contextValue }: Pick<OperationArgs, 'operation' | 'contextValue'>,
  run: () => Promise<T>,
): Promise<T> {
  const context = contextValue as Context;
  const timed = traffic.timed.bind(traffic, operation, run) as () => Promise<T>;
  return context.span === null ? timed() : untilAnswered(context, context.span, timed);
}

async function untilAnswered<T extends object>(
  context: Context,
  span: Span,
  run: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await within(span, run);
    failWith(span, (answer as { errors?: readonly unknown[] }).errors);
    return answer;
  } catch (error) {
    failWith(span, [error]);
    throw error;
  } finally {
    context.endSpan();
  }
}

/** Marks a span as failed by the first of the errors, if there is one. */
export function failWith(span: Span, errors: readonly unknown[] = []): void {
  if (errors.length > 0) span.fail(codeOf(errors[0]));
}
