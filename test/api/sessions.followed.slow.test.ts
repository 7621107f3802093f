import { setTimeout as pause } from 'node:timers/promises';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { MessageAddedDocument, RenewSessionDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { Person } from '../support/person';
import { people } from './people';

const RENEWALS = 100;
/** 20 messages a second. */
const PACE_MS = 50;

/** What is left of it is the end of the tolerance: less than the renewals take together. */
const shortToken = (sub: string) =>
  signToken(DEVELOPMENT_SECRET, { sub, exp: Math.floor(Date.now() / 1_000) - 2 });

describe('a followed subscription', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  test('goes on over 100 renewals: no reconnection, nothing lost', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id: conversationId } = await conversationOf([alice, bob]);
    const device = new Person(cluster.nodes[1]!, bob.id, shortToken(bob.id));
    const stream = device.subscribe(MessageAddedDocument, { conversationId, after: 0 });
    const sent: string[] = [];
    for (let count = 0; count < RENEWALS; count++) {
      const [renewed, message] = await Promise.all([
        device.askSocket(RenewSessionDocument, { input: { token: shortToken(bob.id) } }),
        sendBy(alice, conversationId, { content: String(count) }),
        pause(PACE_MS),
      ]);
      expect(renewed.errors).toBeUndefined();
      sent.push(message.id);
    }
    const events = await stream.take(RENEWALS);
    expect(events.map(({ messageAdded }) => messageAdded.id)).toEqual(sent);
    expect(stream.eventErrors).toEqual([]);
    // The device's client does not reconnect by itself: the one socket has carried all of it.
    const input = { token: shortToken(bob.id) };
    expect((await device.askSocket(RenewSessionDocument, { input })).errors).toBeUndefined();
    expect(await stream.ended()).toMatchObject({ closed: { code: 4403 } });
    await device.disconnect();
  });
});
