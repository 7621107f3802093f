import { getNamedType } from 'graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import type { Person } from '../support/person';
import { document, FORMS, refused, Tally, WIDE } from './attempts';
import { commotion } from './commotion';
import { hasHeard, makeMark, startsIn } from './marks';
import { deviceOf, REFUSED, type Role, TRYING } from './roles';
import { openScene, type Scene } from './scene';
import { fieldsBelow, operations, pathsOf, variablesOf } from './schema';
import { isNothing, shownIn } from './shown';
import { type Attempt, attemptsOf, madeUp } from './targets';
import { maySee } from './visibility';

const DEPTH = 2;
/** The others make the marks. */
const LISTENING = TRYING.filter(({ name }) => name !== 'party' && name !== 'witness');

interface Listening extends Attempt {
  role: Role;
  stream: EventStream<Record<string, unknown>>;
}

describe.each(FORMS)('what everyone may hear, $form', ({ form, nodes }) => {
  let cluster: Cluster;
  let scene: Scene;
  const tally = new Tally();
  const devices = new Map<Role, Person>();
  const listening: Listening[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: { ...WIDE, LIMIT_QUEUE_EVENTS: '100000' } });
    scene = await openScene(cluster);
    for (const role of TRYING) devices.set(role, deviceOf(cluster, role));
  });
  afterAll(async () => {
    tally.print(`streams ${form}`);
    for (const device of devices.values()) await device.disconnect();
    for (const person of Object.values(scene.people)) await person.disconnect();
    await cluster.stop();
  });

  const about = (role: Role) => attemptsOf(scene, role, 'subscription');
  // A stranger's presence has a user whom the caller may not see, which would hide all of it.
  const depthOf = ({ operation, column }: Attempt) =>
    operation.name === 'Subscription.userPresence' && column !== 'member' ? 0 : DEPTH;
  const subscribe = (role: Role, one: Attempt) => {
    const text = document(one.operation, depthOf(one));
    return devices.get(role)!.subscribe(text, variablesOf(one.operation, one.target));
  };

  test.each(TRYING)('$name is refused what is not theirs, at the start', async (role) => {
    const wrong: string[] = [];
    const trying = about(role).filter(({ expected }) => expected !== 'ok');
    const ended = trying.map(async (one) => {
      const stream = subscribe(role, one);
      const end = JSON.stringify(await stream.ended());
      const name = `${one.operation.name} (${one.column})`;
      if ((await stream.refusal()) !== one.expected) wrong.push(`${name}: ${end}`);
      for (const form of ['uuid', 'text'] as const) {
        const other = await subscribe(role, { ...one, target: madeUp(one, form) }).ended();
        if (JSON.stringify(other) !== end) wrong.push(`${name}: ${JSON.stringify(other)}`);
      }
      if (stream.received.length > 0) wrong.push(`${name}: ${JSON.stringify(stream.received)}`);
    });
    await Promise.all(ended);
    tally.add('pairs of a role and a subscription', trying.length);
    expect(wrong).toEqual([]);
  });

  test.each(REFUSED)('$name is UNAUTHENTICATED everywhere', async (role) => {
    const member = TRYING.find(({ column }) => column === 'member')!;
    const trying = about(member).map(({ operation, target }) => {
      const variables = variablesOf(operation, target);
      return refused('a socket', deviceOf(cluster, role), document(operation, 1), variables);
    });
    expect((await Promise.all(trying)).filter((answer) => answer !== null)).toEqual([]);
    tally.add('pairs of a role and a subscription', trying.length);
  });

  /** Makes a mark, and waits until everyone has heard of it. */
  async function untilHeard(): Promise<void> {
    const before = new Map(listening.map((one) => [one, startsIn(one.stream.received)]));
    const mark = await makeMark(scene, cluster.service());
    let deaf = listening;
    await eventually(() => {
      deaf = deaf.filter((one) => !hasHeard(one, one.stream, mark, before.get(one)!));
      expect(deaf.map(({ role, operation }) => [role.name, operation.name])).toEqual([]);
    });
  }

  test('everyone hears what is theirs', async () => {
    // The founder comes last: nobody who does not know them may notice.
    for (const role of [...LISTENING].reverse())
      for (const one of about(role).filter(({ expected }) => expected === 'ok'))
        listening.push({ ...one, role, stream: subscribe(role, one) });
    const { hub } = cluster.nodes.at(-1)!.services.delivery;
    await eventually(() => expect(hub.size.seats).toBeGreaterThanOrEqual(listening.length));
    await untilHeard();
  });

  test('nobody hears more than that, whatever happens', async () => {
    await commotion(scene, cluster.service());
    await untilHeard();
    const wrong: string[] = [];
    for (const one of listening) {
      const { role, operation, target, column, stream } = one;
      const name = `${role.name}: ${operation.name} (${column})`;
      for (const label of scene.canaries.in(stream.received, variablesOf(operation, target)))
        if (!maySee(role.identity!, label)) wrong.push(`${name} tells ${label}`);
      if (stream.eventErrors.length > 0) wrong.push(`${name}: ${stream.eventErrors.length} errors`);
      tally.add('pairs of a role and a subscription');
      tally.add('of a role and a path', pathsOf(operation, depthOf(one)).length);
      tally.add('events', stream.received.length);
    }
    expect(wrong).toEqual([]);
  });

  test('each field of an event was shown to someone with a value', () => {
    const events = operations('subscription');
    const types = events.map(({ field }) => getNamedType(field.type).name);
    const shown = new Set<string>();
    for (const [field, value] of shownIn(listening.map(({ stream }) => stream.received)))
      if (!isNothing(value)) shown.add(field);
    const fields = fieldsBelow(events).filter((field) => types.includes(field.split('.')[0]!));
    expect(fields.filter((field) => !shown.has(field))).toEqual([]);
  });
});
