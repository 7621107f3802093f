import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** Where a subscription's position stands: in which variable it goes out, and where in an event it comes back. */
export interface Position {
  /** Name of the variable that the field's `after` argument takes. */
  variable: string;
  /** Response name of the subscription's field. */
  field: string;
  /** Response name of `sequence` below it (`cursor` for the platform's feed). */
  key: string;
}

/**
 * Finds the position in a subscription's document.
 *
 * @returns null for whatever has no position: another operation, or a field without a variable for `after`
 * @throws {TypeError} the field takes `after` from a variable but selects no `sequence` to go on from
 */
export function findPosition(query: string, operationName?: string | null): Position | null {
  const document = parse(query);
  const operation = getOperationAST(document, operationName);
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
  return { variable, field: responseName(field), key: responseName(key) };
}

function afterVariable(field: FieldNode): string | null {
  const value = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : null;
}

function responseName(field: FieldNode): string {
  return (field.alias ?? field.name).value;
}

/** The fields of a selection, those of its fragments included. A document is valid only without fragment cycles. */
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
