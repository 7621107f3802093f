import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

/** Two people, and the id of a conversation of theirs. */
export interface Talk {
  alice: Person;
  bob: Person;
  id: string;
}

/**
 * Runs a server for the tests of the block in which it is called.
 *
 * @returns a function that begins a conversation of two new people on that server
 */
export function talksOnOneServer(): () => Promise<Talk> {
  let cluster: Cluster;
  let count = 0;
  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  return async () => {
    count += 1;
    const people = await cluster.persons(`alice${count}`, `bob${count}`);
    const [alice, bob] = people as [Person, Person];
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  };
}
