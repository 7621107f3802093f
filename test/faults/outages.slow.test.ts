import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import { type Answer, Arena } from './arena';
import { Follower } from './follower';

/** How long the part is away; a short form for everyday. */
const AWAY_MS = Number(process.env.PARLEY_OUTAGE_MS ?? 4_000);
const INTERVAL_MS = 20;
const FOLLOWERS_A_NODE = 3;

const UPSERT = `mutation ($input: [UpsertUserInput!]!) { upsertUsers(input: $input) { users { id } } }`;
const START = `mutation ($input: StartConversationInput!) { startConversation(input: $input) { conversation { id } } }`;
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id sequence } } }`;

/** A steady stream of messages into one conversation, and what became of each. */
class Talk {
  readonly acknowledged: number[] = [];
  /** When each was acknowledged, ms. */
  readonly sentAt = new Map<number, number>();
  readonly refusals: Answer[] = [];
  unanswered = 0;
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly arena: Arena,
    private readonly userId: string,
    private readonly conversationId: string,
  ) {}

  start(): void {
    let turn = 0;
    this.timer = setInterval(() => {
      const sending = this.send(this.arena.places[turn++ % this.arena.places.length]!);
      this.underWay.add(sending);
      void sending.then(() => this.underWay.delete(sending));
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  private async send(place: { url: string }): Promise<void> {
    const input = {
      conversationId: this.conversationId,
      content: 'steady',
      clientMessageId: randomUUID(),
    };
    const answer = await this.arena.ask(place, this.userId, SEND, { input });
    const sent = answer?.data as unknown as
      | { sendMessage: { message: { sequence: number } } }
      | null
      | undefined;
    if (sent) {
      this.acknowledged.push(sent.sendMessage.message.sequence);
      this.sentAt.set(sent.sendMessage.message.sequence, Date.now());
    } else if (answer) this.refusals.push(answer);
    else this.unanswered++;
  }
}

describe('outages', () => {
  let arena: Arena;
  const followers: Follower[] = [];

  beforeAll(async () => {
    arena = await Arena.start(2);
  }, 120_000);
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  });
  afterAll(() => arena.stop(), 60_000);

  /** Two people who talk, three followers at each node, and the stream of messages. */
  async function scene(): Promise<{ talk: Talk; conversationId: string }> {
    const [alice, bob] = [`alice-${randomUUID()}`, `bob-${randomUUID()}`];
    await arena.insist(null, UPSERT, {
      input: [alice, bob].map((id) => ({ id, username: 'somebody' })),
    });
    const { data } = await arena.insist(alice, START, { input: { participantIds: [bob] } });
    const conversationId = (
      data as unknown as { startConversation: { conversation: { id: string } } }
    ).startConversation.conversation.id;
    for (let index = 0; index < FOLLOWERS_A_NODE * 2; index++) {
      const follower = new Follower(arena, bob, conversationId, 'resumable', index % 2);
      followers.push(follower);
      await follower.start();
    }
    return { talk: new Talk(arena, alice, conversationId), conversationId };
  }

  function arrivals(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  }

  async function expectWhole(talk: Talk, conversationId: string): Promise<void> {
    const { rows } = await arena.database.query(
      'select last_sequence from conversations where id = $1',
      [conversationId],
    );
    const head = rows[0].last_sequence as number;
    const all = Array.from({ length: head }, (_, index) => index + 1);
    for (const follower of followers) {
      await eventually(() => expect(follower.last).toBe(head), 15_000);
      expect(follower.received.map((event) => event.sequence)).toEqual(all);
    }
    for (const sequence of talk.acknowledged) expect(sequence).toBeLessThanOrEqual(head);
  }

  function report(what: string, talk: Talk): void {
    const latencies = followers.flatMap((follower) =>
      follower.received.map(
        ({ sequence }) =>
          follower.receivedAt.get(sequence)! - (talk.sentAt.get(sequence) ?? Number.NaN),
      ),
    );
    const worstMs = Math.max(...latencies.filter((latency) => !Number.isNaN(latency)));
    const { acknowledged, refusals, unanswered } = talk;
    process.stdout.write(
      `outage of ${what} for ${AWAY_MS} ms: ${acknowledged.length} messages acknowledged, ${refusals.length} refused, ` +
        `${unanswered} unanswered; ${followers.length} subscribers have all of them; the last came ${worstMs} ms after its answer\n`,
    );
  }

  test('Redis away: no mutation fails, every message arrives meanwhile, in order, once', async () => {
    const { talk, conversationId } = await scene();
    talk.start();
    const away = arena.restartRedis(AWAY_MS);
    await arrivals();
    await away;
    const sentWhileAway = talk.acknowledged.length;
    await eventually(() => expect(talk.acknowledged.length).toBeGreaterThan(sentWhileAway + 20));
    await talk.stop();
    expect(talk.refusals).toEqual([]);
    expect(talk.unanswered).toBe(0);
    await expectWhole(talk, conversationId);
    report('Redis', talk);
  }, 60_000);

  test('Postgres away: mutations fail with UNAVAILABLE, and nothing that was acknowledged is lost', async () => {
    const { talk, conversationId } = await scene();
    talk.start();
    await eventually(() => expect(talk.acknowledged.length).toBeGreaterThan(20));
    await arena.restartPostgres(AWAY_MS);
    const before = talk.acknowledged.length;
    await eventually(() => expect(talk.acknowledged.length).toBeGreaterThan(before + 20), 20_000);
    await talk.stop();
    expect(talk.refusals.length).toBeGreaterThan(0);
    expect(new Set(talk.refusals.map((answer) => answer.errors![0]!.extensions.code))).toEqual(
      new Set(['UNAVAILABLE']),
    );
    expect(talk.unanswered).toBe(0);
    await expectWhole(talk, conversationId);
    report('Postgres', talk);
  }, 60_000);

  test('a node killed between commit and publication: what it committed arrives, its clients go on elsewhere', async () => {
    const { talk, conversationId } = await scene();
    const kills = arena.doomed.kills;
    talk.start();
    const bob = followers[0]!.userId;
    await arena.ask(arena.doomed, bob, SEND, { input: { conversationId, content: 'last words' } });
    await eventually(() => expect(arena.doomed.kills).toBeGreaterThan(kills));
    arena.places[0]!.kill();
    await eventually(() =>
      expect(followers.some((follower) => follower.connections > 1)).toBe(true),
    );
    await talk.stop();
    const { rows } = await arena.database.query(
      `select count(*)::integer as count from messages where conversation_id = $1 and content = 'last words'`,
      [conversationId],
    );
    expect(rows[0].count).toBe(1);
    await expectWhole(talk, conversationId);
    report('a node', talk);
  }, 60_000);
});
