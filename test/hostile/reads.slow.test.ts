import { MessageAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { views } from '../support/inbox';
import {
  ask,
  document,
  FORMS,
  outcomeOf,
  refused,
  Tally,
  TRANSPORTS,
  type Transport,
  WIDE,
} from './attempts';
import type { Label } from './canaries';
import { readingsOf } from './readings';
import { deviceOf, REFUSED, type Role, TRYING } from './roles';
import { openScene, type Scene } from './scene';
import { fieldsBelow, operations, pathsOf } from './schema';
import { isNothing, shownIn } from './shown';
import { rowOf } from './table';
import { classifiedFields } from './table/fields';
import { type Identity, maySee } from './visibility';

/** The hops from the object of a root field on. What executes an operation is the same for both. */
const DEPTH = { HTTP: 3, 'a socket': 1 };
/** States of people that are shown by no text. */
const STATES = ['founder', 'party', 'blocker', 'blocked'].flatMap((name) => [
  `online.${name}`,
  `viewing.${name}`,
  `read.${name}`,
]);
const SIGHTS = classifiedFields();

describe.each(FORMS)('what everyone may read, $form', ({ form, nodes }) => {
  let cluster: Cluster;
  let scene: Scene;
  const tally = new Tally();
  const shown = new Set<string>();

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: WIDE });
    scene = await openScene(cluster);
    const { people, conversations } = scene;
    for (const name of ['founder', 'party', 'blocker', 'blocked'] as const) {
      const conversationId = conversations[name.startsWith('block') ? 'circle' : 'room'];
      people[name].subscribe(MessageAddedDocument, { conversationId });
      await views(people[name], conversationId, true);
    }
  });
  afterAll(async () => {
    tally.print(`reads ${form}`);
    for (const person of Object.values(scene.people)) await person.disconnect();
    await cluster.stop();
  });

  /** Reads everything that there is. Returns the labels of what came of it. */
  async function readAll(transport: Transport, role: Role): Promise<Set<Label>> {
    const identity = role.identity!;
    const device = deviceOf(cluster, role);
    const wrong: string[] = [];
    const told = new Set<Label>();
    const reading = readingsOf(scene).map(async ({ operation, what, variables, isFor }) => {
      const text = document(operation, DEPTH[transport]);
      const answer = await ask(transport, device, text, variables);
      const row = rowOf(operation.name);
      const refusal = identity === 'service' ? row.service : row.outsider;
      const expected = isFor(identity) ? 'ok' : refusal;
      const outcome = outcomeOf(answer, operation.field.name);
      const tells = (complaint: string) => wrong.push(`${operation.name} (${what}): ${complaint}`);
      if (outcome !== expected) tells(`${outcome} and not ${expected}`);
      for (const label of scene.canaries.in(answer, variables)) {
        if (!maySee(identity, label)) tells(`tells ${label}`);
        told.add(label);
      }
      for (const [field, value] of shownIn(answer.data)) {
        if (!isNothing(value)) shown.add(field);
        if (identity === 'service' && SIGHTS.get(field) === 'own' && !isNothing(value))
          tells(`tells the service of ${field}`);
      }
      tally.add('pairs of a role and a query');
      tally.add('of a role and a path', pathsOf(operation, DEPTH[transport]).length);
    });
    await Promise.all(reading);
    await device.disconnect();
    expect([...new Set(wrong)]).toEqual([]);
    return told;
  }

  /** The labels of all that a role has to come across; two people are not met by reading. */
  function expectedOf(identity: Identity): Label[] {
    const labels = [...scene.canaries.labels(), ...STATES, 'blocks.blocked'];
    const reachable = labels.filter((label) => !['name.newcomer', 'name.target'].includes(label));
    return reachable.filter((label) => maySee(identity, label)).sort();
  }

  describe.each(TRANSPORTS)('over %s', (transport) => {
    test.each(TRYING)('$name is told nothing that they may not see', async (role) => {
      const told = await readAll(transport, role);
      if (transport === 'HTTP')
        expect([...told]).toEqual(expect.arrayContaining(expectedOf(role.identity!)));
    });

    test.each(REFUSED)('$name is UNAUTHENTICATED everywhere', async (role) => {
      const reading = readingsOf(scene).map(({ operation, variables }) =>
        refused(transport, deviceOf(cluster, role), document(operation, 1), variables),
      );
      const wrong = (await Promise.all(reading)).filter((answer) => answer !== null);
      expect(wrong).toEqual([]);
      tally.add('pairs of a role and a query', reading.length);
    });
  });

  test('each field that a query leads to was shown to someone with a value', () => {
    const missing = fieldsBelow(operations('query')).filter((field) => !shown.has(field));
    expect(missing).toEqual([]);
  });
});
