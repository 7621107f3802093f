import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { Page } from '../../database/page';

@ObjectType({
  simpleResolvers: true,
  description: 'Where a page lies in its list (https://relay.dev/graphql/connections.htm).',
})
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether entries follow the page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether entries come before the page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first entry; null when the page is empty.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last entry; null when the page is empty.',
  })
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
  const plural = `${name.toLowerCase()}s`;

  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `One of the ${plural} on a page.`,
  })
  class Edge {
    @Field(() => String, { description: 'Its place in the list, for `after` and `before`.' })
    cursor!: string;

    @Field(() => node, { description: `The ${name.toLowerCase()} itself.` })
    node!: T;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: `A page of ${plural}.`,
  })
  class Connection {
    @Field(() => [Edge], { description: `The ${plural}, each with its cursor.` })
    edges!: Edge[];

    @Field(() => [node], { description: 'The nodes of `edges`, for whoever needs no cursors.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Where the page lies in the list.' })
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
