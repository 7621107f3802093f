import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/**
 * Returns true when a field's selection consists of `id` and `__typename` only. The row then need
 * not be loaded. Normalising clients often select like this. To be used only for a row that is
 * known to exist and to be visible to the caller.
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
