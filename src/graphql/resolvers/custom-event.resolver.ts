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

@InputType({ description: 'What to tell, and to whom.' })
class EmitEventInput implements EmitEvent {
  @Field(() => ID, { nullable: true, description: 'This, or userId.' })
  conversationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'This, or conversationId.' })
  userId?: string | null;

  @Field(() => String, { description: 'A name of your own, 1 to 200 characters.' })
  name!: string;

  @Field(() => Json, { nullable: true, description: 'Any JSON: it arrives as it is.' })
  data?: unknown;
}

@ObjectType({ simpleResolvers: true, description: 'That the event was sent.' })
class EmitEventPayload {
  @Field(() => Boolean, { description: 'Always true.' })
  ok!: boolean;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What the host platform tells, by a name of its own.',
})
class CustomEvent {
  @Field(() => String, { description: "The platform's name for it." })
  name!: string;

  @Field(() => Json, { nullable: true, description: 'Whatever the platform put in.' })
  data!: unknown;

  @Field(() => ID, { nullable: true, description: 'Null: it was for you alone.' })
  conversationId!: string | null;

  @Field(() => DateTime, { description: 'When the platform emitted it.' })
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
    @Arg('input', () => EmitEventInput, { description: 'The event, and to whom it goes.' })
    input: EmitEventInput,
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
    @Arg('conversationId', () => ID, {
      nullable: true,
      description: 'A conversation of yours; null for all, and for what is for you alone.',
    })
    _conversationId: string | null,
  ): CustomEvent {
    return { name: event, data, conversationId, at };
  }
}
