import { MessageAddedDocument, SendMessageDocument } from '../generated/graphql';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { Obstacle } from '../support/locks';
import { scrape } from '../support/scrape';
import { callersTrace, spansNamed, startTraced, type TracedCluster } from '../support/traces';

describe('messages that share a statement', () => {
  let traced: TracedCluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    traced = await startTraced({ nodes: 2 });
    obstacle = await Obstacle.open(traced.cluster.databaseUrl);
  });
  afterAll(async () => {
    await obstacle.close();
    await traced.stop();
  });

  test('are each delivered in the trace of their own operation', async () => {
    const { cluster, collector } = traced;
    const alice = await cluster.person('alice');
    const bob = await cluster.person('bob', cluster.nodes[1]);
    const { id } = await conversationOf([alice, bob]);
    const stream = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    const send = (headers: Record<string, string>) =>
      alice.request(SendMessageDocument, { input: { conversationId: id, content: 'x' } }, headers);
    await send({});
    await stream.next();

    // A message that is counted goes to the writer next.
    const counted = async () =>
      (await scrape(cluster.node)).value('parley_rate_limit_decisions_total', {
        limit: 'messages',
      });
    const before = await counted();
    // The first one waits for the lock. The others come meanwhile, and share the next statement.
    await obstacle.set('select 1 from conversations where id = $1 for update', [id]);
    const first = callersTrace();
    const unsampled = callersTrace('00');
    const traces = [callersTrace(), callersTrace(), callersTrace()];
    const sent = [send({ traceparent: first.traceparent })];
    await obstacle.waiting(1);
    for (const { traceparent } of [...traces, unsampled]) sent.push(send({ traceparent }));
    await eventually(async () => expect(await counted()).toBe(before + sent.length));
    await obstacle.clear();
    const answers = await Promise.all(sent);
    const sequences = answers.map(({ data }) => data!.sendMessage.message.sequence);

    const names = ['mutation SendMessage', 'publish conversation'];
    for (const [at, { traceId, spanId }] of [first, ...traces].entries()) {
      const [operation, published] = await spansNamed(collector, traceId, names);
      expect(operation!.parentId).toBe(spanId);
      expect(published).toMatchObject({
        parentId: operation!.id,
        attributes: { 'parley.sequence': sequences[at] },
      });
      // The log may have brought an event before the bus, and then it has no fan-out.
      for (const fanOut of collector.trace(traceId).filter(({ kind }) => kind === 'CONSUMER'))
        expect(fanOut).toMatchObject({
          parentId: published!.id,
          attributes: { 'parley.sequence': sequences[at] },
        });
    }
    expect(collector.trace(unsampled.traceId)).toEqual([]);

    const batches = collector.spans.filter(({ name }) => name === 'batch');
    const operations = traces.map(
      ({ traceId }) => collector.trace(traceId).find(({ kind }) => kind === 'SERVER')!.id,
    );
    const shared = batches.find(({ parentId }) => operations.includes(parentId!))!;
    expect([shared.parentId, ...shared.links].sort()).toEqual([...operations].sort());
    const statement = collector.spans.find(
      ({ name, parentId }) => name === 'SELECT send_messages' && parentId === shared.id,
    );
    expect(statement).toBeDefined();
    stream.stop();
  });
});
