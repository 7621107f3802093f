import fc from 'fast-check';
import type { App } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import {
  BlockUserDocument,
  MeDocument,
  MessageAddedDocument,
  NotificationAddedDocument,
  SendMessageDocument,
  SetTypingDocument,
  TypingDocument,
  UserPresenceDocument,
  ViewersDocument,
  ViewersOfDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { WireSocket } from './wire';

/** A long form by the environment. */
const RUNS = Number(process.env.PARLEY_ID_RUNS ?? 2);
const SEED = Number(process.env.PARLEY_ID_SEED ?? Date.now() % 2 ** 31);
const SOCKETS = 4;
const MESSAGES = 3;
const LONGEST = 128;

/** What a key, a topic, a header, a script or a log line may be made of. */
const TRICKY = [
  ...' %:,{}[]*?/\\|"\'`\n\r\t+&=;$<>~^',
  '%20',
  '%25',
  '\u2028',
  'é',
  '😀',
  '\uffff',
];
const characters = fc.oneof(
  fc.constantFrom(...TRICKY),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => one !== '\0'),
);
const texts = (maxLength: number) =>
  fc.array(characters, { maxLength }).map((parts) => parts.join(''));
/** Ids that are easily taken for each other. */
const families = fc
  .tuple(texts(8), texts(8), fc.constantFrom('', 'x'.repeat(LONGEST), '😀'.repeat(LONGEST)))
  .map(([start, end, filling]) => (name: string) => {
    const base = `${start}${name}${end}`;
    const ends = ['', ' x', '%20x', ':x', `,${base}`];
    return ends.map((last) => [...filling, ...base, ...last].slice(-LONGEST).join(''));
  });

/** An id is whatever the platform calls a user by: up to 128 code points, without NUL. */
describe.each([
  { name: 'one node, in process', nodes: 1 },
  { name: 'two nodes, Redis between them', nodes: 2 },
])('any ids: $name', ({ nodes }) => {
  let cluster: Cluster;
  let runs = 0;

  beforeAll(async () => {
    process.stdout.write(`ids: PARLEY_ID_RUNS=${RUNS} PARLEY_ID_SEED=${SEED}\n`);
    cluster = await Cluster.start({
      nodes,
      env: {
        LIMIT_SOCKETS_PER_USER: String(SOCKETS),
        LIMIT_MESSAGES_PER_MINUTE: String(MESSAGES),
      },
    });
  });
  afterAll(() => cluster.stop());

  const nodeAt = (index: number): App => cluster.nodes[index % nodes]!;

  /** Everybody's one device, at one node or another. */
  async function scene(ids: readonly string[]) {
    const people = await Promise.all(ids.map((id, index) => cluster.person(id, nodeAt(index))));
    const { id } = await conversationOf(people);
    return { people, conversationId: id };
  }

  async function actedFor({ id }: Person) {
    const service = cluster.service();
    const headers = { 'parley-on-behalf-of': encodeURIComponent(id) };
    expect((await service.request(MeDocument, {}, headers)).data?.me.id).toBe(id);
    const token = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    const socket = await WireSocket.init(cluster.node, { token, onBehalfOf: id });
    expect(await socket.next()).toMatchObject({ payload: { userId: id } });
    await socket.close();
  }

  async function countedAlone({ token }: Person) {
    const open = (index: number) => WireSocket.init(nodeAt(index), { token: token! });
    const sockets = await Promise.all(Array.from({ length: SOCKETS - 1 }, (_, at) => open(at)));
    for (const socket of sockets)
      expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    await expect((await open(0)).next()).rejects.toThrow('4429');
    await Promise.all(sockets.map((socket) => socket.close()));
  }

  async function limitedAlone(person: Person, conversationId: string) {
    for (let sent = 0; sent < MESSAGES; sent++) await sendBy(person, conversationId);
    const input = { conversationId, content: 'one too many' };
    expect(await person.refusal(SendMessageDocument, { input })).toBe('RATE_LIMITED');
  }

  async function property(ids: readonly string[]): Promise<void> {
    const { people, conversationId } = await scene(ids);
    const [watcher, ...others] = people as [Person, ...Person[]];
    const otherIds = others.map(({ id }) => id).sort();
    const presence = watcher.subscribe(UserPresenceDocument, { userIds: otherIds });
    const typing = watcher.subscribe(TypingDocument, { conversationId });
    const viewers = watcher.subscribe(ViewersDocument, { conversationId });
    await presence.take(others.length);
    const viewing = others.map((person) =>
      person.subscribe(MessageAddedDocument, { conversationId, after: 0 }),
    );
    const inboxes = others.map((person) => person.subscribe(NotificationAddedDocument, {}));
    const online = await presence.take(others.length);
    expect(online.map(({ userPresence: { id } }) => id).sort()).toEqual(otherIds);
    const joined = await viewers.take(others.length);
    expect(joined.map(({ viewers: { user } }) => user.id).sort()).toEqual(otherIds);
    const { conversation } = await watcher.ask(ViewersOfDocument, { id: conversationId });
    expect(conversation!.viewers.map(({ id }) => id).sort()).toEqual(otherIds);

    for (const person of others) {
      const input = { conversationId, isTyping: true };
      await person.ask(SetTypingDocument, { input });
      expect((await typing.next()).typing).toMatchObject({ user: { id: person.id } });
    }
    const message = await sendBy(watcher, conversationId);
    for (const stream of viewing) expect((await stream.next()).messageAdded).toEqual(message);
    for (const inbox of inboxes) expect(inbox.received).toEqual([]);

    const [blocked, ...rest] = others;
    await watcher.ask(BlockUserDocument, { input: { userId: blocked!.id } });
    expect((await presence.next()).userPresence).toMatchObject({ id: blocked!.id, online: false });
    for (const person of people) await actedFor(person);
    for (const person of people) await countedAlone(person);
    for (const person of rest.slice(0, 2)) await limitedAlone(person, conversationId);
    for (const person of rest) await person.disconnect();
    const offline = await presence.take(rest.length);
    expect(offline.map(({ userPresence }) => [userPresence.id, userPresence.online])).toEqual(
      expect.arrayContaining(rest.map(({ id }) => [id, false])),
    );
    await eventually(() =>
      expect(presence.received).toHaveLength(others.length * 2 + 1 + rest.length),
    );
    await Promise.all(people.map((person) => person.disconnect()));
  }

  test(
    'each is its user’s alone, in every key, topic, header and script',
    () =>
      fc.assert(
        fc.asyncProperty(families, (family) => property(family(`vic${runs++}`))),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      ),
    60_000 + RUNS * 30_000,
  );
});
