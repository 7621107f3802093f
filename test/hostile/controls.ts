import { offerBy, sendBy } from '../support/factories';
import { idOf } from './roles';
import type { Scene } from './scene';
import type { Target } from './table/arguments';
import type { PersonName } from './visibility';

interface Control {
  by: PersonName;
  target: Target;
}

/** A target of the room with what is new in it. */
function inRoom(scene: Scene, by: PersonName, things: Partial<Target>): Control {
  const { room, conversations, notification } = scene;
  const target = {
    conversation: conversations.room,
    message: room.said.late,
    replyTo: room.said.late,
    offer: room.offers.late.id,
    version: 1,
    user: idOf('target'),
    recipient: idOf('party'),
    giver: idOf(by),
    notification,
    token: scene.people[by].token!,
    ...things,
  };
  return { by, target };
}

const message = async (scene: Scene): Promise<Control> => {
  const { id } = await sendBy(scene.people.founder, scene.conversations.room);
  return inRoom(scene, 'founder', { message: id });
};

/** On an offer of the founder's to the party, by one of the two. */
const offer =
  (by: 'founder' | 'party') =>
  async (scene: Scene): Promise<Control> => {
    const recipientId = idOf('party');
    const made = await offerBy(scene.people.founder, scene.conversations.room, { recipientId });
    return inRoom(scene, by, { offer: made.id, version: made.version });
  };

/**
 * For each mutation that is refused to every role of the table: the one to whom it is not refused,
 * and something to do it to.
 */
export const CONTROLS: Readonly<Record<string, (scene: Scene) => Promise<Control>>> = {
  'Mutation.editMessage': message,
  'Mutation.counterOffer': offer('party'),
  'Mutation.reviseOffer': offer('founder'),
  'Mutation.acceptOffer': offer('party'),
  'Mutation.markNotificationsRead': async (scene) => inRoom(scene, 'founder', {}),
  'Mutation.renewSession': async (scene) => inRoom(scene, 'founder', {}),
};
