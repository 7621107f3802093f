import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ASTNode,
  concatAST,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  parse,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { getSchema } from '../../src/graphql/schema';

const FOLDER = resolve(__dirname, '../../client/documents');
const NAMES = ['username', 'displayName'];
/** A user who comes online costs those who watch no statement, so they are shown the id alone. */
const WITHOUT_NAMES = ['UserPresence.userPresence.user'];

const schema = getSchema();

/** Fields that are selected for sure, through fragments of the type as well. */
function selectedIn(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return selection.alias ? [] : [selection.name.value];
    const { selectionSet } =
      selection.kind === 'InlineFragment' ? selection : fragments.get(selection.name.value)!;
    return selectedIn(selectionSet, fragments);
  });
}

function fieldsOf(type: GraphQLNamedType): string[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [];
}

/** Where the object stands: the operation or fragment, and the fields that lead to it. */
function placeOf(ancestors: readonly (ASTNode | readonly ASTNode[])[]): string {
  return ancestors
    .flatMap((one) => {
      if (!('kind' in one)) return [];
      if (one.kind === 'OperationDefinition' || one.kind === 'FragmentDefinition')
        return [one.name?.value ?? ''];
      return one.kind === 'Field' ? [one.name.value] : [];
    })
    .join('.');
}

/** The fields that the document's objects lack, each with its place. */
function lacking(document: DocumentNode): string[] {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === 'FragmentDefinition' ? [[one.name.value, one] as const] : [],
    ),
  );
  const lacks: string[] = [];
  const info = new TypeInfo(schema);
  const check = (node: SelectionSetNode, parents: readonly (ASTNode | readonly ASTNode[])[]) => {
    const type = getNamedType(info.getType() ?? info.getParentType())!;
    const place = placeOf(parents);
    const wanted = ['id', ...(type.name === 'User' ? NAMES : [])];
    const selected = selectedIn(node, fragments);
    for (const field of wanted) {
      const isShown = field === 'id' || !WITHOUT_NAMES.includes(place);
      if (isShown && fieldsOf(type).includes(field) && !selected.includes(field))
        lacks.push(`${place}: ${field}`);
    }
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet(node, _key, parent, _path, ancestors) {
        // What an inline fragment selects was counted with the selection around it.
        if ((parent as ASTNode).kind === 'InlineFragment') return;
        check(node, [...ancestors, parent as ASTNode]);
      },
    }),
  );
  return lacks;
}

describe('the documents of @parley/client', () => {
  const document = concatAST(
    readdirSync(FOLDER).map((file) => parse(readFileSync(join(FOLDER, file), 'utf8'))),
  );

  test('select the id of every object that has one, and a name to show for every user', () => {
    expect(document.definitions.length).toBeGreaterThan(40);
    expect(lacking(document)).toEqual([]);
  });

  test('are read well: what they lack would be found, nested and in fragments', () => {
    const found = lacking(
      parse(`
        query Q { conversation(id: "x") { participants { ...P } me: lastMessage { id sender { id username displayName } } } }
        fragment P on Participant { user { id ... on User { username } } }
        subscription S { messageAdded { number: id sender { displayName: username } } }
      `),
    );
    expect(found).toEqual([
      'Q.conversation: id',
      'Q.conversation.participants: id',
      'P: id',
      'P.user: displayName',
      'S.messageAdded: id',
      'S.messageAdded.sender: id',
      'S.messageAdded.sender: username',
      'S.messageAdded.sender: displayName',
    ]);
  });
});
