import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { Programs, programsOf } from '../support/snippets';

const PAGE = 'client/docs/react.md';

describe('the page about React', () => {
  let cluster: Cluster;
  const programs = new Programs(join(__dirname, 'react.given.ts'));

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(async () => {
    programs.remove();
    await cluster.stop();
  });

  test('has snippets that are one application, typed and working', async () => {
    const [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    const { id } = await conversationOf([alice, bob]);
    await sendBy(alice, id, { content: 'hello' });
    await offerBy(alice, id);
    const found = [...programsOf(PAGE, 'tsx').values()];
    expect(found).toHaveLength(1);
    const text = found[0]!.replace('http://localhost:3000', bob.node.url);
    const path = programs.add('page', text, 'tsx');
    expect(await programs.check()).toBe('');
    const [shown] = await programs.run(path, { PARLEY_TOKEN: bob.token! });
    expect(shown).toMatch(/^live.*alice: hello.*bob: mine.*bob offers: PENDING/);
  });
});
