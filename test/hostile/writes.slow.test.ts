import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';
import { ask, document, FORMS, outcomeOf, refused, Tally, TRANSPORTS, WIDE } from './attempts';
import { CONTROLS } from './controls';
import { fingerprint } from './fingerprint';
import { deviceOf, REFUSED, type Role, TRYING } from './roles';
import { openScene, type Scene } from './scene';
import { fieldsBelow, operations, variablesOf } from './schema';
import { isNothing, shownIn } from './shown';
import { OPERATIONS } from './table';
import { type Attempt, attemptsOf, madeUp } from './targets';
import { maySee } from './visibility';

const DEPTH = 3;
const OTHERS = TRYING.filter(({ column }) => column !== 'owner');
/** The operation after which the caller is not who they were. */
const LAST = 'Mutation.leaveConversation';

describe.each(FORMS)('what everyone may write, $form', ({ form, nodes }) => {
  let cluster: Cluster;
  let scene: Scene;
  const tally = new Tally();
  const shown = new Set<string>();
  /** Roles by their device, so that each has one socket. */
  const devices = new Map<Role, Person>();

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: WIDE });
    scene = await openScene(cluster);
    for (const role of OTHERS) devices.set(role, deviceOf(cluster, role));
  });
  afterAll(async () => {
    tally.print(`writes ${form}`);
    for (const device of devices.values()) await device.disconnect();
    await cluster.stop();
  });

  /** Makes the attempt, and returns what was wrong about it. */
  async function attempt(
    transport: (typeof TRANSPORTS)[number],
    role: Role,
    { operation, column, target, expected }: Attempt,
  ): Promise<{ complaints: string[]; errors: unknown }> {
    const variables = variablesOf(operation, target);
    const answer = await ask(transport, devices.get(role)!, document(operation, DEPTH), variables);
    const outcome = outcomeOf(answer, operation.field.name);
    const about = `${operation.name} (${column})`;
    const complaints = outcome === expected ? [] : [`${about}: ${outcome} and not ${expected}`];
    for (const label of scene.canaries.in(answer, variables))
      if (!maySee(role.identity!, label)) complaints.push(`${about} tells ${label}`);
    for (const [field, value] of shownIn(answer.data)) if (!isNothing(value)) shown.add(field);
    tally.add('pairs of a role and a mutation');
    return { complaints, errors: answer.errors };
  }

  const isRefused = ({ expected }: Attempt) => expected !== 'ok';
  const about = (role: Role) => attemptsOf(scene, role, 'mutation');

  describe.each(TRANSPORTS)('over %s', (transport) => {
    test.each(OTHERS)('$name is refused what is not theirs', async (role) => {
      const before = await fingerprint(cluster.databaseUrl);
      const wrong: string[] = [];
      const writing = about(role)
        .filter(isRefused)
        .map(async (one) => {
          const { complaints, errors } = await attempt(transport, role, one);
          wrong.push(...complaints);
          // What is not there is refused in the same words.
          if (one.expected !== 'FORBIDDEN' && one.expected !== 'NOT_FOUND') return;
          for (const form of ['uuid', 'text'] as const) {
            const other = await attempt(transport, role, { ...one, target: madeUp(one, form) });
            wrong.push(...other.complaints);
            if (JSON.stringify(other.errors) !== JSON.stringify(errors))
              wrong.push(`${one.operation.name}: ${JSON.stringify([errors, other.errors])}`);
          }
        });
      await Promise.all(writing);
      expect(wrong).toEqual([]);
      expect(await fingerprint(cluster.databaseUrl)).toEqual(before);
    });

    test.each(REFUSED)('$name is UNAUTHENTICATED everywhere', async (role) => {
      const before = await fingerprint(cluster.databaseUrl);
      const [member] = OTHERS.filter(({ column }) => column === 'member');
      const writing = about(member!).map(({ operation, target }) => {
        const variables = variablesOf(operation, target);
        return refused(transport, deviceOf(cluster, role), document(operation, 1), variables);
      });
      const wrong = (await Promise.all(writing)).filter((answer) => answer !== null);
      expect(wrong).toEqual([]);
      tally.add('pairs of a role and a mutation', writing.length);
      expect(await fingerprint(cluster.databaseUrl)).toEqual(before);
    });
  });

  test.each(OTHERS)('$name is told nothing more by what they may do', async (role) => {
    const wrong: string[] = [];
    for (const one of about(role).filter((it) => !isRefused(it) && it.operation.name !== LAST))
      wrong.push(...(await attempt('a socket', role, one)).complaints);
    expect(wrong).toEqual([]);
  });

  const owned = operations('mutation').filter(({ name }) => name in CONTROLS);
  test.each(owned)('$name is no attempt for the one to whom it belongs', async (operation) => {
    const { by, target } = await CONTROLS[operation.name]!(scene);
    const variables = variablesOf(operation, target);
    const answer = await ask('a socket', scene.people[by], document(operation, DEPTH), variables);
    expect(answer.errors).toBeUndefined();
    for (const [field, value] of shownIn(answer.data)) if (!isNothing(value)) shown.add(field);
  });

  test('each refusal stands beside someone who may', () => {
    const refused = Object.entries(OPERATIONS).filter(
      ([name, row]) => name.startsWith('Mutation.') && !Object.values(row).includes('ok'),
    );
    expect(refused.map(([name]) => name).sort()).toEqual(owned.map(({ name }) => name).sort());
  });

  test('those who may leave, leave last of all', async () => {
    for (const role of OTHERS.filter(({ column }) => column === 'member' || column === 'returned'))
      for (const one of about(role).filter(({ operation }) => operation.name === LAST))
        expect((await attempt('a socket', role, one)).complaints).toEqual([]);
  });

  test('each field of a payload was shown to someone with a value', () => {
    const fields = fieldsBelow(operations('mutation')).filter((field) => /Payload\./.test(field));
    const missing = fields.filter((field) => !shown.has(field));
    expect(missing).toEqual([]);
  });
});
