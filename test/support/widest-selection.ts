import { type GraphQLObjectType, getNamedType, isObjectType, isRequiredArgument } from 'graphql';
import type { Dependence } from '../../src/graphql/depends-on';

const DEEPEST = 4;

/** All fields of a type, and of what they lead to, that declare to depend on none but these. */
export function widestSelection(
  type: GraphQLObjectType,
  allowed: readonly Dependence[],
  depth = 0,
): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const dependence = (field.extensions.dependsOn as Dependence | undefined) ?? 'everyone';
    if (!allowed.includes(dependence) || field.args.some(isRequiredArgument)) return [];
    const below = getNamedType(field.type);
    if (!isObjectType(below)) return [field.name];
    return depth === DEEPEST ? [] : [`${field.name} ${widestSelection(below, allowed, depth + 1)}`];
  });
  return `{ ${['__typename', ...fields].join(' ')} }`;
}
