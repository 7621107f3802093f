import type { OperationDefinitionNode } from 'graphql';
import { codeOf } from '../graphql/errors';
import { type Span, within } from '../runtime/span';
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
 * Runs a query, a mutation, or the start of a subscription that came over a socket, and notes its
 * duration. The operation's span ends with it.
 *
 * @param span null while traces are off
 */
export function runOperation<T extends object>(
  traffic: Traffic,
  span: Span | null,
  operation: OperationDefinitionNode,
  run: () => Promise<T>,
): Promise<T> {
  return span === null
    ? traffic.timed(operation, run)
    : untilAnswered(span, traffic.timed.bind(traffic, operation, run) as () => Promise<T>);
}

async function untilAnswered<T extends object>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    const answer = await within(span, run);
    failWith(span, (answer as { errors?: readonly unknown[] }).errors);
    return answer;
  } catch (error) {
    failWith(span, [error]);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed by the first of the errors, if there is one. */
export function failWith(span: Span, errors: readonly unknown[] = []): void {
  if (errors.length > 0) span.fail(codeOf(errors[0]));
}
