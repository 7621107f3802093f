import { Extensions } from 'type-graphql';

/**
 * The callers who get the same value of a field, from the widest group to the narrowest:
 * `everyone` is all callers who may see the field. `members` is all participants who joined the
 * conversation at the same sequence. `founders` is all participants from the beginning, while each
 * one who joined later is alone. `caller` is the caller alone. A selection depends on the narrowest
 * of its fields.
 */
export type Dependence = 'everyone' | 'members' | 'founders' | 'caller';

/**
 * Declares that a field's value differs between callers. Use `caller` when the resolver reads the
 * caller, `members` when it reads only the caller's joined sequence, and `founders` when it reads
 * the caller only if that is not 0. A field without it has the same value for everyone.
 */
export function DependsOn(
  dependence: Exclude<Dependence, 'everyone'>,
): MethodDecorator & PropertyDecorator {
  return Extensions({ dependsOn: dependence });
}
