import { follow, type ParleyClient, type Room } from '@parley/client';
import { AddParticipantDocument, RemoveParticipantDocument } from '@parley/client/documents';
import { Client as PostgresClient } from 'pg';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';
import { closePage, openPage, setVisible } from './page';

describe('follow begins again', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let network: Networked;
  let client: ParleyClient;
  const rooms: Room[] = [];

  beforeAll(async () => {
    openPage();
    cluster = await Cluster.start();
    [alice, bob, carol] = (await cluster.persons('alice', 'bob', 'carol')) as [
      Person,
      Person,
      Person,
    ];
  });
  beforeEach(async () => {
    network = await networked(bob);
    ({ client } = network);
  });
  afterEach(async () => {
    for (const room of rooms.splice(0)) room.close();
    await network.stop();
  });
  afterAll(async () => {
    closePage();
    await cluster.stop();
  });

  async function enter(id: string, pageSize = 20): Promise<Room> {
    const room = follow(client, id, { pageSize });
    rooms.push(room);
    await eventually(() => expect(room.state.status).toBe('live'));
    return room;
  }
  const contents = ({ state }: Room) => state.messages.map(({ content }) => content);
  const say = async (id: string, ...texts: string[]) => {
    for (const content of texts) await sendBy(alice, id, { content });
  };

  test('after another epoch, with as many messages as were loaded', async () => {
    const { id } = await conversationOf([alice, bob]);
    await say(id, '1', '2', '3', '4', '5');
    const room = await enter(id, 2);
    await room.loadEarlier();
    const database = new PostgresClient(cluster.databaseUrl);
    await database.connect();
    network.offline();
    await eventually(() => expect(room.state.status).toBe('catching-up'));
    // As after a restore: positions from before are worthless.
    await database.query('update installation set log_epoch = gen_random_uuid()');
    await database.end();
    await cluster.restart();
    await say(id, '6');
    network.online();
    await eventually(() => expect(room.state).toMatchObject({ status: 'live', lastSequence: 6 }));
    expect(contents(room)).toEqual(['3', '4', '5', '6']);
    await say(id, '7');
    await eventually(() => expect(contents(room)).toEqual(['3', '4', '5', '6', '7']));
  });

  test('after joining anew, without what was before', async () => {
    const { id } = await conversationOf([alice, bob, carol]);
    await say(id, '1');
    const room = await enter(id);
    network.offline();
    await eventually(() => expect(room.state.status).toBe('catching-up'));
    const input = { conversationId: id, userId: 'bob' };
    await cluster.service().ask(RemoveParticipantDocument, { input });
    await say(id, 'unseen');
    await alice.ask(AddParticipantDocument, { input });
    await say(id, 'seen');
    network.online();
    await eventually(() => expect(room.state.status).toBe('live'));
    expect(contents(room)).toEqual(['seen']);
  });

  test('as viewing only while the page is visible, and misses nothing', async () => {
    const { id } = await conversationOf([alice, bob]);
    const room = await enter(id);
    for (const [index, isVisible] of [false, true, false, true].entries()) {
      setVisible(isVisible);
      await say(id, `${index}`);
    }
    await eventually(() => expect(contents(room)).toEqual(['0', '1', '2', '3']));
    expect(room.state.status).toBe('live');
  });
});
