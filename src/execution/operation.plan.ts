/**
 * Plans: what graphql-js finds out anew at every execution, found out once for an operation.
 *
 * A plan is data. It lists the fields to be resolved in order, with the merged selections behind
 * each response name, the field's definition, and how its type completes. It holds nothing that a
 * client wrote but the document's own nodes, and is kept for as long as the document is.
 *
 * An operation has no plan when it uses what plans leave to graphql-js: a directive, an abstract
 * type, introspection, several fields of one mutation, or more fields than its text can name.
 *
 * See decisions 10 and 11.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';

/**
 * The fields that all plans of a document may have together: about as many as its text can name.
 * Fragments within fragments make very many of a short text, and plans are kept with their
 * document.
 */
const MIN_FIELDS = 10;
const CHARACTERS_PER_FIELD = 8;

/** Makes a field's value what the client gets, by the field's type. */
export type Completion = { readonly isRequired: boolean } & (
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'list'; readonly item: Completion }
  | { readonly kind: 'object'; readonly fields: readonly PlannedField[] }
);

/** One key of an answer's object. */
export interface PlannedField {
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** All selections of this key in the same object, which are merged into this one field. */
  readonly nodes: readonly FieldNode[];
  readonly completion: Completion;
}

/** The fields of an operation, ready to be resolved. */
export interface Plan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly fields: readonly PlannedField[];
}

const plans = new WeakMap<OperationDefinitionNode, Plan | null>();
/** The number of fields that may still be planned, by document. */
const budgets = new WeakMap<DocumentNode, { left: number }>();

/**
 * Returns the plan of an operation of a valid document. It is made at the first call and kept.
 * Returns null for an operation that is left to graphql-js.
 */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Plan | null {
  const known = plans.get(operation);
  if (known !== undefined) return known;
  const plan = new Planner(schema, document).plan(operation);
  plans.set(operation, plan);
  return plan;
}

/** Thrown to leave the operation to graphql-js. */
class NotPlannable extends Error {}

class Planner {
  private readonly fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  private readonly budget: { left: number };

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    const characters = document.loc?.source.body.length ?? 0;
    this.budget = budgets.get(document) ?? { left: MIN_FIELDS + characters / CHARACTERS_PER_FIELD };
    budgets.set(document, this.budget);
    for (const node of document.definitions)
      if (node.kind === 'FragmentDefinition') this.fragments[node.name.value] = node;
  }

  plan(operation: OperationDefinitionNode): Plan | null {
    const { schema, fragments } = this;
    const rootType = schema.getRootType(operation.operation);
    if (!rootType) return null;
    try {
      const fields = this.fieldsOf(rootType, [operation.selectionSet]);
      // They run one after the other, and each needs fresh loaders.
      if (operation.operation === 'mutation' && fields.length > 1) return null;
      return { schema, operation, fragments, fields };
    } catch (error) {
      if (error instanceof NotPlannable) return null;
      throw error;
    }
  }

  private fieldsOf(
    parentType: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
  ): PlannedField[] {
    const nodes = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const { selections } of selectionSets) this.collect(parentType, selections, nodes, spread);
    return [...nodes].map(([responseName, same]) => this.field(parentType, responseName, same));
  }

  /** GraphQL specification, section 6.3.2 (CollectFields), for object types alone. */
  private collect(
    parentType: GraphQLObjectType,
    selections: readonly SelectionNode[],
    nodes: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (selection.directives && selection.directives.length > 0) throw new NotPlannable();
      if (--this.budget.left < 0) throw new NotPlannable();
      if (selection.kind === 'Field') {
        const responseName = (selection.alias ?? selection.name).value;
        const same = nodes.get(responseName);
        if (same) same.push(selection);
        else nodes.set(responseName, [selection]);
        continue;
      }
      if (selection.kind === 'InlineFragment') {
        this.enter(parentType, selection, nodes, spread);
        continue;
      }
      const name = selection.name.value;
      if (spread.has(name)) continue;
      spread.add(name);
      this.enter(parentType, this.fragments[name]!, nodes, spread);
    }
  }

  private enter(
    parentType: GraphQLObjectType,
    { typeCondition, selectionSet }: FragmentDefinitionNode | InlineFragmentNode,
    nodes: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    if (typeCondition && typeCondition.name.value !== parentType.name) throw new NotPlannable();
    this.collect(parentType, selectionSet.selections, nodes, spread);
  }

  private field(
    parentType: GraphQLObjectType,
    responseName: string,
    nodes: readonly FieldNode[],
  ): PlannedField {
    const name = nodes[0]!.name.value;
    const definition =
      name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parentType.getFields()[name];
    // GraphQL allows the name `__proto__`, but it cannot be an object's own key here.
    if (!definition || responseName === '__proto__') throw new NotPlannable();
    return {
      responseName,
      definition,
      parentType,
      nodes,
      completion: this.completion(definition.type, nodes),
    };
  }

  private completion(type: GraphQLOutputType, nodes: readonly FieldNode[]): Completion {
    if (isNonNullType(type)) return { ...this.completion(type.ofType, nodes), isRequired: true };
    if (isListType(type))
      return { kind: 'list', isRequired: false, item: this.completion(type.ofType, nodes) };
    if (isLeafType(type)) return { kind: 'leaf', isRequired: false, type };
    if (isAbstractType(type) || type.isTypeOf) throw new NotPlannable();
    const selectionSets = nodes.map(({ selectionSet }) => selectionSet!);
    return { kind: 'object', isRequired: false, fields: this.fieldsOf(type, selectionSets) };
  }
}
