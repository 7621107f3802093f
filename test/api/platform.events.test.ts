import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  AddParticipantDocument,
  CustomEventDocument,
  type CustomEventSubscription,
  DeactivateUserDocument,
  EmitEventDocument,
  type EmitEventInput,
  LeaveConversationDocument,
} from '../generated/graphql';
import { anyJson } from '../support/any-json';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { inForce } from './blocking';
import { people } from './people';
import { MOST_LEVELS, nested } from './platform.data';
import { bearer, post } from './wire';

type Stream = EventStream<CustomEventSubscription>;

describe('emitEvent', () => {
  let cluster: Cluster;
  let service: Person;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    service = cluster.service();
  });
  afterAll(() => cluster.stop());
  afterEach(async () => {
    for (const device of devices.splice(0)) await device.disconnect();
  });

  const devices: Person[] = [];
  const emit = (input: EmitEventInput) => service.ask(EmitEventDocument, { input });
  const refusal = async (input: EmitEventInput, sender = service, headers = {}) =>
    (await sender.request(EmitEventDocument, { input }, headers)).errors?.[0]?.extensions;
  /** The next that is no greeting. */
  const nextOf = async (stream: Stream) =>
    (await stream.find(({ customEvent }) => customEvent.name !== 'greeting')).customEvent;

  /** Alice and Bob in a conversation, and Carol in none with them; each listens at both nodes, in force. */
  async function listeners() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob]);
    const atBoth = (person: Person) => cluster.nodes.map((node) => cluster.device(person, node));
    const [alices, bobs, carols] = [atBoth(alice), atBoth(bob), atBoth(carol)];
    devices.push(...alices, ...bobs, ...carols);
    const listen = (device: Person) => device.subscribe(CustomEventDocument, {});
    const [ofAlice, ofBob, ofCarol] = [alices.map(listen), bobs.map(listen), carols.map(listen)];
    const within = [...alices, ...bobs].map((device) =>
      device.subscribe(CustomEventDocument, { conversationId: id }),
    );
    await inForce([...within, ...ofAlice, ...ofBob, ...ofCarol], async () => {
      await emit({ conversationId: id, name: 'greeting' });
      await emit({ userId: carol.id, name: 'greeting' });
    });
    return { alice, bob, carol, id, within, ofAlice, ofBob, ofCarol };
  }

  test('to a conversation arrives at everybody in it, at both nodes, with and without naming it', async () => {
    const { carol, id, within, ofAlice, ofBob, ofCarol } = await listeners();
    const before = Date.now();
    await emit({ conversationId: id, name: 'parcel.sent', data: { code: 17 } });
    const expected = {
      name: 'parcel.sent',
      data: { code: 17 },
      conversationId: id,
      at: expect.any(String),
    };
    for (const stream of [...within, ...ofAlice, ...ofBob]) {
      const event = await nextOf(stream);
      expect(event).toEqual(expected);
      expect(Date.parse(event.at)).toBeGreaterThanOrEqual(before);
    }
    // Once, and at no stranger: what comes next is the next one.
    await emit({ conversationId: id, name: 'second' });
    await emit({ userId: carol.id, name: 'for carol' });
    for (const stream of [...within, ...ofAlice, ...ofBob])
      expect(await nextOf(stream)).toMatchObject({ name: 'second', data: null });
    for (const stream of ofCarol) expect(await nextOf(stream)).toMatchObject({ name: 'for carol' });
  });

  test('to a user arrives where they name no conversation, at both nodes, and nowhere else', async () => {
    const { alice, id, within, ofAlice, ofBob, ofCarol, carol } = await listeners();
    await emit({ userId: alice.id, name: 'for alice', data: [null] });
    const expected = {
      name: 'for alice',
      data: [null],
      conversationId: null,
      at: expect.any(String),
    };
    for (const stream of ofAlice) expect(await nextOf(stream)).toEqual(expected);
    await emit({ conversationId: id, name: 'for both' });
    await emit({ userId: carol.id, name: 'for carol' });
    for (const stream of [...within, ...ofAlice, ...ofBob])
      expect(await nextOf(stream)).toMatchObject({ name: 'for both' });
    for (const stream of ofCarol) expect(await nextOf(stream)).toMatchObject({ name: 'for carol' });
  });

  test('follows who comes and goes, and cannot be listened to by a stranger', async () => {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const { id } = await conversationOf([alice, bob, carol]);
    const within = bob.subscribe(CustomEventDocument, { conversationId: id });
    const [ofBob, ofDave] = [bob, dave].map((person) =>
      person.subscribe(CustomEventDocument, {}),
    ) as [Stream, Stream];
    await inForce([within, ofBob, ofDave], async () => {
      await emit({ conversationId: id, name: 'greeting' });
      await emit({ userId: dave.id, name: 'greeting' });
    });
    for (const conversationId of [id, randomUUID(), 'nonsense'])
      expect(await dave.subscribe(CustomEventDocument, { conversationId }).refusal()).toBe(
        'FORBIDDEN',
      );
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    expect(await within.refusal()).toBe('FORBIDDEN');
    await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId: dave.id } });
    await emit({ conversationId: id, name: 'without bob' });
    await emit({ userId: bob.id, name: 'for bob' });
    expect(await nextOf(ofDave)).toMatchObject({ name: 'without bob', conversationId: id });
    expect(await nextOf(ofBob)).toMatchObject({ name: 'for bob' });
  });

  test('has exactly one target: BAD_USER_INPUT, and names the field', async () => {
    const { alice, id } = await listeners();
    const bad = { code: 'BAD_USER_INPUT', field: 'input.conversationId' };
    expect(await refusal({ name: 'x' })).toMatchObject(bad);
    expect(await refusal({ name: 'x', conversationId: null, userId: null })).toMatchObject(bad);
    expect(await refusal({ name: 'x', conversationId: id, userId: alice.id })).toMatchObject(bad);
  });

  test('to no conversation is FORBIDDEN, to nobody NOT_FOUND', async () => {
    const [gone] = await people(cluster, 'gone');
    await service.ask(DeactivateUserDocument, { input: { userId: gone.id } });
    for (const conversationId of [randomUUID(), 'nonsense', 'nul\0nul', ''])
      expect(await refusal({ name: 'x', conversationId })).toEqual({ code: 'FORBIDDEN' });
    for (const userId of [randomUUID(), gone.id, 'nul\0nul', ''])
      expect(await refusal({ name: 'x', userId })).toEqual({ code: 'NOT_FOUND' });
  });

  test('is FORBIDDEN to users, also on whose behalf the platform acts', async () => {
    const { alice, id, ofAlice } = await listeners();
    for (const input of [
      { conversationId: id, name: 'x' },
      { userId: alice.id, name: 'x' },
      { name: '' },
    ]) {
      expect(await refusal(input, alice)).toEqual({ code: 'FORBIDDEN' });
      expect(await refusal(input, service, { 'parley-on-behalf-of': alice.id })).toEqual({
        code: 'FORBIDDEN',
      });
    }
    await emit({ userId: alice.id, name: 'mark' });
    for (const stream of ofAlice) expect(await nextOf(stream)).toMatchObject({ name: 'mark' });
  });

  test('has a name of 1 to 200 characters', async () => {
    const { alice, ofAlice } = await listeners();
    for (const name of ['', '👋'.repeat(201), 'nul\0nul', 'half \ud800'])
      expect(await refusal({ userId: alice.id, name })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.name',
      });
    await emit({ userId: alice.id, name: '👋'.repeat(200) });
    for (const stream of ofAlice) expect((await nextOf(stream)).name).toBe('👋'.repeat(200));
  });

  test('brings any JSON as it is, up to a depth that every reader bears', async () => {
    const { alice, ofAlice } = await listeners();
    await fc.assert(
      fc.asyncProperty(anyJson, async (data) => {
        await emit({ userId: alice.id, name: 'data', data });
        for (const stream of ofAlice) expect((await nextOf(stream)).data).toEqual(data);
      }),
      {
        numRuns: 50,
        examples: [[null], [0], [''], [false], [[]], [{}], ['nul\0nul'], ['\\u0000']],
      },
    );
    const attempt = (levels: number) =>
      post(
        cluster.node,
        `{"query":"mutation ($input: EmitEventInput!) { emitEvent(input: $input) { ok } }",
          "variables":{"input":{"userId":"${alice.id}","name":"deep","data":${nested(levels)}}}}`,
        bearer(service.token),
      );
    for (const levels of [MOST_LEVELS + 1, 19_000])
      expect((await attempt(levels)).body.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.data',
      });
    await attempt(MOST_LEVELS);
    for (const stream of ofAlice)
      expect(JSON.stringify((await nextOf(stream)).data)).toBe(nested(MOST_LEVELS));
  });
});
