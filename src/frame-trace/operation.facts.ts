import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type TypeNode,
  visit,
} from 'graphql';

/** A text with more tokens is not read: it costs too much, and no node executes it by default. */
const MAX_TOKENS = 5_000;
const MAX_ROOT_FIELDS = 5;

/** The facts of an operation that a frame trace shows, or needs to read the operation's frames. */
export interface OperationFacts {
  readonly type: string;
  /** null for an operation without a name. */
  readonly name: string | null;
  /** The root fields, without their aliases. */
  readonly fields: readonly string[];
  /** The field behind each key of the answers; null for a key behind which are different ones. */
  readonly fieldOfKey: ReadonlyMap<string, string | null>;
  /** The named type of each declared variable. */
  readonly typeOfVariable: ReadonlyMap<string, string>;
}

/**
 * Reads the operation of a document.
 *
 * @param operationName names the operation if there are several; null for the first one
 * @returns null when the text is no document, has no such operation, or is too long
 */
export function readOperation(query: string, operationName: string | null): OperationFacts | null {
  const document = parsed(query);
  const operation = document && operationIn(document, operationName);
  if (!document || !operation) return null;
  const fieldOfKey = new Map<string, string | null>();
  visit(document, {
    Field({ alias, name }) {
      const key = alias?.value ?? name.value;
      const known = fieldOfKey.get(key);
      fieldOfKey.set(key, known === undefined || known === name.value ? name.value : null);
    },
  });
  const variables = operation.variableDefinitions ?? [];
  return {
    type: operation.operation,
    name: operation.name?.value ?? null,
    fields: operation.selectionSet.selections
      .flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []))
      .slice(0, MAX_ROOT_FIELDS),
    fieldOfKey,
    typeOfVariable: new Map(
      variables.map(({ variable, type }) => [variable.name.value, namedType(type)]),
    ),
  };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { noLocation: true, maxTokens: MAX_TOKENS });
  } catch {
    return null;
  }
}

function operationIn(document: DocumentNode, name: string | null): OperationDefinitionNode | null {
  for (const one of document.definitions)
    if (one.kind === Kind.OPERATION_DEFINITION && (name === null || one.name?.value === name))
      return one;
  return null;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
