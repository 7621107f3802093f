/**
 * The size of an introspection: the fields of its answer, counted on the schema before it is
 * executed. Introspection fields count towards neither depth nor cost, so their bound stands beside
 * those limits. It is a multiple of the largest introspection that tools send, and so grows with
 * the schema. What is deprecated counts, and so does what `@skip` or `@include` would leave out.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** An operation may introspect as much as so many times the whole schema. */
const TIMES_THE_SCHEMA = 2;
/** The options that make graphql-js' query larger. */
const EVERYTHING = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  experimentalDirectiveDeprecation: true,
  oneOf: true,
};

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const bounds = new WeakMap<GraphQLSchema, number>();

/** Returns the number of fields that one operation may introspect. */
export function mostIntrospected(schema: GraphQLSchema): number {
  let most = bounds.get(schema);
  if (most === undefined) {
    const { definitions } = parse(getIntrospectionQuery(EVERYTHING));
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of definitions)
      if (node.kind === 'FragmentDefinition') fragments.set(node.name.value, node);
    const [operation] = definitions as [OperationDefinitionNode];
    const [field] = operation.selectionSet.selections as readonly FieldNode[];
    most = TIMES_THE_SCHEMA * new Introspection(schema, fragments).sizeOf(field!);
    bounds.set(schema, most);
  }
  return most;
}

/** Counts the fields of the introspections of one document. */
export class Introspection {
  /** A selection is counted once for each part of the schema that it is made of. */
  private readonly counted = new Map<SelectionSetNode, Map<unknown, number>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
  ) {}

  /** @param field a field `__schema` or `__type` */
  sizeOf(field: FieldNode): number {
    const { schema } = this;
    if (field.name.value === SchemaMetaFieldDef.name)
      return 1 + this.sizeBelow(SchemaMetaFieldDef, field, schema);
    const name = field.arguments?.find((one) => one.name.value === 'name')?.value;
    if (name?.kind === 'StringValue')
      return 1 + this.sizeBelow(TypeMetaFieldDef, field, schema.getType(name.value));
    // A variable may name any type.
    const types = Object.values(schema.getTypeMap());
    return 1 + Math.max(...types.map((type) => this.sizeBelow(TypeMetaFieldDef, field, type)));
  }

  /** Counts the fields below one, whose value is a part of the schema, or a list of parts. */
  private sizeBelow(
    { type }: GraphQLField<unknown, unknown>,
    { selectionSet }: FieldNode,
    value: unknown,
  ): number {
    const named = getNamedType(type);
    if (!selectionSet || !isObjectType(named) || value === null || value === undefined) return 0;
    if (!Array.isArray(value)) return this.sizeOfSelection(selectionSet, named, value);
    let size = 0;
    for (const part of value) size += this.sizeOfSelection(selectionSet, named, part);
    return size;
  }

  private sizeOfSelection(set: SelectionSetNode, type: GraphQLObjectType, part: unknown): number {
    let counted = this.counted.get(set);
    if (!counted) {
      counted = new Map();
      this.counted.set(set, counted);
    }
    let size = counted.get(part);
    if (size === undefined) {
      size = this.countSelection(set, type, part);
      counted.set(part, size);
    }
    return size;
  }

  private countSelection(
    { selections }: SelectionSetNode,
    type: GraphQLObjectType,
    part: unknown,
  ): number {
    let size = 0;
    for (const selection of selections)
      if (selection.kind === 'InlineFragment')
        size += this.sizeOfSelection(selection.selectionSet, type, part);
      else if (selection.kind === 'FragmentSpread') {
        const { selectionSet } = this.fragments.get(selection.name.value)!;
        size += this.sizeOfSelection(selectionSet, type, part);
      } else {
        const definition = type.getFields()[selection.name.value];
        size += 1;
        // `__typename` is a field of every type, and of none of these lists.
        if (definition && selection.selectionSet)
          size += this.sizeBelow(definition, selection, this.valueOf(definition, part));
      }
    return size;
  }

  /** Returns the value of a field, as the resolvers of graphql-js give it. */
  private valueOf({ resolve }: GraphQLField<unknown, unknown>, part: unknown): unknown {
    const info = { schema: this.schema } as GraphQLResolveInfo;
    return resolve!(part, { includeDeprecated: true }, undefined, info);
  }
}
