import type { ExecutionResult, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { User } from '../auth/user.entity';
import { UnavailableError } from '../errors';
import { AT_HAND, type BusEvent } from '../events';
import type { Logger } from '../logger';
import type { Message } from '../message/message.entity';
import { type Bound, type Context, type Services, SharedContext } from './context';
import { shapeOf } from './dependence';
import { executeOperation, type OperationArgs } from './execution';
import { Loaders } from './loaders';
import { Payload } from './reply';

/** How an error is told to a client. */
export type FormatError = (context: Context, error: unknown) => GraphQLFormattedError;

/** Who waits for a rendering. */
export interface Awaiting {
  settled(): void;
}

/** One event as one selection shows it, for however many who get the same. */
export class Rendering {
  isSettled = false;
  /** Null: the event cannot be delivered now, and must not count as it. */
  payload: Payload | null = null;
  /** Another event is being rendered, and may follow in the same turn. */
  isFollowed = false;
  private waiting: Awaiting[] = [];

  constructor(readonly event: BusEvent) {}

  /** Tells `one` once it is settled; in the order of the calls. */
  tell(one: Awaiting): void {
    this.waiting.push(one);
  }

  settle(payload: Payload | null, isFollowed: boolean): void {
    this.payload = payload;
    this.isFollowed = isFollowed;
    this.isSettled = true;
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) one.settled();
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
 * Rows are loaded once for all who are handed an event in the same moment: what was loaded for one event answers no other,
 * and who takes an event later, because they were busy, sees how things are then.
 */
export class SharedExecution {
  /** By the operation's node, which is the same as long as its document is cached, and by what tells audiences apart. */
  private readonly audiences = new Map<OperationDefinitionNode, Map<string, Audience>>();
  private last: { event: BusEvent; loaders: Loaders } | null = null;
  private underWay = 0;

  constructor(
    private readonly services: Services,
    private readonly logger: Logger,
    private readonly format: FormatError,
  ) {}

  /** @param context of the subscription, which says who the viewer is and what it is bound to */
  rendererFor(args: OperationArgs, context: Context): Renderer {
    const { schema, document, operation } = args;
    const { dependence, variables } = shapeOf(schema, document, operation);
    const { bound } = context;
    if (dependence === 'viewer' || (dependence === 'members' && bound === null)) {
      const render = (event: BusEvent) => this.execute(args, event, context.forEvent(this.loadersOf(event)));
      return { render, leave() {} };
    }
    // One that was left out is not the same as null.
    const values = variables
      .filter((name) => Object.hasOwn(args.coerced, name))
      .map((name) => [name, args.coerced[name]]);
    const seenBy = dependence === 'members' ? bound : null;
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

  private executeForAll(args: OperationArgs, bound: Bound | null): (event: BusEvent) => Rendering {
    const { services, logger } = this;
    // Whoever came first may go first.
    const shared = { ...args, contextValue: null };
    return (event) => this.execute(shared, event, new SharedContext(services, logger, bound, this.loadersOf(event)));
  }

  private execute(args: OperationArgs, event: BusEvent, context: Context): Rendering {
    const rendering = new Rendering(event);
    void this.fill(rendering, args, event, context);
    return rendering;
  }

  private async fill(rendering: Rendering, args: OperationArgs, event: BusEvent, context: Context): Promise<void> {
    let payload: Payload | null = null;
    this.underWay++;
    try {
      payload = this.serialise(await executeOperation({ ...args, rootValue: event, contextValue: context }), context);
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

  /** An event is handed to everybody before the next one is. */
  private loadersOf(event: BusEvent): Loaders {
    if (this.last?.event === event) return this.last.loaders;
    const loaders = new Loaders(this.services);
    const rows = event.name === 'log.appended' ? event[AT_HAND]?.rows : null;
    if (rows) {
      const { message, sender } = rows;
      loaders.message.prime((message as Message).id, message as Message);
      if (sender) loaders.user.prime((sender as User).id, sender as User);
    }
    // Nothing is kept for those who take it later.
    if (!this.last)
      queueMicrotask(() => {
        this.last = null;
      });
    this.last = { event, loaders };
    return loaders;
  }
}

function payloadOf(result: object): Payload {
  return new Payload(Buffer.from(`${JSON.stringify(result)}}`));
}

/** Those who see the same of each event: one renderer, joined once by each. */
class Audience implements Renderer {
  private members = 0;
  private last: Rendering | null = null;

  /** @param forget nobody is left */
  constructor(
    private readonly execute: (event: BusEvent) => Rendering,
    private readonly forget: () => void,
  ) {}

  join(): this {
    this.members++;
    return this;
  }

  leave(): void {
    if (--this.members === 0) this.forget();
  }

  /** An event is handed to all of them one after the other, before the next one is. */
  render(event: BusEvent): Rendering {
    if (this.last?.event !== event) {
      this.last = this.execute(event);
      // Nothing is kept for those who take it later.
      queueMicrotask(() => {
        if (this.last?.event === event) this.last = null;
      });
    }
    return this.last;
  }
}
