import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import {
  EditMessageDocument,
  InboxUpdatedDocument,
  MeDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

/** Longer than the steps of a test take. The end of the test cuts it short. */
const NEVER_OVER_S = '600';

async function readiness(url: string): Promise<{ status: number; failing: string[] }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...((await response.json()) as { failing: string[] }) };
}

/** Opens the person's socket; `closed` resolves with the code with which it closes. */
async function held(person: Person): Promise<{ closed: Promise<number> }> {
  // The client closes a socket without operations by itself.
  person.subscribe(InboxUpdatedDocument, {});
  await person.askSocket(MeDocument, {});
  const closed = new Promise<number>((resolve) => {
    person.socket().on('closed', (event) => resolve((event as { code: number }).code));
  });
  return { closed };
}

/** Resolves with the status with which an upgrade is refused. */
async function refusedUpgrade(url: string): Promise<number> {
  const wire = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const [request, response] = (await once(wire, 'unexpected-response')) as [
    ClientRequest,
    IncomingMessage,
  ];
  request.destroy();
  return response.statusCode!;
}

describe('a node that is told to stop', () => {
  let cluster: Cluster;
  let stopping: Promise<void> | null = null;

  async function start(env: Record<string, string>): Promise<Cluster> {
    cluster = await Cluster.start({ env });
    return cluster;
  }
  function stop(): Promise<void> {
    stopping = cluster.node.stop();
    return stopping;
  }
  afterEach(async () => {
    jest.restoreAllMocks();
    await cluster.node.stop({ drainFully: false });
    await stopping;
    await cluster.stop();
  });

  test('says so to a balancer at once, and serves everything meanwhile', async () => {
    await start({ DRAIN_DELAY_S: NEVER_OVER_S });
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    await alice!.askSocket(MeDocument, {});
    void stop();
    expect(await readiness(cluster.node.url)).toMatchObject({
      status: 503,
      failing: ['draining'],
    });
    await sendBy(alice!, id);
    await alice!.askSocket(SendMessageDocument, { input: { conversationId: id, content: 'x' } });
    // A new socket as well.
    expect((await cluster.device(bob!).askSocket(MeDocument, {})).data!.me.id).toBe('bob');
  });

  test('then sends the sockets away one by one, serves those that stay, and takes no more', async () => {
    await start({ DRAIN_SPREAD_S: '20' });
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const first = await held(alice!);
    for (let device = 0; device < 8; device++) await held(cluster.device(bob!));
    const last = await held(bob!);
    void stop();
    expect(await first.closed).toBe(1001);
    const variables = { input: { conversationId: id, content: 'still here' } };
    expect((await bob!.askSocket(SendMessageDocument, variables)).errors).toBeUndefined();
    expect(await refusedUpgrade(cluster.node.url)).toBe(503);
    const overHttp = await fetch(`${cluster.node.url}/healthz`);
    expect(overHttp.headers.get('connection')).toBe('close');
    await sendBy(alice!, id);
    void cluster.node.stop({ drainFully: false });
    expect(await last.closed).toBe(1001);
    await stopping;
    await expect(fetch(`${cluster.node.url}/healthz`)).rejects.toThrow();
  });

  test('answers an operation that is under way before its socket goes', async () => {
    await start({});
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await sendBy(alice!, (await conversationOf([alice!, bob!])).id);
    const { service } = cluster.node.services.messages;
    const edit = service.edit.bind(service);
    let release = () => {};
    const calls = jest.spyOn(service, 'edit').mockImplementation(async (...args) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return edit(...args);
    });
    const own = await held(alice!);
    const others = await held(bob!);
    const answer = alice!.askSocket(EditMessageDocument, {
      input: { messageId: id, content: 'in time' },
    });
    await eventually(() => expect(calls).toHaveBeenCalled());
    void stop();
    expect(await others.closed).toBe(1001);
    release();
    expect((await answer).data!.editMessage.message.content).toBe('in time');
    expect(await own.closed).toBe(1001);
  });
});
