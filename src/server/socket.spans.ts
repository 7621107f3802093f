import type { SubscribePayload } from 'graphql-ws';
import { failWith } from '../execution/operation.span';
import type { Context } from '../graphql/context';
import type { GivenParent, Tracer } from '../runtime/span';

/**
 * The spans of the operations that come over WebSockets.
 *
 * Headers of single messages do not exist there. So an operation names its parent in the
 * `extensions` of its payload. Without that, or when it is malformed, the one in the payload of
 * `connection_init` counts.
 */
export class SocketSpans {
  /** Finds the operation of an error, of which graphql-ws tells the payload alone. */
  private readonly contexts = new WeakMap<SubscribePayload, Context>();

  constructor(private readonly tracer: Tracer) {}

  begin(context: Context, payload: SubscribePayload, ofConnection: GivenParent | null): void {
    const attributes = {
      'network.protocol.name': 'websocket',
      'parley.request_id': context.requestId,
    };
    const { extensions } = payload;
    context.span = this.tracer.begin('GraphQL Operation', attributes, [
      extensions ?? null,
      ofConnection,
    ]);
    this.contexts.set(payload, context);
  }

  /** Ends the span of an operation that was refused before it was executed. */
  refuse({ span }: Context, errors: readonly unknown[]): void {
    if (!span) return;
    failWith(span, errors);
    span.end();
  }

  /** Returns the operation's span; null once a subscription has started. */
  of(payload: SubscribePayload): Context['span'] {
    return this.contexts.get(payload)?.span ?? null;
  }
}

/** Returns the parent that `connection_init` names for all operations; null for none. */
export function parentIn({ traceparent, tracestate }: GivenParent): GivenParent | null {
  if (typeof traceparent !== 'string') return null;
  return { traceparent, tracestate };
}
