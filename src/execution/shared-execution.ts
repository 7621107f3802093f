import type { ExecutionResult, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { UnavailableError } from '../errors';
import { type BusEvent, KNOWN_ROWS } from '../events';
import { type BoundConversation, type Context, SharedContext } from '../graphql/context';
import { Loaders } from '../graphql/loaders';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import type { Message } from '../message/message.entity';
import type { User } from '../people/user.entity';
import { executeOperation, type OperationArgs } from './execution';
import { dependenceOf } from './operation.dependence';
import { Payload } from './subscription.sink';

/** How an error is told to a client. */
export type FormatError = (context: Context, error: unknown) => GraphQLFormattedError;

/** Who waits for a rendering. */
export interface RenderingListener {
  onSettled(): void;
}

/** One event as one selection shows it, for however many who get the same. */
export class Rendering {
  isSettled = false;
  /** Null: the event cannot be delivered now, and must not count as it. */
  payload: Payload | null = null;
  /** Another event is being rendered, and may follow in the same turn. */
  isFollowed = false;
  private waiting: RenderingListener[] = [];

  constructor(readonly event: BusEvent) {}

  /** Tells `one` once it is settled; in the order of the calls. */
  whenSettled(one: RenderingListener): void {
    this.waiting.push(one);
  }

  settle(payload: Payload | null, isFollowed: boolean): void {
    this.payload = payload;
    this.isFollowed = isFollowed;
    this.isSettled = true;
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) one.onSettled();
  }
}

/** Makes of each event what its subscribers see. */
export interface Renderer {
  render(event: BusEvent): Rendering;
  /** A subscriber of it has gone. */
  leave(): void;
}

/**
 * Executes and serialises an event once for all subscribers who see the same of it: those with the same document,
 * operation and variables below the root field, in whose selection nothing depends on the viewer; where something
 * depends on the place at which they joined, those who joined there. Everybody else's events are executed for each.
 *
 * Rows are loaded once for all that is handed out in the same moment, which is over before the first is loaded: who takes an
 * event later, because they were busy, sees how things are then.
 */
export class SharedExecution {
  /** By the operation's node, which is the same as long as its document is cached, and by what tells audiences apart. */
  private readonly audiences = new Map<OperationDefinitionNode, Map<string, Audience>>();
  private readonly loadersOf: MicrotaskCache<BusEvent | null, Loaders>;
  private underWay = 0;

  constructor(
    private readonly services: Services,
    private readonly logger: Logger,
    private readonly format: FormatError,
  ) {
    this.loadersOf = new MicrotaskCache(() => new Loaders(services));
  }

  /** @param context of the subscription, which says who the viewer is and what it is bound to */
  rendererFor(args: OperationArgs, context: Context): Renderer {
    const { schema, document, operation } = args;
    const { dependence, variables } = dependenceOf(schema, document, operation);
    const { boundConversation } = context;
    if (dependence === 'caller' || (dependence === 'members' && boundConversation === null)) {
      const render = (event: BusEvent) =>
        this.execute(args, event, context.forEvent(this.loadersFor(event)));
      return { render, leave() {} };
    }
    // One that was left out is not the same as null.
    const values = variables
      .filter((name) => Object.hasOwn(args.coerced, name))
      .map((name) => [name, args.coerced[name]]);
    const seenBy = dependence === 'members' ? boundConversation : null;
    const key = JSON.stringify([seenBy, values]);
    const audiences = this.audiences.get(operation) ?? new Map<string, Audience>();
    const forget = () => {
      audiences.delete(key);
      if (audiences.size === 0) this.audiences.delete(operation);
    };
    const audience = audiences.get(key) ?? new Audience(this.executeForAll(args, seenBy), forget);
    this.audiences.set(operation, audiences.set(key, audience));
    return audience.join();
  }

  private executeForAll(
    args: OperationArgs,
    boundConversation: BoundConversation | null,
  ): (event: BusEvent) => Rendering {
    const { services, logger } = this;
    // Whoever came first may go first.
    const shared = { ...args, contextValue: null };
    return (event) =>
      this.execute(
        shared,
        event,
        new SharedContext(services, logger, boundConversation, this.loadersFor(event)),
      );
  }

  private execute(args: OperationArgs, event: BusEvent, context: Context): Rendering {
    const rendering = new Rendering(event);
    void this.fill(rendering, args, event, context);
    return rendering;
  }

  private async fill(
    rendering: Rendering,
    args: OperationArgs,
    event: BusEvent,
    context: Context,
  ): Promise<void> {
    let payload: Payload | null = null;
    this.underWay++;
    try {
      payload = this.serialise(
        await executeOperation({ ...args, rootValue: event, contextValue: context }),
        context,
      );
    } catch (error) {
      context.log.error({ err: error }, 'event not rendered');
    }
    this.underWay--;
    rendering.settle(payload, this.underWay > 0);
  }

  private serialise(result: ExecutionResult, context: Context): Payload | null {
    const { errors } = result;
    if (!errors) return payloadOf(result);
    // Sent with an error in its place, the event would count as delivered, and be lost.
    if (errors.some(({ originalError }) => originalError instanceof UnavailableError)) return null;
    return payloadOf({ ...result, errors: errors.map((error) => this.format(context, error)) });
  }

  /** One of their own for an event whose rows are at hand: those of another one may be of another version. */
  private loadersFor(event: BusEvent): Loaders {
    const rows = event.name === 'log.appended' ? event[KNOWN_ROWS]?.rows : null;
    if (!rows) return this.loadersOf.of(null);
    const loaders = this.loadersOf.of(event);
    const { message, sender } = rows;
    loaders.message.prime((message as Message).id, message as Message);
    if (sender) loaders.user.prime((sender as User).id, sender as User);
    return loaders;
  }
}

function payloadOf(result: object): Payload {
  return new Payload(Buffer.from(`${JSON.stringify(result)}}`));
}

/** Those who see the same of each event: one renderer, joined once by each. */
class Audience implements Renderer {
  private members = 0;
  private readonly renderings: MicrotaskCache<BusEvent, Rendering>;

  /** @param forget nobody is left */
  constructor(
    execute: (event: BusEvent) => Rendering,
    private readonly forget: () => void,
  ) {
    this.renderings = new MicrotaskCache(execute);
  }

  join(): this {
    this.members++;
    return this;
  }

  leave(): void {
    if (--this.members === 0) this.forget();
  }

  render(event: BusEvent): Rendering {
    return this.renderings.of(event);
  }
}

/** Values that are made once for all who ask in the same moment, and then forgotten: who asks later gets a new one. */
class MicrotaskCache<Key, Value> {
  /** Another one each time: a map that is only cleared keeps the memory of what it held alive (docs/performance.md). */
  private values: Map<Key, Value> | null = null;

  constructor(private readonly make: (key: Key) => Value) {}

  of(key: Key): Value {
    const known = this.values?.get(key);
    if (known !== undefined) return known;
    const value = this.make(key);
    if (this.values) this.values.set(key, value);
    else {
      this.values = new Map([[key, value]]);
      // All whose turn has come by now, as those who wait for the same page of a log, come before it.
      queueMicrotask(() => {
        this.values = null;
      });
    }
    return value;
  }
}
