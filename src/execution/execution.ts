/**
 * Executes operations, the same for HTTP, the WebSocket and events.
 *
 * An operation that has a plan is executed by walking it. The walk covers the good case only:
 * anything that goes wrong is thrown, and graphql-js then executes the whole operation again. So
 * graphql-js alone decides what an error looks like and how much of the answer becomes null with
 * it.
 *
 * The second execution does nothing twice. A context runs each root field of a query or a mutation
 * once, whoever asks first (`Context.resolveOnce`), and loaders remember what could not be read.
 *
 * An operation without a plan is executed by graphql-js in the first place (see `operation.plan`).
 *
 * An answer may have very many more fields than its operation costs, since lists that are no pages
 * count once. So once an execution has completed 2,000 fields, its further lists and objects are
 * completed in portions (`runtime/portions`), and others are served meanwhile. What an ordinary
 * operation asks for is completed without a pause.
 */
import {
  defaultFieldResolver,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { Context, HandOver } from '../graphql/context';
import { portions } from '../runtime/portions';
import { inPortions } from './large.answer';
import { type Completion, type Plan, type PlannedField, planOf } from './operation.plan';
import type { SubscriptionSink } from './subscription.sink';

type Json = Record<string, unknown>;
type Path = GraphQLResolveInfo['path'];
type MaybePromise<T> = T | Promise<T>;

/** One operation of a valid document, with variables that fit. */
export interface OperationArgs extends ExecutionArgs {
  operation: OperationDefinitionNode;
  /** The variables as resolvers get them: coerced, with defaults. */
  coerced: Readonly<Json>;
  /** See `execution/cost`. */
  cost?: number;
  /** The place where a subscription's frames are written; set to null once it has begun. */
  sink?: SubscriptionSink | null;
}

/** Executes a query or a mutation. Data of a large answer are a part that is serialised already. */
export async function executeForClient(args: OperationArgs): Promise<ExecutionResult> {
  const result = await executeOperation(args);
  const data = (await inPortions(result.data)) as ExecutionResult['data'];
  return data === result.data ? result : { ...result, data };
}

export async function executeOperation(args: OperationArgs): Promise<ExecutionResult> {
  try {
    const plan = planOf(args.schema, args.document, args.operation);
    if (plan)
      return { data: await new PlanExecution(plan, args).fields(plan.fields, args.rootValue) };
  } catch (error) {
    // graphql-js meets it again and reports it. A fault of the plan alone would only show here.
    (args.contextValue as Context | undefined)?.log.debug({ err: error }, 'plan not completed');
  }
  const handOver = handOverInPortions(args);
  const context = args.contextValue as Context | null | undefined;
  if (context) {
    context.handOver = handOver;
    // The answer is made anew.
    context.histories = null;
  }
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (...field) =>
    handOver(defaultFieldResolver(...field));
  return execute({ ...args, fieldResolver });
}

/** Thrown for a value that its type does not allow. graphql-js makes the error that is sent. */
const INCOMPLETE = new Error('A value cannot be completed.');
/** The fields that are completed before further lists and objects wait for their turn. */
const FIELDS_WITHOUT_PAUSE = 2_000;
/** Entries of lists that graphql-js is given before it has to wait for its turn. */
const ENTRIES_WITHOUT_PAUSE = 200;
const NO_ARGUMENTS = Object.freeze({});

/**
 * Resolves the fields of a plan and completes their values (GraphQL specification, section 6.4).
 */
class PlanExecution {
  /** The fields that were completed since the last pause. */
  private completedFields = 0;

  constructor(
    readonly plan: Plan,
    readonly args: OperationArgs,
  ) {}

  fields(fields: readonly PlannedField[], source: unknown, path?: Path): MaybePromise<Json> {
    const values: Json = {};
    const pending: Promise<unknown>[] = [];
    this.completedFields += fields.length;
    try {
      for (const field of fields) {
        const value = this.value(field, source, path);
        values[field.responseName] = value;
        if (isPromise(value)) pending.push(value);
      }
    } catch (error) {
      // They may reject as well, and nothing awaits them any more.
      void Promise.allSettled(pending);
      throw error;
    }
    return pending.length === 0 ? values : settled(values, pending);
  }

  private value(
    field: PlannedField,
    source: unknown,
    path: Path | undefined,
  ): MaybePromise<unknown> {
    const value = this.resolve(field, source, path);
    return isPromise(value)
      ? this.valueLater(field, value, path)
      : this.completed(field, value, path);
  }

  private async valueLater(
    field: PlannedField,
    value: Promise<unknown>,
    path: Path | undefined,
  ): Promise<unknown> {
    return this.completed(field, await value, path);
  }

  private resolve(field: PlannedField, source: unknown, path: Path | undefined): unknown {
    const { definition, nodes } = field;
    const { resolve, args } = definition;
    // Most fields are plain properties.
    if (!resolve && args.length === 0 && typeof source === 'object' && source !== null) {
      const property = (source as Json)[definition.name];
      if (typeof property !== 'function') return property;
    }
    const given =
      args.length === 0
        ? NO_ARGUMENTS
        : getArgumentValues(definition, nodes[0]!, this.args.coerced);
    return (resolve ?? defaultFieldResolver)(
      source,
      given,
      this.args.contextValue,
      new ResolveInfo(this, field, path),
    );
  }

  private completed(
    field: PlannedField,
    value: unknown,
    path: Path | undefined,
  ): MaybePromise<unknown> {
    const { completion, responseName } = field;
    if (completion.kind === 'leaf' || this.completedFields < FIELDS_WITHOUT_PAUSE)
      return this.complete(field, completion, value, path, responseName);
    return portions.run(this, () => {
      this.completedFields = 0;
      return this.complete(field, completion, value, path, responseName);
    });
  }

  /** @param key the value's key in the object or list at `path` */
  private complete(
    field: PlannedField,
    completion: Completion,
    value: unknown,
    path: Path | undefined,
    key: string | number,
  ): MaybePromise<unknown> {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) {
      if (completion.isRequired) throw INCOMPLETE;
      return null;
    }
    if (completion.kind === 'leaf') {
      const serialised = completion.type.serialize(value);
      if (serialised === null || serialised === undefined) throw INCOMPLETE;
      return serialised;
    }
    const own: Path = {
      prev: path,
      key,
      typename: typeof key === 'string' ? field.parentType.name : undefined,
    };
    if (completion.kind === 'object') return this.fields(completion.fields, value, own);
    return this.list(field, completion.item, value, own);
  }

  private list(
    field: PlannedField,
    item: Completion,
    value: unknown,
    path: Path,
  ): MaybePromise<unknown[]> {
    if (typeof value !== 'object' || !(Symbol.iterator in value!)) throw INCOMPLETE;
    const all = Array.from(value as Iterable<unknown>);
    const pending: Promise<unknown>[] = [];
    try {
      const items = all.map((one, index) => {
        const completed = isPromise(one)
          ? one.then((settleProperties) =>
              this.complete(field, item, settleProperties, path, index),
            )
          : this.complete(field, item, one, path, index);
        if (isPromise(completed)) pending.push(completed);
        return completed;
      });
      return pending.length === 0 ? items : Promise.all(items);
    } catch (error) {
      void Promise.allSettled([...all, ...pending]);
      throw error;
    }
  }
}

