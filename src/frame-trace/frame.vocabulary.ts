import {
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** The names of a schema, by which a frame can be read without its document. */
export interface Vocabulary {
  /** All names of fields, arguments and fields of inputs. */
  readonly names: ReadonlySet<string>;
  /** The names that always stand for objects or lists of objects, and never for JSON or a text. */
  readonly containers: ReadonlySet<string>;
  /** The values of all enums. */
  readonly codes: ReadonlySet<string>;
  /** The names of all types of objects. */
  readonly types: ReadonlySet<string>;
  readonly inputTypes: ReadonlySet<string>;
  readonly enumTypes: ReadonlySet<string>;
}

/** Reads the names of a schema. Takes some milliseconds. */
export function vocabularyOf(schema: GraphQLSchema): Vocabulary {
  const containers = new Set<string>();
  const leaves = new Set<string>();
  const codes = new Set<string>();
  const types = new Set<string>();
  const inputTypes = new Set<string>();
  const enumTypes = new Set<string>();
  const note = (name: string, type: Parameters<typeof getNamedType>[0]) => {
    const named = getNamedType(type);
    const isContainer = isCompositeType(named) || isInputObjectType(named);
    (isContainer ? containers : leaves).add(name);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isEnumType(type)) {
      enumTypes.add(type.name);
      for (const { name } of type.getValues()) codes.add(name);
    }
    if (isInputObjectType(type)) {
      inputTypes.add(type.name);
      for (const field of Object.values(type.getFields())) note(field.name, field.type);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    types.add(type.name);
    for (const field of Object.values(type.getFields())) {
      note(field.name, field.type);
      for (const argument of field.args) note(argument.name, argument.type);
    }
  }
  const names = new Set([...containers, ...leaves]);
  for (const name of leaves) containers.delete(name);
  return { names, containers, codes, types, inputTypes, enumTypes };
}
