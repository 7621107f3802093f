import { Client as Postgres } from 'pg';
import { OfferUpdatedDocument } from '../generated/graphql';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy } from '../support/factories';
import { startNetworkedCluster } from '../support/networked-cluster';
import { letExpire } from './offers.account';

/** The size of a page of what is due, and no exceptions: as parameters of the statement. */
const LOOK = '\0\0\0\x03100\0\0\0\x02{}';

test('an offer expires although the connection of a look went without a word', async () => {
  const networked = await startNetworkedCluster();
  const { cluster, network, databaseUrl } = networked;
  const operator = new Postgres(databaseUrl);
  await operator.connect();

  const [alice, bob] = await cluster.persons('alice', 'bob');
  const { id: conversationId } = await conversationOf([alice!, bob!]);
  const offer = await offerBy(alice!, conversationId);
  const stream = bob!.subscribe(OfferUpdatedDocument, { conversationId, after: 0 });
  await stream.next();
  network.stallNext(LOOK);
  await eventually(() => expect(network.standing).toBe(1));
  await letExpire(operator, [offer.id], 0);
  expect((await stream.next()).offerUpdated.offer.status).toBe('EXPIRED');
  // The connection has not been given up yet.
  expect(network.standing).toBe(1);

  await operator.end();
  await networked.stop();
}, 60_000);
