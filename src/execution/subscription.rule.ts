import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  SingleFieldSubscriptionsRule,
  type ValidationRule,
  visit,
} from 'graphql';
import type { OperationArgs } from './execution';

/**
 * graphql-js' rule that a subscription has one root field, for fields behind `@skip` and `@include`
 * as well. The original looks at the directives without the variables, and then says that a
 * variable was not given, although it was. Here every field counts, whatever its directives say.
 */
export const SingleRootFieldRule: ValidationRule = (context) => {
  const document = context.getDocument();
  const isSubscription = ({ kind, operation }: { kind: string; operation?: string }) =>
    kind === 'OperationDefinition' && operation === 'subscription';
  if (!document.definitions.some(isSubscription)) return {};
  const plain = withoutConditions(document);
  const original = SingleFieldSubscriptionsRule(
    Object.create(context, { getDocument: { value: () => plain } }),
  ) as { OperationDefinition(node: OperationDefinitionNode): void };
  return {
    OperationDefinition(node) {
      const at = document.definitions.indexOf(node);
      original.OperationDefinition(plain.definitions[at] as OperationDefinitionNode);
    },
  };
};

function withoutConditions(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: ({ name }: DirectiveNode): null | undefined =>
      name.value === 'skip' || name.value === 'include' ? null : undefined,
  });
}

/** Returns true when `@skip` and `@include` leave a root field to the operation. */
export function selectsField({ document, operation, coerced }: OperationArgs): boolean {
  const isIncluded = (node: { directives?: readonly DirectiveNode[] | undefined }) =>
    getDirectiveValues(GraphQLSkipDirective, node, coerced)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, coerced)?.if !== false;
  const hasField = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => isIncluded(selection) && isField(selection));
  const isField = (selection: SelectionNode): boolean => {
    if (selection.kind === 'Field') return true;
    if (selection.kind === 'InlineFragment') return hasField(selection.selectionSet);
    const fragment = document.definitions.find(
      (one: ASTNode) =>
        one.kind === 'FragmentDefinition' && one.name.value === selection.name.value,
    );
    return fragment?.kind === 'FragmentDefinition' && hasField(fragment.selectionSet);
  };
  return hasField(operation.selectionSet);
}
