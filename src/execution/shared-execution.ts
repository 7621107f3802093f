/**
 * Executes and serialises an event once for all subscribers who see the same of it.
 *
 * Two subscribers see the same when they have the same document and operation, the same values of
 * the variables that are used below the root field, and a selection that does not depend on who is
 * asking. A field whose value depends on the caller declares this with `@DependsOn`:
 *
 * - `members`: the value depends on the sequence at which the caller joined the conversation. Those
 *   who joined at the same sequence share it.
 * - `founders`: only those share it who are in the conversation from its beginning.
 * - `caller`: the events of such a subscription are executed for it alone.
 *
 * A shared execution has no caller: a field that asks for one without having declared it throws, so
 * a forgotten declaration is an error and never another user's data.
 *
 * Rows are loaded once for all that is rendered in the same microtask, and no loading begins before
 * it is over. So a subscriber that takes an event later, because it was busy, sees the rows as they
 * are then. The rows that came along with an event are used for that event only, since those of
 * another event may be of another version.
 *
 * Dear events are those whose selection has a high cost, such as a page of messages with each new
 * one. The dear events of one user are rendered one after the other: otherwise a hundred such
 * subscriptions would hold up the node with each message. When they come faster than they are
 * rendered, they fill the queue of their subscription, and the socket ends as that of a client that
 * reads too slowly. A rendering that several users share counts as that of the first subscriber.
 */
