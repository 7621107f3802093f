import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarkReadDocument, MessagesDocument } from '@parley/client/documents';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { compile, install, packClient, sizeOf, started, versionOf } from '../support/frontend';
import type { Person } from '../support/person';

const ROOT = join(__dirname, '../..');
const EXAMPLE = join(ROOT, 'client/examples/react.tsx');
const MOST_LINES = 80;
const MOST_KB = 15;

/** React 18 has the same API, and types of its own. */
const VERSIONS = {
  19: ['react', 'react-dom', '@types/react', '@types/react-dom'].map(versionOf),
  18: ['react@18.3.1', 'react-dom@18.3.1', '@types/react@18', '@types/react-dom@18'],
};

/** The same without Parley. An application's own operations need the parser too, as `gql` does. */
const WITHOUT = `import { createElement } from 'react';
  import { createRoot } from 'react-dom/client';
  import { parse, print } from 'graphql';
  import { createClient } from 'graphql-ws';
  console.log(createElement, createRoot, parse, print, createClient);`;

/** The chat of bob in a page, which prints what it showed in the end. */
const MAIN = `import { JSDOM } from 'jsdom';
import WebSocket from 'ws';
const { window } = new JSDOM('', { url: 'http://localhost/' });
Object.assign(globalThis, { window, document: window.document });
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: window.navigator });
const { createElement, StrictMode } = await import('react');
const { createRoot } = await import('react-dom/client');
const { createParleyClient } = await import('@parley/client');
const { Chat } = await import('./chat.js');
const [url, token, id] = process.argv.slice(2) as [string, string, string];
const client = createParleyClient({ url, token, webSocketImpl: WebSocket });
const page = document.body.appendChild(document.createElement('div'));
const root = createRoot(page);
root.render(createElement(StrictMode, null, createElement(Chat, { client, id })));
const texts = () => [...page.querySelectorAll('section:first-of-type p')].map((p) => p.textContent);
const until = async (isTrue: () => boolean) => {
  for (let left = 1000; !isTrue(); left--) {
    if (left === 0) throw new Error(page.innerHTML);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const press = (name: string) =>
  [...page.querySelectorAll('button')].find((one) => one.textContent?.startsWith(name))!.click();
await until(() => texts()[0] === 'live' && texts().length === 21);
press('Earlier');
await until(() => texts().length === 31);
const input = page.querySelector('input')!;
const { set } = Object.getOwnPropertyDescriptor(window.HTMLInputElement.prototype, 'value')!;
set!.call(input, 'mine');
input.dispatchEvent(new window.Event('input', { bubbles: true }));
await until(() => input.value === 'mine');
input.form!.dispatchEvent(new window.Event('submit', { bubbles: true, cancelable: true }));
await until(() => texts().at(-1) === 'bob: mine ');
press('Accept');
await until(() => page.innerHTML.includes('ACCEPTED'));
press('Offer 5 credits');
await until(() => page.innerHTML.includes('PENDING'));
await until(() => texts().at(-1) === 'bob: mine ✓');
console.log(JSON.stringify(texts()));
root.unmount();
client.dispose();
process.exit(0);
`;

/** Reads once the other has answered, so that the other's page shows the receipt. */
async function readsAnswer(reader: Person, conversationId: string): Promise<void> {
  const sequence = await eventually(async () => {
    const { conversation } = await reader.ask(MessagesDocument, { id: conversationId, last: 1 });
    expect(conversation!.messages.nodes[0]!.content).toBe('mine');
    return conversation!.messages.nodes[0]!.sequence;
  }, 60_000);
  await reader.ask(MarkReadDocument, { input: { conversationId, sequence } });
}

describe('a project of React, with the packed client', () => {
  let cluster: Cluster;
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    folder = mkdtempSync(join(tmpdir(), 'parley-react-'));
    tarball = packClient(folder);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster.stop();
  });

  test.each(['esm', 'cjs'])('has hooks that are marked for the client, as %s', (kind) => {
    const code = readFileSync(join(ROOT, `client/dist/${kind}/react/react.js`), 'utf8');
    // A directive counts only before every statement.
    expect(code).toMatch(/^(['"]use strict['"];\s*)?['"]use client['"];/);
  });

  test.each([19, 18] as const)(
    'of version %i is typed, works, and is small',
    async (version) => {
      const text = readFileSync(EXAMPLE, 'utf8');
      expect(text.split('\n').length).toBeLessThanOrEqual(MOST_LINES);
      const project = mkdtempSync(join(folder, `${version}-`));
      const others = ['graphql', 'graphql-ws', 'ws', '@types/ws', '@types/node', 'typescript'];
      const page = ['jsdom', '@types/jsdom'];
      install(project, [tarball, ...VERSIONS[version], ...[...others, ...page].map(versionOf)]);
      cpSync(EXAMPLE, join(project, 'chat.tsx'));
      writeFileSync(join(project, 'main.ts'), MAIN);
      compile(project, 'main.ts');

      const [alice, bob] = (await cluster.persons(`alice-${version}`, 'bob')) as [Person, Person];
      const { id } = await conversationOf([alice, bob]);
      const said: string[] = [];
      for (let at = 0; at < 30; at += 1)
        said.push((await sendBy(alice, id, { content: `m${at}` })).content);
      await offerBy(alice, id);
      const running = started(project, [`${bob.node.url}/graphql`, bob.token!, id]);
      await Promise.race([running, readsAnswer(alice, id)]);
      const { stdout } = await running;
      const theirs = said.map((content) => `alice-${version}: ${content} `);
      expect(JSON.parse(stdout)).toEqual(['live', ...theirs, 'bob: mine ✓']);

      writeFileSync(join(project, 'wrong.tsx'), text.replaceAll('hasEarlier', 'hasEarly'));
      expect(() => compile(project, '--noEmit', 'wrong.tsx')).toThrow(/hasEarly/);

      writeFileSync(join(project, 'without.js'), WITHOUT);
      const used = "import { Chat } from './chat.js';\nconsole.log(Chat);";
      writeFileSync(join(project, 'with.js'), `${WITHOUT}\n${used}`);
      const more = (sizeOf(project, 'with.js') - sizeOf(project, 'without.js')) / 1024;
      process.stdout.write(`React ${version}: ${more.toFixed(1)} KB more, compressed\n`);
      expect(more).toBeLessThan(MOST_KB);
    },
    300_000,
  );
});
