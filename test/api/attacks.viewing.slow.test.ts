import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { UnavailableError } from '../../src/errors';
import { MessageAddedDocument, NotificationsDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

const QUEUE_EVENTS = 5;
const TOO_MANY = 2 * QUEUE_EVENTS + 1;
/** A message is at hand when it was sent here; what it leads to is not. */
const WITH_SUBJECT = parse(
  'subscription ($id: ID!) { messageAdded(conversationId: $id) { sequence conversation { subject } } }',
) as TypedDocumentNode<unknown, { id: string }>;

describe('attacks on who is viewing', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_QUEUE_EVENTS: String(QUEUE_EVENTS) } });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => cluster.stop());

  const expectViewing = (conversationId: string, expected: string[]) =>
    eventually(async () =>
      expect(await cluster.node.services.presence.reader.findViewing(conversationId)).toEqual(
        expected,
      ),
    );

  /** Late means: some seconds after. */
  const expectNotified = (person: Person, count: number) =>
    eventually(async () => {
      const { notifications } = await person.ask(NotificationsDocument, {});
      expect(notifications.nodes.reduce((sum, one) => sum + one.count, 0)).toBe(count);
    });

  test('a viewer who is sent away for reading too slowly is notified late of all that they did not read', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const {
      conversations: { reader: conversationReader },
    } = cluster.node.services;
    let read = () => {};
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    const { byIds } = conversationReader;
    const stream = cluster.device(bob).subscribe(WITH_SUBJECT, { id });
    await expectViewing(id, [bob.id]);
    jest.spyOn(conversationReader, 'byIds').mockImplementationOnce(async (ids) => {
      await reading;
      return byIds(ids);
    });
    // Some are being read, as many wait, and then there is one too many.
    for (let sent = 0; sent < TOO_MANY; sent++) await sendBy(alice, id);
    read();
    expect(await stream.ended()).toMatchObject({ closed: { code: 1013 } });
    await expectNotified(bob, TOO_MANY);
  });

  test('a viewer whose events could not be read is notified late', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const {
      delivery: { log },
    } = cluster.node.services;
    const source = log.source(id);
    jest.spyOn(log, 'source').mockReturnValueOnce({
      ...source,
      read: async () => {
        await expectViewing(id, [bob.id]);
        await sendBy(alice, id);
        throw new UnavailableError();
      },
    });
    const stream = cluster
      .device(bob)
      .subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    expect(await stream.ended()).toMatchObject({ closed: { code: 1013 } });
    await expectNotified(bob, 1);
  });
});
