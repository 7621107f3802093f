import {
  type ASTNode,
  type ASTVisitFn,
  type ASTVisitor,
  type FloatValueNode,
  GraphQLError,
  type IntValueNode,
  Kind,
  type ValidationContext,
  type ValueNode,
} from 'graphql';
import { TOO_GREAT } from '../input/numbers';

type Parent = ASTNode | readonly ASTNode[];

/**
 * A validation rule: no number in the document is greater than a 64-bit float can hold. A scalar of
 * any value, such as JSON, would read it as infinite.
 */
export function FiniteNumbersRule(context: ValidationContext): ASTVisitor {
  const check: ASTVisitFn<IntValueNode | FloatValueNode> = (node, _key, parent, _, ancestors) => {
    if (Number.isFinite(Number(node.value))) return;
    const field = fieldOf([...ancestors, parent!, node]);
    context.reportError(new GraphQLError(`${field}: ${TOO_GREAT}`, { nodes: node }));
  };
  return { IntValue: check, FloatValue: check };
}

/**
 * Returns the path from the argument or the variable to a value, e.g. `input.data.amounts.0`.
 *
 * @param parents everything around the value, from the document on, and the value itself
 */
function fieldOf(parents: readonly Parent[]): string {
  const path: string[] = [];
  for (const [index, parent] of parents.entries()) {
    if (!('kind' in parent)) continue;
    if (parent.kind === Kind.VARIABLE_DEFINITION) path.push(`$${parent.variable.name.value}`);
    if (parent.kind === Kind.ARGUMENT || parent.kind === Kind.OBJECT_FIELD)
      path.push(parent.name.value);
    // The list's array of values stands between the list and the value in it.
    if (parent.kind === Kind.LIST)
      path.push(String(parent.values.indexOf(parents[index + 2] as ValueNode)));
  }
  return path.join('.');
}
