import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  buildSchema,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  parse,
} from 'graphql';

const SCHEMA = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));

/** What a mutation may name and its caller may have nothing to do with. */
const NAMED = ['conversationId', 'offerId', 'messageId'] as const;

export type Named = Record<(typeof NAMED)[number], string>;

export interface SchemaMutation {
  name: string;
  document: TypedDocumentNode<unknown, { input: Record<string, unknown> }>;
  /** An input that breaks no rule and names these. Every other id is `userId`. */
  inputFor(named: Named, userId: string): Record<string, unknown>;
}

/** Every mutation of the schema that names a conversation, an offer or a message. */
export function namingMutations(): SchemaMutation[] {
  return Object.values(SCHEMA.getMutationType()!.getFields()).flatMap(({ name, args }) => {
    const input = args.find((arg) => arg.name === 'input')!;
    const type = getNullableType(input.type);
    if (!isInputObjectType(type) || !NAMED.some((id) => id in type.getFields())) return [];
    const text = `mutation ($input: ${input.type}) { ${name}(input: $input) { __typename } }`;
    const document = parse(text) as SchemaMutation['document'];
    return [{ name, document, inputFor: (named, userId) => inputOf(type, { ...named, userId }) }];
  });
}

function inputOf(type: GraphQLInputObjectType, ids: Record<string, string>) {
  const fields = Object.values(type.getFields()).filter(
    (field) => isRequiredInputField(field) || field.name in ids,
  );
  return Object.fromEntries(
    fields.map((field) => [field.name, ids[field.name] ?? sampleOf(field.type, ids)]),
  );
}

function sampleOf(type: GraphQLInputType, ids: Record<string, string>): unknown {
  const plain = getNullableType(type);
  if (isListType(plain)) return [sampleOf(plain.ofType, ids)];
  if (isInputObjectType(plain)) {
    const input = inputOf(plain, ids);
    // The amount of an offer's item is required of some kinds only, so the schema does not say so.
    return 'giverId' in input ? { ...input, kind: 'CREDITS', amount: 1 } : input;
  }
  if (isEnumType(plain)) return plain.getValues()[0]!.name;
  const scalars: Record<string, unknown> = { ID: ids.userId, String: 'text', Boolean: true };
  return scalars[String(plain)] ?? 1;
}
