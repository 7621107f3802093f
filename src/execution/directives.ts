import {
  BREAK,
  type DirectiveNode,
  type DocumentNode,
  type Token,
  TokenKind,
  visit,
} from 'graphql';

/** Counts the directives that stand in a document's text. */
export function countDirectives({ loc }: DocumentNode): number {
  let count = 0;
  for (let token: Token | null = loc?.startToken ?? null; token; token = token.next)
    if (token.kind === TokenKind.AT) count++;
  return count;
}

/**
 * Returns the first directive that stands twice in the same place, known or not; null for none. The
 * schema has no directive that may. graphql-js would report an unknown one once for each time.
 */
export function findRepeatedDirective(document: DocumentNode): DirectiveNode | null {
  let found: DirectiveNode | null = null;
  visit(document, {
    enter(node) {
      if (!('directives' in node) || !node.directives) return undefined;
      const names = new Set<string>();
      for (const directive of node.directives as readonly DirectiveNode[]) {
        if (names.has(directive.name.value)) {
          found = directive;
          return BREAK;
        }
        names.add(directive.name.value);
      }
      return undefined;
    },
  });
  return found;
}
