import type { BusEvent, CustomEmitted } from '../../src/events';
import { BusInstallation, eventOf, listen, textsOf } from '../support/bus-nodes';
import { eventually } from '../support/eventually';

const installation = new BusInstallation();

function customEvent(data: unknown): CustomEmitted {
  return { name: 'custom.emitted', event: 'odd', conversationId: null, data, at: '' } as never;
}

const circular: { self?: unknown } = {};
circular.self = circular;

const failing = {
  get field(): never {
    throw new Error('cannot be read');
  },
};

describe('a message that cannot be sent', () => {
  it.each([
    ['a number that JSON does not know', customEvent(1n)],
    ['a circle', customEvent(circular)],
    ['a field that cannot be read', customEvent(failing)],
    ['an event that encodes to nothing', { ...eventOf('odd'), toJSON: () => undefined }],
  ])('takes no other with it: %s', async (_, odd) => {
    const [here, there] = [await installation.start(), await installation.start()];
    const { events } = await listen(there, 'topic');
    const own = await listen(here, 'topic');
    const messages = [eventOf('before'), odd as BusEvent, eventOf('after')];
    here.publish(messages.map((event) => ({ topic: 'topic', event })));
    await eventually(() => expect(textsOf(events)).toEqual(['before', 'after']));
    expect(textsOf(own.events).filter((text) => text?.length > 3)).toEqual(['before', 'after']);
    expect(here.droppedCount).toBe(1);
    expect(installation.logbook.about('an event could not be sent')).toHaveLength(1);
    // The room for unanswered messages is given back.
    expect(here['unanswered']).toBe(0);
  });

  it('takes no other with it when the client throws', async () => {
    const [here, there] = [await installation.start(), await installation.start()];
    const { events } = await listen(there, 'topic');
    jest.spyOn(here['publisher'].client, 'publish').mockImplementationOnce(() => {
      throw new Error('thrown at once');
    });
    for (const text of ['odd', 'one', 'two'])
      here.publish([{ topic: 'topic', event: eventOf(text) }]);
    await eventually(() => expect(textsOf(events)).toEqual(['one', 'two']));
    expect([here.droppedCount, here['unanswered']]).toEqual([1, 0]);
    expect(installation.logbook.about('an event could not be sent')).toHaveLength(1);
  });
});
