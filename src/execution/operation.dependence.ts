import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Dependence } from '../graphql/depends-on';

const RANK: Record<Dependence, number> = {
  everyone: 0,
  members: 1,
  founders: 2,
  caller: 3,
};

/** The dependence of an operation's parts below its root field. */
export interface OperationDependence {
  dependence: Dependence;
  /** Names of the variables used there, sorted. */
  variables: readonly string[];
}

const known = new WeakMap<OperationDefinitionNode, OperationDependence>();

/**
 * Inspects an operation with one root field. The root field's own arguments do not count, since
 * only `subscribe` reads them. A selection that a directive leaves out counts as if it were there.
 */
export function dependenceOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDependence {
  const earlier = known.get(operation);
  if (earlier) return earlier;
  const inspection = new Inspection(schema, document);
  inspection.enter(operation.selectionSet, schema.getRootType(operation.operation)!, {
    isRoot: true,
  });
  const found: OperationDependence = {
    dependence: inspection.dependence,
    variables: [...inspection.variables].sort(),
  };
  known.set(operation, found);
  return found;
}

class Inspection {
  dependence: Dependence = 'everyone';
  readonly variables = new Set<string>();
  private readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly seen = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === 'FragmentDefinition' ? [[node.name.value, node]] : [],
      ),
    );
  }

  enter(
    selectionSet: SelectionSetNode,
    parent: GraphQLObjectType,
    { isRoot } = { isRoot: false },
  ): void {
    for (const selection of selectionSet.selections) {
      for (const directive of selection.directives ?? []) this.collect(directive);
      if (selection.kind === 'Field') {
        if (!isRoot) for (const argument of selection.arguments ?? []) this.collect(argument);
        const field = parent.getFields()[selection.name.value];
        if (!field) continue; // __typename
        this.raise((field.extensions.dependsOn as Dependence | undefined) ?? 'everyone');
        const type = getNamedType(field.type);
        if (selection.selectionSet && isObjectType(type)) this.enter(selection.selectionSet, type);
      } else if (selection.kind === 'InlineFragment') {
        this.enter(
          selection.selectionSet,
          this.typeNamed(selection.typeCondition?.name.value, parent),
          { isRoot },
        );
      } else {
        const name = selection.name.value;
        // A fragment at the root and below it is inspected twice: its arguments count only below.
        if (this.seen.has(`${name} ${isRoot}`)) continue;
        this.seen.add(`${name} ${isRoot}`);
        const fragment = this.fragments.get(name)!;
        this.enter(
          fragment.selectionSet,
          this.typeNamed(fragment.typeCondition.name.value, parent),
          { isRoot },
        );
      }
    }
  }

  private typeNamed(name: string | undefined, parent: GraphQLObjectType): GraphQLObjectType {
    return name === undefined ? parent : (this.schema.getType(name) as GraphQLObjectType);
  }

  private raise(dependence: Dependence): void {
    if (RANK[dependence] > RANK[this.dependence]) this.dependence = dependence;
  }

  private collect(node: ASTNode): void {
    visit(node, { Variable: ({ name }) => void this.variables.add(name.value) });
  }
}
