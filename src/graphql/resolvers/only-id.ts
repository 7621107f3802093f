import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/**
 * Whether nothing but the id of what a field leads to is selected, as normalising clients do: then it need not be
 * loaded. Only for what is known to be there and to be the viewer's.
 */
export function selectsOnlyId({ fieldNodes, fragments }: GraphQLResolveInfo): boolean {
  const isOnlyId = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === 'Field')
        return selection.name.value === 'id' || selection.name.value === '__typename';
      if (selection.kind === 'InlineFragment') return isOnlyId(selection.selectionSet);
      return isOnlyId(fragments[selection.name.value]!.selectionSet);
    });
  return fieldNodes.every(({ selectionSet }) => selectionSet && isOnlyId(selectionSet));
}
