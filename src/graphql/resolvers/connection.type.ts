import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { Page } from '../../database/page';

@ObjectType({
  simpleResolvers: true,
  description: 'Where a page lies in its list (https://relay.dev/graphql/connections.htm).',
})
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** The value of a connection field with nodes of type `T`. */
export interface ConnectionValue<T> {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: PageInfo;
}

/**
 * Defines the two object types of a Relay connection, `<name>Connection` and `<name>Edge`.
 *
 * @param name the name of the node's type
 * @returns the class of `<name>Connection`
 */
export function connectionOf<T extends object>(
  name: string,
  node: ClassType<T>,
): ClassType<ConnectionValue<T>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string;

    @Field(() => node)
    node!: T;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class Connection {
    @Field(() => [Edge])
    edges!: Edge[];

    @Field(() => [node], { description: 'The nodes of `edges`, for whoever needs no cursors.' })
    nodes!: T[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return Connection;
}

/** Converts a page of rows into the value of a connection field, in the order of the page. */
export function toConnection<T>(page: Page<T>): ConnectionValue<T> {
  const { edges, hasNextPage, hasPreviousPage } = page;
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
