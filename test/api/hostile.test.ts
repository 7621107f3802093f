import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Bus } from '../../src/bus/bus';
import { UnavailableError } from '../../src/errors';
import {
  AddParticipantDocument,
  EditMessageDocument,
  MessageAddedDocument,
  MessageUpdatedDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { people } from './people';
import { WireSocket } from './wire';

describe('hostile and unlucky peers', () => {
  let cluster: Cluster;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    // The demo's page would answer at `/`, and at what the router takes for it.
    cluster = await Cluster.start({ env: { DEMO: 'false' } });
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    jest.restoreAllMocks();
  });
  afterAll(() => cluster.stop());

  /** A plain connection that says this and never ends its half. */
  function say(node: { url: string }, text: string): Socket {
    const socket = connect({
      port: Number(new URL(node.url).port),
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write(text);
    return socket;
  }

  const upgrade = (target: string) =>
    `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

  test.each(['//[', '//', 'http://[', '*', '/elsewhere'])(
    'a request to upgrade %s is refused, no more',
    async (target) => {
      const socket = say(cluster.node, upgrade(target));
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 40[04] /);
    },
  );

  test('a node stops although a peer keeps a refused upgrade, and half a request, open', async () => {
    const own = await Cluster.start();
    const refused = say(own.node, upgrade('/elsewhere'));
    await once(refused, 'data');
    say(own.node, 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Le');
    await own.stop();
  }, 30_000);

  test('an id is free once its client has completed the operation, and no seat is left', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const {
      delivery: { hub },
    } = cluster.node.services;
    const before = hub.size.seats;
    const socket = await WireSocket.init(cluster.node, { token: bob.token! });
    await socket.next();
    const query = `subscription { messageAdded(conversationId: "${id}") { content } }`;
    for (let round = 0; round < 20; round++) {
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      socket.send({ type: 'complete', id: '1' });
    }
    await eventually(() => expect(hub.size.seats).toBe(before));
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    await eventually(() => expect(hub.size.seats).toBe(before + 1));
    await sendBy(alice, id, { content: 'once' });
    const next = {
      id: '1',
      type: 'next',
      payload: { data: { messageAdded: { content: 'once' } } },
    };
    expect(await socket.next()).toEqual(next);
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } });
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    await eventually(() => expect(hub.size.seats).toBe(before));
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    expect((await socket.closed).code).toBe(4409);
    await eventually(() => expect(hub.size.seats).toBe(before));
  });

  test('the events of a subscription come under its id, whatever text that is', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id: conversationId } = await conversationOf([alice, bob]);
    const socket = await WireSocket.init(cluster.node, { token: bob.token! });
    await socket.next();
    const query = `subscription { messageAdded(conversationId: "${conversationId}", after: 0) { content } }`;
    const ids = ['é', '👋"\\\u2028', '\ud800', ' '.repeat(256)];
    for (const id of ids) socket.send({ type: 'subscribe', id, payload: { query } });
    await sendBy(alice, conversationId, { content: 'dzień dobry 👋' });
    const frames = [
      await socket.next(),
      await socket.next(),
      await socket.next(),
      await socket.next(),
    ];
    const payload = { data: { messageAdded: { content: 'dzień dobry 👋' } } };
    expect(new Map(frames.map((frame) => [frame.id, frame]))).toEqual(
      new Map(ids.map((id) => [id, { type: 'next', id, payload }])),
    );
    socket.send({ type: 'subscribe', id: 'x'.repeat(257), payload: { query } });
    expect((await socket.closed).code).toBe(4400);
  });

  test('what comes after the server’s close is not carried out', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const socket = await WireSocket.init(cluster.node, { token: bob.token! });
    await socket.next();
    const query = `mutation { sendMessage(input: { conversationId: "${id}", content: "too late" }) { message { id } } }`;
    // The second init closes the socket; the mutation comes in the same breath.
    socket.send({ type: 'connection_init', payload: { token: bob.token! } });
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    expect((await socket.closed).code).toBe(4429);
    expect((await sendBy(alice, id)).sequence).toBe(1);
  });

  test('whoever was added, or added again, gets nothing from before, though the bus lost the word of it', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    // Keeps the topic served here, and behind: nothing is announced from now on.
    const witness = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice, id);
    await witness.next();
    const { bus } = cluster.node.services.delivery.log as unknown as { bus: Bus };
    const muted = jest.spyOn(bus, 'publish').mockImplementation(() => {});
    await cluster
      .service()
      .ask(RemoveParticipantDocument, { input: { conversationId: id, userId: carol.id } });
    await sendBy(alice, id, { content: 'secret' });
    await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId: carol.id } });
    const {
      delivery: { hub },
    } = cluster.node.services;
    const seats = hub.size.seats;
    const stream = carol.subscribe(MessageAddedDocument, { conversationId: id });
    await eventually(() => expect(hub.size.seats).toBe(seats + 1));
    muted.mockRestore();
    const last = await sendBy(alice, id, { content: 'for all' });
    expect((await stream.next()).messageAdded.sequence).toBe(last.sequence);
    expect(stream.received).toHaveLength(1);
  });

  test.each([
    ['removed', false],
    ['removed and added again', true],
  ])('whoever is %s between the look at access and the seat is told so', async (_name, again) => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const {
      delivery: { hub },
    } = cluster.node.services;
    const subscribeLog = hub.subscribeLog.bind(hub);
    jest.spyOn(hub, 'subscribeLog').mockImplementationOnce(async (...args) => {
      const input = { conversationId: id, userId: carol.id };
      await cluster.service().ask(RemoveParticipantDocument, { input });
      if (again) await alice.ask(AddParticipantDocument, { input });
      return subscribeLog(...args);
    });
    const { seats } = hub.size;
    expect(await carol.subscribe(MessageAddedDocument, { conversationId: id }).refusal()).toBe(
      'FORBIDDEN',
    );
    expect(hub.size.seats).toBe(seats);
  });

  test('an event that cannot be read now is not skipped: the socket ends, for its client to resume', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { id: messageId } = await sendBy(alice, id);
    const edit = (content: string) =>
      alice.ask(EditMessageDocument, { input: { messageId, content } });
    const stream = bob.subscribe(MessageUpdatedDocument, { conversationId: id, after: 0 });
    await edit('once');
    await stream.next();
    const byIds = jest.spyOn(cluster.node.services.messages.reader, 'byIds');
    byIds.mockRejectedValueOnce(new UnavailableError());
    await edit('twice');
    expect(await stream.ended()).toMatchObject({ closed: { code: 1013 } });
    expect(stream.eventErrors).toEqual([]);
    const again = cluster
      .device(bob)
      .subscribe(MessageUpdatedDocument, { conversationId: id, after: 2 });
    expect((await again.next()).messageUpdated).toMatchObject({
      sequence: 3,
      message: { content: 'twice' },
    });
  });
});
