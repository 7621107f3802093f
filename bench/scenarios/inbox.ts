import { ConversationsDocument, MessagesDocument } from '@parley/client/documents';
import { print } from 'graphql';
import { median } from '../harness/median';
import type { Fields } from '../harness/outcome';
import { inTurn, medians, ratioTo, type Sample } from '../harness/rounds';
import { conversationId, populateInbox } from '../harness/seed';
import type { Stage } from '../harness/stage';
import { tokenOf } from '../load/tokens';
import type { Scenario } from './scenario';

const CONVERSATIONS = 200;
const UNREAD = 5;
const FEW = 10_000;
const MANY = 1_000_000;
const ROUNDS = 5;
const COUNTED = 15;

const PAGES = {
  conversations: { query: print(ConversationsDocument), variables: { first: 20 } },
  messages: { query: print(MessagesDocument), variables: { id: conversationId(0), last: 20 } },
};
type PageName = keyof typeof PAGES;

const ABOUT = `Somebody with 200 conversations asks for the first 20 of them, and for the last 20 messages of one, over HTTP, one request
after the other, with the documents of \`@parley/client\`. The database has 10,000 messages, or 1,000,000; five of each
conversation are unread. Statements are those that reach Postgres for one request, the look at who asks included.`;

export const inbox: Scenario = {
  name: 'inbox',
  summary: 'the first page of conversations and of messages at 10,000 and at 1,000,000 messages',
  async run(stage, report) {
    const sizes = { few: FEW, many: stage.options.quick ? FEW * 10 : MANY };
    const labels = Object.values(sizes).map((size) => size.toLocaleString('en-US'));
    const templates = new Map<string, string>();
    for (const [name, messages] of Object.entries(sizes)) {
      report(`writing ${messages.toLocaleString('en-US')} messages`);
      const population = {
        conversations: CONVERSATIONS,
        messages: messages / CONVERSATIONS,
        unread: UNREAD,
      };
      templates.set(name, await stage.template((client) => populateInbox(client, population)));
    }
    const statements = await countStatements(stage, templates.get('many')!);
    const measure = (name: string) => measurePages(stage, templates.get(name)!);
    const samples = await inTurn([...templates.keys()], stage.roundsOr(ROUNDS), measure, report);
    const few = medians(samples.get('few')!);
    const many = medians(samples.get('many')!);
    const row = (page: PageName) => [
      page,
      few[`${page}P50Ms`]!,
      many[`${page}P50Ms`]!,
      ratioTo(samples, 'few', `${page}P50Ms`, 'many')!,
      statements[page],
    ];
    return {
      about: ABOUT,
      fields: {
        conversationsRatio: ratioTo(samples, 'few', 'conversationsP50Ms', 'many'),
        messagesRatio: ratioTo(samples, 'few', 'messagesP50Ms', 'many'),
        statementsPerPage: Math.max(...Object.values(statements)),
        statements: statements satisfies Fields,
        peers: { few, many },
      },
      tables: [
        {
          title: 'A first page, median of a request',
          columns: ['', ...labels.map((label) => `ms at ${label}`), 'ratio', 'statements'],
          rows: [row('conversations'), row('messages')],
        },
      ],
      charts: [
        {
          name: 'inbox',
          title: 'inbox: a first page',
          unit: 'ms',
          kind: 'bars',
          labels: ['conversations', 'messages'],
          series: [
            { name: labels[0]!, values: [few.conversationsP50Ms!, few.messagesP50Ms!] },
            { name: labels[1]!, values: [many.conversationsP50Ms!, many.messagesP50Ms!] },
          ],
        },
      ],
    };
  },
};

function measurePages(stage: Stage, template: string): Promise<Sample> {
  const { quick } = stage.options;
  return stage.perform('parley', template, 'redis', async ({ server: { port }, load }) => {
    const sample: Sample = {};
    for (const [name, page] of Object.entries(PAGES)) {
      const input = { port, userId: 'viewer', ...page };
      await load.do('query', { ...input, times: quick ? 50 : 500 });
      const { p50Ms, p99Ms } = await load.do('query', { ...input, times: quick ? 50 : 500 });
      sample[`${name}P50Ms`] = p50Ms;
      sample[`${name}P99Ms`] = p99Ms;
    }
    return sample;
  });
}

/** What a page costs the database in round trips; the median of some, as the server has statements of its own. */
function countStatements(stage: Stage, template: string): Promise<Record<PageName, number>> {
  return stage.performCounted('parley', template, 'redis', async ({ server, statements }) => {
    const counts = { conversations: 0, messages: 0 };
    for (const name of Object.keys(PAGES) as PageName[]) {
      const each: number[] = [];
      for (let time = 0; time < COUNTED; time++) {
        const before = statements.count;
        await ask(server.port, PAGES[name]);
        each.push(statements.count - before);
      }
      counts[name] = median(each);
    }
    return counts;
  });
}

async function ask(port: number, page: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('viewer')}` },
    body: JSON.stringify(page),
  });
  const { errors } = (await response.json()) as { errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
}
