import type { DocumentNode, SelectionSetNode } from 'graphql';

/**
 * Counts the fields of a document that stand again in the same selection set, under the same name
 * in the answer. Validation compares each with all others of its name, and then what stands below
 * them: a few kilobytes of repeated fields keep it busy for a third of a second.
 */
export function countRepeatedFields({ definitions }: DocumentNode): number {
  let count = 0;
  const open: SelectionSetNode[] = [];
  for (const node of definitions) if ('selectionSet' in node) open.push(node.selectionSet);
  for (let set = open.pop(); set; set = open.pop()) {
    const names = new Set<string>();
    // Fields of inline fragments stand in the same set.
    const sets = [set];
    for (let part = sets.pop(); part; part = sets.pop())
      for (const selection of part.selections) {
        if (selection.kind === 'InlineFragment') sets.push(selection.selectionSet);
        if (selection.kind !== 'Field') continue;
        const name = (selection.alias ?? selection.name).value;
        if (names.has(name)) count++;
        else names.add(name);
        if (selection.selectionSet) open.push(selection.selectionSet);
      }
  }
  return count;
}
