import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { CustomEmitted } from '../../events';
import { DateTime, Json } from '../../input/scalars';
import type { EmitEvent } from '../../platform/custom-event.service';
import type { Context } from '../context';
import { customEventStream } from '../streams/custom-event.stream';

@InputType()
class EmitEventInput implements EmitEvent {
  @Field(() => ID, { nullable: true, description: 'This, or userId.' })
  conversationId?: string | null;

  @Field(() => ID, { nullable: true })
  userId?: string | null;

  @Field(() => String, { description: 'A name of your own, 1 to 200 characters.' })
  name!: string;

  @Field(() => Json, { nullable: true })
  data?: unknown;
}

@ObjectType({ simpleResolvers: true })
class EmitEventPayload {
  @Field(() => Boolean)
  ok!: boolean;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What the host platform tells, by a name of its own.',
})
class CustomEvent {
  @Field(() => String)
  name!: string;

  @Field(() => Json, { nullable: true })
  data!: unknown;

  @Field(() => ID, { nullable: true, description: 'Null: it was for you alone.' })
  conversationId!: string | null;

  @Field(() => DateTime)
  at!: string;
}

@Resolver()
export class CustomEventResolver {
  @Mutation(() => EmitEventPayload, {
    description:
      "Service tokens only. Any event, to a conversation's participants or to one user; live, " +
      'stored nowhere.',
  })
  async emitEvent(
    @Arg('input', () => EmitEventInput) input: EmitEventInput,
    @Ctx() context: Context,
  ): Promise<EmitEventPayload> {
    await context.services.platform.customEvents.emit(context.caller, input);
    return { ok: true };
  }

  @Subscription(() => CustomEvent, {
    subscribe: ({ args, context }) => customEventStream(context, args.conversationId ?? null),
    description:
      'What the host platform emits: to that conversation, or without `conversationId` to you ' +
      'and to all of yours.',
  })
  customEvent(
    @Root() { event, data, conversationId, at }: CustomEmitted,
    @Arg('conversationId', () => ID, { nullable: true }) _conversationId: string | null,
  ): CustomEvent {
    return { name: event, data, conversationId, at };
  }
}
