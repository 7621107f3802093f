import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  parse,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/**
 * The places of a subscription's position: the variable that sends it, and the field of an event
 * that returns it.
 */
export interface Position {
  /** The name of the variable that is passed to the field's `after` argument. */
  variable: string;
  /** The response name of the subscription's root field. */
  field: string;
  /** The response name of `sequence` below it (of `cursor` for `platformEvents`). */
  key: string;
  /** The name of the subscription's root field in the schema. */
  name: string;
  /** The value of its argument `conversationId`; undefined when there is none. */
  conversationId: ValueNode | undefined;
}

/** The log that a subscription follows. */
export interface Log {
  /** The name of the subscription's root field in the schema. */
  field: string;
  /** It is null for the user's inbox, and for what the platform follows. */
  conversationId: string | null;
}

/** Returns true for the value of a variable that is not left out. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The fields that follow one log without an argument for a conversation. */
const OF_ONE_LOG: readonly string[] = ['notificationAdded', 'platformEvents'];

/**
 * Returns the log of a subscription with these variables; null when it follows those of all
 * conversations, in which there is no position.
 */
export function logOf(
  { name, conversationId: value }: Position,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): Log | null {
  const id =
    value?.kind === Kind.VARIABLE
      ? variables?.[value.name.value]
      : value && 'value' in value && value.value;
  if (typeof id === 'string') return { field: name, conversationId: id };
  return OF_ONE_LOG.includes(name) ? { field: name, conversationId: null } : null;
}

/**
 * Finds how a subscription names its position: the variable of its field's `after` argument, and
 * the response names of the field and of its `sequence` (of `platformEvents`, the `cursor`).
 *
 * @returns null when the operation is no subscription, or its field's `after` is no variable
 * @throws {TypeError} when `after` is a variable but `sequence` (or `cursor`) is not selected
 * @throws {GraphQLError} when the document cannot be parsed
 */
export function findPosition(query: string, operationName?: string | null): Position | null {
  const document = parse(query);
  // Some clients send an empty name for an operation that has none.
  const operation = getOperationAST(document, operationName || null);
  if (operation?.operation !== 'subscription') return null;
  const field = fieldsOf(document, operation.selectionSet)[0];
  const variable = field && afterVariable(field);
  if (!variable) return null;
  const wanted = field.name.value === 'platformEvents' ? 'cursor' : 'sequence';
  const key = fieldsOf(document, field.selectionSet).find(
    (selected) => selected.name.value === wanted,
  );
  if (!key)
    throw new TypeError(
      `${field.name.value} takes after: $${variable} but does not select ${wanted}.`,
    );
  return {
    variable,
    field: responseName(field),
    key: responseName(key),
    name: field.name.value,
    conversationId: argumentOf(field, 'conversationId'),
  };
}

function argumentOf(field: FieldNode, name: string): ValueNode | undefined {
  return field.arguments?.find((argument) => argument.name.value === name)?.value;
}

function afterVariable(field: FieldNode): string | null {
  const value = argumentOf(field, 'after');
  return value?.kind === Kind.VARIABLE ? value.name.value : null;
}

function responseName(field: FieldNode): string {
  return (field.alias ?? field.name).value;
}

/**
 * Returns the fields of a selection, in order, including those of its fragments. A valid document
 * has no fragment cycles, so the recursion ends.
 */
function fieldsOf(document: DocumentNode, selectionSet?: SelectionSetNode): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(document, selection.selectionSet);
    return fieldsOf(document, fragmentOf(document, selection.name.value)?.selectionSet);
  });
}

function fragmentOf(document: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return document.definitions.find(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}
