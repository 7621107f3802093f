import {
  AddParticipantDocument,
  ArchiveConversationDocument,
  CounterOfferDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  EmitEventDocument,
  LeaveConversationDocument,
  MarkReadDocument,
  NotifyUserDocument,
  SetTypingDocument,
  StartConversationDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import type { Person } from '../support/person';
import { idOf } from './roles';
import type { Scene } from './scene';
import { Writer } from './scene.talk';
import type { PersonName } from './visibility';

/** Everything happens that may happen in the room, in the circle and in the pair. */
export async function commotion(scene: Scene, service: Person): Promise<void> {
  const writer = new Writer(scene);
  await inRoom(scene, writer, service);
  for (const [one, other] of [
    ['blocker', 'blocked'],
    ['blocked', 'blocker'],
  ] as const)
    await acrossBlock(scene, writer, one, other);
}

async function inRoom(scene: Scene, writer: Writer, service: Person): Promise<void> {
  const { canaries, people, conversations, room } = scene;
  const { founder, party, newcomer } = people;
  const conversationId = conversations.room;
  const isTyping = true;
  await founder.ask(SetTypingDocument, { input: { conversationId, isTyping } });
  const messageId = await writer.say('founder', conversationId, 'room.late', room.said.early);
  const content = canaries.of('room.early');
  await founder.ask(EditMessageDocument, { input: { messageId: room.said.early, content } });
  await founder.ask(DeleteMessageDocument, { input: { messageId } });
  const terms = writer.terms('party', 'room.early');
  const { id: offerId, version } = room.offers.early;
  await party.ask(CounterOfferDocument, { input: { offerId, version, ...terms } });
  await writer.offer('founder', 'party', conversationId, 'room.late');
  await founder.ask(MarkReadDocument, { input: { conversationId, sequence: 1_000 } });
  await founder.ask(ArchiveConversationDocument, { input: { conversationId, archived: true } });
  const told = { name: canaries.of('room.late'), data: { text: canaries.of('room.late') } };
  await service.ask(EmitEventDocument, { input: { conversationId, ...told } });
  const own = { userId: idOf('founder'), data: { text: canaries.of('notify.founder') } };
  await service.ask(EmitEventDocument, { input: { ...own, name: canaries.of('notify.founder') } });
  await service.ask(NotifyUserDocument, {
    input: { ...own, title: canaries.of('notify.founder') },
  });
  await founder.ask(AddParticipantDocument, { input: { conversationId, userId: newcomer.id } });
  await newcomer.ask(LeaveConversationDocument, { input: { conversationId } });
  const begun = { participantIds: [party.id], subject: canaries.of('own.founder') };
  const { startConversation } = await founder.ask(StartConversationDocument, { input: begun });
  canaries.note('own.founder', startConversation.conversation.id);
  await writer.say('party', startConversation.conversation.id, 'own.founder');
}

async function acrossBlock(
  { people, conversations, pair }: Scene,
  writer: Writer,
  one: 'blocker' | 'blocked',
  other: PersonName,
): Promise<void> {
  const { circle: conversationId } = conversations;
  const person = people[one];
  await person.ask(SetTypingDocument, { input: { conversationId, isTyping: true } });
  await writer.say(one, conversationId, 'circle');
  await writer.offer(one, other, conversationId, 'circle');
  await person.ask(MarkReadDocument, { input: { conversationId, sequence: 1_000 } });
  await person.ask(WithdrawOfferDocument, {
    input: { offerId: pair.offers[one].made, version: 1 },
  });
  await person.ask(DeleteMessageDocument, { input: { messageId: pair.said[one] } });
}
