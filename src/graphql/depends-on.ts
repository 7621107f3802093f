import { Extensions } from 'type-graphql';

/**
 * Who sees the same answer: `everyone` who may see it at all, all `members` who joined the
 * conversation at the same sequence, or the `caller` alone. Each includes the one before it.
 */
export type Dependence = 'everyone' | 'members' | 'caller';

/**
 * Declares that a field's value is not the same for everyone: `caller` when its resolver asks who is
 * asking, `members` when it asks only from which sequence on they see the conversation.
 */
export function DependsOn(
  dependence: Exclude<Dependence, 'everyone'>,
): MethodDecorator & PropertyDecorator {
  return Extensions({ dependsOn: dependence });
}