/** The info argument of a resolver. */
class ResolveInfo implements GraphQLResolveInfo {
  constructor(
    private readonly walk: PlanExecution,
    private readonly field: PlannedField,
    private readonly parentPath: Path | undefined,
  ) {}

  get fieldName(): string {
    return this.field.definition.name;
  }

  get fieldNodes(): readonly FieldNode[] {
    return this.field.nodes;
  }

  get returnType(): GraphQLOutputType {
    return this.field.definition.type;
  }

  get parentType(): GraphQLObjectType {
    return this.field.parentType;
  }

  get path(): Path {
    return {
      prev: this.parentPath,
      key: this.field.responseName,
      typename: this.field.parentType.name,
    };
  }

  get schema(): GraphQLSchema {
    return this.walk.plan.schema;
  }

  get fragments(): Record<string, FragmentDefinitionNode> {
    return this.walk.plan.fragments;
  }

  get rootValue(): unknown {
    return this.walk.args.rootValue;
  }

  get operation(): OperationDefinitionNode {
    return this.walk.plan.operation;
  }

  get variableValues(): Readonly<Json> {
    return this.walk.args.coerced;
  }
}

/**
 * Makes the function that hands values to an execution by graphql-js. Once the execution has met
 * many entries of lists, each further list waits for its turn.
 */
function handOverInPortions(owner: OperationArgs): HandOver {
  let entries = 0;
  return (value) => {
    if (!Array.isArray(value)) return value;
    entries += value.length;
    if (entries < ENTRIES_WITHOUT_PAUSE) return value;
    return portions.wait(owner).then(() => {
      entries = 0;
      return value;
    });
  };
}

/** Replaces each promise among the values by its result. `pending` holds these promises. */
async function settled(values: Json, pending: readonly Promise<unknown>[]): Promise<Json> {
  // Awaited together: one that rejects while another is awaited would be unhandled.
  if (pending.length > 1) await Promise.all(pending);
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (isPromise(value)) values[name] = await value;
  }
  return values;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
