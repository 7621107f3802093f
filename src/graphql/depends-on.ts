import { Extensions } from 'type-graphql';

/**
 * The callers who get the same value of a field, from the widest group to the narrowest:
 * `everyone` is all callers who may see the field, `members` is all participants who joined the
 * conversation at the same sequence, and `caller` is the caller alone. A selection depends on the
 * narrowest of its fields.
 */
export type Dependence = 'everyone' | 'members' | 'caller';

/**
 * Declares that a field's value differs between callers. Use `caller` when the resolver reads the
 * caller, and `members` when it reads only the caller's joined sequence. A field without it has the
 * same value for everyone.
 */
export function DependsOn(
  dependence: Exclude<Dependence, 'everyone'>,
): MethodDecorator & PropertyDecorator {
  return Extensions({ dependsOn: dependence });
}
