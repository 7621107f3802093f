import 'reflect-metadata';
import {
  type GraphQLSchema,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { Context } from './context';
import { RESOLVERS } from './resolvers';

/** The descriptions of the root types, for which TypeGraphQL has no place. */
const ROOTS = {
  Query: 'What can be read.',
  Mutation: 'What changes something. Each field is all or nothing.',
  Subscription: 'What follows as it happens.',
};

let schema: GraphQLSchema | null = null;

/**
 * Returns the executable schema, built at the first call. Resolvers hold no state, so one schema
 * serves every node that runs in this process.
 */
export function getSchema(): GraphQLSchema {
  schema ??= described(
    onceEach(
      inPortions(
        buildSchemaSync({
          resolvers: RESOLVERS,
          orphanedTypes: [],
          // The services check arguments: their errors name the field.
          validate: false,
          // TypeGraphQL requires a `pubSub`, but every subscription has its own `subscribe`.
          pubSub: {
            publish: () => {},
            subscribe: () => {
              throw new Error('Every subscription has a stream of its own.');
            },
          },
        }),
      ),
    ),
  );
  return schema;
}

function described(built: GraphQLSchema): GraphQLSchema {
  for (const [name, text] of Object.entries(ROOTS)) built.getType(name)!.description = text;
  return built;
}

/**
 * Wraps the resolvers of lists so that graphql-js completes them in portions: it would complete all
 * lists that are there at once (see `execution/execution`). The types of introspection are those of
 * graphql-js, which all schemas share, and stay as they are.
 */
function inPortions(built: GraphQLSchema): GraphQLSchema {
  const types = Object.values(built.getTypeMap()).filter((type) => !isIntrospectionType(type));
  for (const type of types.filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || !isListType(getNullableType(field.type))) continue;
      field.resolve = (source, args, context: Context, info) => {
        const value: unknown = resolve(source, args, context, info);
        const { handOver } = context;
        if (!handOver) return value;
        return value instanceof Promise ? value.then(handOver) : handOver(value);
      };
    }
  return built;
}

/**
 * Wraps the root fields of queries and mutations so that each resolver runs once per operation. An
 * operation whose first execution fails is executed again, and then gets the earlier outcomes.
 *
 * The fields of a mutation run one after the other. Each starts with empty loaders, because rows
 * that an earlier field loaded may have changed since.
 */
function onceEach(built: GraphQLSchema): GraphQLSchema {
  for (const type of [built.getQueryType()!, built.getMutationType()!])
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve!;
      field.resolve = (source, args, context: Context, info) =>
        context.resolveOnce(info.path.key, () => {
          if (info.operation.operation === 'mutation') context.dropLoaders();
          return resolve(source, args, context, info);
        });
    }
  return built;
}