import type { ExecutionResult, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { UnavailableError } from '../errors';
import { KNOWN_ROWS, type KnownRows } from '../events';
import { type BoundConversation, type Context, SharedContext } from '../graphql/context';
import type { Dependence } from '../graphql/depends-on';
import { toGraphQLError } from '../graphql/errors';
import { Loaders } from '../graphql/loaders';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import type { Message } from '../message/message.entity';
import type { User } from '../people/user.entity';
import { asError } from '../runtime/as-error';
import { Lanes } from '../runtime/lanes';
import { MicrotaskCache } from '../runtime/microtask-cache';
import { executeOperation, type OperationArgs } from './execution';
import { inPortions, LargePart, withLargeParts } from './large.answer';
import { dependenceOf } from './operation.dependence';
import { type Renderer, Rendering } from './rendering';
import { Payload } from './subscription.sink';
import { Traffic } from './traffic';

/** Events whose selection costs more are rendered one after the other for each user. */
const DEAR_COST = 100;
/** Waiting has no limit in time: the queues of the subscriptions limit what waits. */
const FOR_EVER_MS = 2 ** 31 - 1;

/** Makes of an error what a client is sent. */
export type FormatError = (context: Context, error: unknown) => GraphQLFormattedError;

/**
 * Makes the root value of an event; null leaves the event out. The context is that of the event,
 * whose loaders are shared by all events that are rendered in the same microtask.
 */
export type MapToRoot = (value: never, context: Context) => Promise<unknown>;

/** Makes the context in which one event is executed. */
type ContextFor = (value: unknown) => Context;

export class SharedExecution {
  /**
   * By the operation's node, which is the same for as long as its document is cached, and by the
   * key of what else tells subscribers apart.
   */
  private readonly renderers = new Map<
    OperationDefinitionNode,
    Map<string, SharedRenderer<unknown>>
  >();
  private readonly loadersByEvent: MicrotaskCache<unknown, Loaders>;
  /** The dear events that are rendered, by user. */
  private readonly dear = new Lanes({
    width: 1,
    maxWaitMs: FOR_EVER_MS,
    refusal: () => new UnavailableError(),
  });
  private underWay = 0;

  constructor(
    private readonly services: Services,
    private readonly logger: Logger,
    private readonly format: FormatError,
    private readonly traffic = new Traffic(),
  ) {
    this.loadersByEvent = new MicrotaskCache(() => new Loaders(services));
  }

  /**
   * @param context the subscription's, which says who is asking and for which conversation
   * @param map makes the root value; without it each value is one
   */
  rendererFor(args: OperationArgs, context: Context, map: MapToRoot | null): Renderer<unknown> {
    this.traffic.subscriptions++;
    const { schema, document, operation } = args;
    const { dependence, variables } = dependenceOf(schema, document, operation);
    const { boundConversation } = context;
    // A mapped value depends on its caller, too.
    if (map || !isShared(dependence, boundConversation))
      return this.rendererForOne(args, context, map);
    const members = dependence === 'everyone' ? null : boundConversation;
    const key = JSON.stringify([members, givenValues(args, variables)]);
    return this.sharedRenderer(args, members, key, ownerOf(context)).join();
  }

  private rendererForOne(
    args: OperationArgs,
    context: Context,
    map: MapToRoot | null,
  ): Renderer<unknown> {
    const contextFor = (value: unknown) => context.forEvent(this.loadersFor(value));
    const { traffic } = this;
    const owner = ownerOf(context);
    return {
      traffic,
      render: (value) => this.execute(args, owner, value, contextFor, map),
      leave: () => void traffic.subscriptions--,
    };
  }

  private sharedRenderer(
    args: OperationArgs,
    members: BoundConversation | null,
    key: string,
    owner: string,
  ): SharedRenderer<unknown> {
    const { operation } = args;
    const ofOperation = this.renderers.get(operation) ?? new Map<string, SharedRenderer<unknown>>();
    const known = ofOperation.get(key);
    if (known) return known;
    const forget = () => {
      ofOperation.delete(key);
      if (ofOperation.size === 0) this.renderers.delete(operation);
    };
    const renderer = new SharedRenderer(
      this.executeForAll(args, members, owner),
      forget,
      this.traffic,
    );
    this.renderers.set(operation, ofOperation.set(key, renderer));
    return renderer;
  }

  private executeForAll(
    args: OperationArgs,
    members: BoundConversation | null,
    owner: string,
  ): (value: unknown) => Rendering<unknown> {
    const { services, logger } = this;
    // The subscriber that came first may go first: nothing of its own is kept.
    const shared = { ...args, contextValue: null };
    const contextFor = (value: unknown) =>
      new SharedContext(services, logger, members, this.loadersFor(value));
    return (value) => this.execute(shared, owner, value, contextFor, null);
  }

  /** @param owner the user among whose dear events it takes its turn */
  private execute(
    args: OperationArgs,
    owner: string,
    value: unknown,
    contextFor: ContextFor,
    map: MapToRoot | null,
  ): Rendering<unknown> {
    const rendering = new Rendering(value);
    const fill = () => this.fill(rendering, args, contextFor, map);
    void (isDear(args) ? this.dear.run(owner, fill) : fill());
    return rendering;
  }

  private async fill(
    rendering: Rendering<unknown>,
    args: OperationArgs,
    contextFor: ContextFor,
    map: MapToRoot | null,
  ): Promise<void> {
    this.underWay++;
    const result = await this.render(rendering.value, args, contextFor, map);
    this.underWay--;
    rendering.settle(result, this.underWay > 0);
  }

  private async render(
    value: unknown,
    args: OperationArgs,
    contextFor: ContextFor,
    map: MapToRoot | null,
  ): Promise<Payload | 'left out' | 'unavailable'> {
    let context: Context | null = null;
    try {
      context = contextFor(value);
      const rootValue = map ? await map(value as never, context) : value;
      if (rootValue === null) return 'left out';
      const result = await executeOperation({ ...args, rootValue, contextValue: context });
      return this.serialise(result, context, isDear(args));
    } catch (error) {
      if (error instanceof UnavailableError) return 'unavailable';
      // It would fail again: the subscriber is told, and the stream goes on.
      return this.failure(context, asError(error));
    }
  }

  private failure(context: Context | null, error: Error): Payload {
    const { services, logger } = this;
    const scope = context ?? new SharedContext(services, logger, null, new Loaders(services));
    return payloadOf({ data: null, errors: [this.format(scope, toGraphQLError(error))] });
  }

  private serialise(
    result: ExecutionResult,
    context: Context,
    mayBeLarge: boolean,
  ): Payload | 'unavailable' | Promise<Payload> {
    const { errors } = result;
    const serialised = mayBeLarge ? payloadInPortions : payloadOf;
    if (!errors) return serialised(result);
    // With an error in its place the event would count as delivered, and be lost.
    if (errors.some(({ originalError }) => originalError instanceof UnavailableError))
      return 'unavailable';
    return serialised({ ...result, errors: errors.map((error) => this.format(context, error)) });
  }

  private loadersFor(value: unknown): Loaders {
    const rows = (value as { [KNOWN_ROWS]?: KnownRows })[KNOWN_ROWS]?.rows;
    if (!rows) return this.loadersByEvent.of(null);
    const loaders = this.loadersByEvent.of(value);
    const { message, sender } = rows;
    loaders.message.prime((message as Message).id, message as Message);
    if (sender) loaders.user.prime((sender as User).id, sender as User);
    return loaders;
  }
}

/** True when other subscribers see the same, given the conversation to which this one is bound. */
function isShared(dependence: Dependence, bound: BoundConversation | null): boolean {
  if (dependence === 'founders') return bound?.joinedSequence === 0;
  return dependence === 'everyone' || (dependence === 'members' && bound !== null);
}

/**
 * The values of the variables; one that was not given is left out, which is not the same as null.
 */
function givenValues(args: OperationArgs, names: readonly string[]): [string, unknown][] {
  return names
    .filter((name) => Object.hasOwn(args.coerced, name))
    .map((name) => [name, args.coerced[name]]);
}

function isDear({ cost = 0 }: OperationArgs): boolean {
  return cost > DEAR_COST;
}

/** Returns the user whose dear events are rendered one after the other. */
function ownerOf({ caller }: Context): string {
  return caller.kind === 'user' ? caller.userId : '';
}

function payloadOf(result: object): Payload {
  return new Payload(Buffer.from(`${JSON.stringify(result)}}`));
}

async function payloadInPortions(result: object): Promise<Payload> {
  const data = await inPortions((result as ExecutionResult).data);
  if (!(data instanceof LargePart)) return payloadOf(result);
  return new Payload(Buffer.from(`${withLargeParts(JSON.stringify({ ...result, data }))}}`));
}

/** The one renderer of all subscribers who see the same; each of them joins it, and leaves. */
class SharedRenderer<Value> implements Renderer<Value> {
  private subscribers = 0;
  private readonly renderings: MicrotaskCache<Value, Rendering<Value>>;

  /** @param forget called when the last subscriber has left */
  constructor(
    execute: (value: Value) => Rendering<Value>,
    private readonly forget: () => void,
    readonly traffic: Traffic,
  ) {
    this.renderings = new MicrotaskCache(execute);
  }

  join(): this {
    this.subscribers++;
    return this;
  }

  leave(): void {
    this.traffic.subscriptions--;
    if (--this.subscribers === 0) this.forget();
  }

  render(value: Value): Rendering<Value> {
    return this.renderings.of(value);
  }
}
