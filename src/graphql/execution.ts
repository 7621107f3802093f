import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

/** Compiling costs as much as some dozens of executions, and what is asked once is asked by nobody again. */
const USES_BEFORE_COMPILING = 30;
/** Selections with every fragment in place, of which a compiled operation consists at most: a client could ask for billions. */
const MOST_SELECTIONS = 1_000;

interface Operation {
  uses: number;
  /** Null: not yet, or it cannot be compiled. */
  compiled: Compiled | null;
}

interface Compiled {
  query: CompiledQuery['query'];
  /** Of the variables that have one: as a client would give it. */
  defaults: Readonly<Record<string, unknown>>;
}

/**
 * Executes operations whose documents are valid and whose variables were checked. Those that come again and again, with
 * the same document, are compiled: a function of their own does what graphql-js finds out anew each time.
 */
export class Execution {
  private readonly documents = new WeakMap<DocumentNode, Map<string | null, Operation>>();

  constructor(private readonly schema: GraphQLSchema) {}

  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const { compiled } = this.operationOf(args);
    if (!compiled) return execute(args);
    const result = compiled.query(args.rootValue, args.contextValue, { ...compiled.defaults, ...args.variableValues });
    return 'then' in result ? result.then(withErrorsOfGraphql) : withErrorsOfGraphql(result);
  }

  private operationOf({ document, operationName = null }: ExecutionArgs): Operation {
    const operations = this.documents.get(document) ?? new Map<string | null, Operation>();
    const operation = operations.get(operationName) ?? { uses: 0, compiled: null };
    if (operation.uses++ === 0) this.documents.set(document, operations.set(operationName, operation));
    if (operation.uses === USES_BEFORE_COMPILING) operation.compiled = this.compile(document, operationName);
    return operation;
  }

  private compile(document: DocumentNode, operationName: string | null): Compiled | null {
    const operation = getOperationAST(document, operationName)!;
    if (!isCompilable(document, operation)) return null;
    const compiled = compileQuery(this.schema, document, operationName ?? undefined);
    return isCompiledQuery(compiled) ? { query: compiled.query, defaults: defaultsOf(operation) } : null;
  }
}

/** Whether it is small enough when every fragment stands where it is spread; it is not looked at further than that. */
function isCompilable({ definitions }: DocumentNode, operation: OperationDefinitionNode): boolean {
  const fragments = new Map<string, SelectionSetNode>();
  for (const one of definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one.selectionSet);
  let left = MOST_SELECTIONS;
  const fits = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (--left < 0) return false;
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection.selectionSet;
      return below === undefined || fits(below);
    });
  return fits(operation.selectionSet);
}

/** The compiled function overlooks them where the type may not be null. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return Object.fromEntries(defaults);
}

/** The compiled function's errors are of a class of its own. */
function withErrorsOfGraphql(result: ExecutionResult): ExecutionResult {
  const errors = result.errors?.map(({ message, path, locations, originalError }) =>
    Object.assign(new GraphQLError(message, { path: path ?? null, originalError: originalError ?? null }), {
      locations,
    }),
  );
  return errors ? { ...result, errors } : result;
}
