import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { compile, install, packClient, sizeOf, started, versionOf } from '../support/frontend';
import type { Person } from '../support/person';

const ROOT = join(__dirname, '../..');
const MOST_LINES = 80;
const MOST_KB = 15;

/** The packages of each project, next to `@parley/client`. */
const PEERS = {
  apollo: ['@apollo/client', 'rxjs'],
  urql: ['@urql/core', '@urql/exchange-graphcache'],
};
/** The same without Parley. An application's own operations need the parser too, as `gql` does. */
const WITHOUT = {
  apollo: `import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
    import { parse } from 'graphql';
    import { createClient } from 'graphql-ws';
    console.log(parse, ApolloClient, HttpLink, InMemoryCache, createClient);`,
  urql: `import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
    import { cacheExchange } from '@urql/exchange-graphcache';
    import { parse, print } from 'graphql';
    import { createClient } from 'graphql-ws';
    console.log(parse, Client, fetchExchange, subscriptionExchange, cacheExchange, print, createClient);`,
};

/** The chat of bob, which prints what it showed in the end. */
const MAIN = `import WebSocket from 'ws';
import { openChat } from './chat.js';
const [url, token, id] = process.argv.slice(2) as [string, string, string];
let texts: string[] = [];
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
};
const chat = await openChat({ url, token, webSocketImpl: WebSocket }, id, (conversation) => {
  texts = conversation.messages.nodes.map(({ content }) => content);
});
await until(() => texts.length === 20);
await chat.loadEarlier();
await until(() => texts.length === 30);
await chat.send('mine');
await until(() => texts.at(-1) === 'mine');
const unread = await chat.markRead();
await chat.offer([{ giverId: 'bob', kind: 'MONEY', amount: 100, currency: 'EUR' }]);
await until(() => chat.offers().length === 2);
console.log(JSON.stringify({ texts, unread, offers: chat.offers().length }));
chat.close();
process.exit(0);
`;

describe('a project of a frontend, with the packed client', () => {
  let cluster: Cluster;
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    folder = mkdtempSync(join(tmpdir(), 'parley-frontend-'));
    tarball = packClient(folder);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster.stop();
  });

  test.each(['apollo', 'urql'] as const)(
    'of %s is typed, works, and is small',
    async (name) => {
      const example = join(ROOT, `client/examples/${name}.ts`);
      expect(readFileSync(example, 'utf8').split('\n').length).toBeLessThanOrEqual(MOST_LINES);
      const project = mkdtempSync(join(folder, `${name}-`));
      install(project, [
        tarball,
        ...PEERS[name].map(versionOf),
        ...['graphql', 'graphql-ws', 'ws', '@types/ws', '@types/node', 'typescript'].map(versionOf),
      ]);
      cpSync(example, join(project, 'chat.ts'));
      writeFileSync(join(project, 'main.ts'), MAIN);
      const tsc = (...files: string[]) => compile(project, ...files);
      tsc('main.ts');

      const [alice, bob] = (await cluster.persons(`alice-${name}`, 'bob')) as [Person, Person];
      const { id } = await conversationOf([alice, bob]);
      const said: string[] = [];
      for (let at = 0; at < 30; at += 1)
        said.push((await sendBy(alice, id, { content: `m${at}` })).content);
      await offerBy(alice, id);
      const url = `${bob.node.url}/graphql`;
      const { stdout } = await started(project, [url, bob.token!, id]);
      expect(JSON.parse(stdout)).toEqual({ texts: [...said, 'mine'], unread: 0, offers: 2 });

      writeFileSync(
        join(project, 'wrong.ts'),
        readFileSync(example, 'utf8').replaceAll('unreadCount', 'unreadCounts'),
      );
      expect(() => tsc('--noEmit', 'wrong.ts')).toThrow(/unreadCounts/);

      writeFileSync(join(project, 'without.js'), WITHOUT[name]);
      writeFileSync(
        join(project, 'with.js'),
        `${WITHOUT[name]}\nimport { openChat } from './chat.js';\nconsole.log(openChat);`,
      );
      const more = (sizeOf(project, 'with.js') - sizeOf(project, 'without.js')) / 1024;
      process.stdout.write(`${name}: ${more.toFixed(1)} KB more, compressed\n`);
      expect(more).toBeLessThan(MOST_KB);
    },
    300_000,
  );
});
