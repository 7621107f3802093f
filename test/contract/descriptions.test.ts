import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { getSchema } from '../../src/graphql/schema';

/** Everything that can be described, by its place: `Type`, `Type.field`, `Type.field(argument)`. */
function placesOf(schema: GraphQLSchema): [place: string, description: string][] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap(placesOfType);
}

function placesOfType(type: GraphQLNamedType): [string, string][] {
  const own: [string, string] = [type.name, type.description ?? ''];
  return [
    own,
    ...partsOf(type).map(({ name, description }): [string, string] => [
      `${type.name}.${name}`,
      description ?? '',
    ]),
    ...argumentsOf(type),
  ];
}

function partsOf(type: GraphQLNamedType): { name: string; description?: string | null }[] {
  if (isEnumType(type)) return [...type.getValues()];
  return isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
}

function argumentsOf(type: GraphQLNamedType): [string, string][] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.map(({ name, description }: GraphQLArgument): [string, string] => [
      `${type.name}.${field.name}(${name})`,
      description ?? '',
    ]),
  );
}

describe('the descriptions of the schema', () => {
  const places = placesOf(getSchema());

  test('are there for every type, field, argument, input and value of an enum', () => {
    expect(places.length).toBeGreaterThan(450);
    expect(places.filter(([, text]) => text.trim() === '').map(([place]) => place)).toEqual([]);
  });

  test('are sentences', () => {
    const broken = places.filter(([, text]) => !/^[^a-z].*[.)]$/s.test(text.trim()));
    expect(broken).toEqual([]);
  });
});
