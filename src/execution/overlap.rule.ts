import {
  type FragmentDefinitionNode,
  GraphQLError,
  OverlappingFieldsCanBeMergedRule,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/**
 * The greatest work of one document: each comparison of a fragment costs so much, and 1 for each of
 * its fields. A hundred fragments of three fields in the same place are below it.
 */
const MAX_WORK = 80_000;
const COMPARISON = 4;

/** Thrown by the rule when it has compared too much. */
export const TOO_MUCH_TO_COMPARE = new GraphQLError(
  'Too many fields of fragments would have to be compared: spread fewer in the same place.',
);

/**
 * graphql-js' rule that fields with the same name in the answer can be merged, with an end to its
 * work. It compares each fragment with all others that are spread in the same place. A few
 * kilobytes of fragments would keep it busy for a tenth of a second.
 *
 * @throws {@link TOO_MUCH_TO_COMPARE} while the document is visited
 */
export const OverlappingFieldsRule: ValidationRule = (context) => {
  const costs = new Map<FragmentDefinitionNode, number>();
  let work = 0;
  // The rule asks for a fragment each time that it compares it.
  const getFragment = (name: string) => {
    const fragment = context.getFragment(name);
    if (!fragment) return fragment;
    const cost = costs.get(fragment) ?? COMPARISON + countFields(fragment);
    costs.set(fragment, cost);
    work += cost;
    if (work > MAX_WORK) throw TOO_MUCH_TO_COMPARE;
    return fragment;
  };
  return OverlappingFieldsCanBeMergedRule(
    Object.create(context, { getFragment: { value: getFragment } }),
  );
};

/** Counts the fields in a fragment, at any depth, without those of fragments that it spreads. */
function countFields({ selectionSet }: FragmentDefinitionNode): number {
  let count = 0;
  const open: SelectionSetNode[] = [selectionSet];
  for (let set = open.pop(); set; set = open.pop())
    for (const selection of set.selections) {
      if (selection.kind === 'Field') count++;
      if (selection.kind !== 'FragmentSpread' && selection.selectionSet)
        open.push(selection.selectionSet);
    }
  return count;
}
