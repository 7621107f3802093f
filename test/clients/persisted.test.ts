import { join } from 'node:path';
import {
  StartConversationDocument,
  type StartConversationMutation,
} from '@parley/client/documents';
import { print } from 'graphql';
import { byPost } from '../api/transports';

import { Cluster } from '../support/cluster';
import { sha256 } from '../support/manifest';
import { report, tell, versionOf } from './scene';

const PROGRAMS = `${__dirname}/programs`;
const MANIFEST = join(__dirname, '../../client/manifest.json');
describe('clients from npm, where nothing but the manifest of @parley/client/documents runs', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const env = { PERSISTED_OPERATIONS: MANIFEST, PERSISTED_ONLY: 'true' };
    cluster = await Cluster.start({ env });
  });
  afterAll(() => cluster.stop());

  async function runClient(name: string, packages: readonly string[]): Promise<unknown> {
    tell(packages.map((one) => `${one} ${versionOf(one)}`).join(', '));
    const [alice] = await cluster.persons('alice', 'bob');
    const documentId = `sha256:${sha256(print(StartConversationDocument))}`;
    const variables = { input: { participantIds: ['bob'] } };
    const { data } = await byPost(alice!, { documentId, variables });
    const { startConversation } = data as StartConversationMutation;
    return report(process.execPath, [`${PROGRAMS}/${name}.mjs`], {
      PARLEY_URL: `${cluster.node.url}/graphql`,
      PARLEY_TOKEN: alice!.token!,
      PARLEY_CONVERSATION: startConversation.conversation.id,
    });
  }

  test("Apollo Client, with the manifest's ids and with hashes of its own", async () => {
    const good = { me: 'User', added: 'persisted' };
    const packages = ['@apollo/client', '@apollo/persisted-query-lists', 'graphql-ws'];
    expect(await runClient('apollo-persisted', packages)).toEqual({
      fromManifest: good,
      atRuntime: good,
      plain: good,
      byGet: good,
      hasTexts: false,
      differing: [],
      refusal: 'BAD_USER_INPUT',
    });
  });

  test('the documents of codegen, with the ids that they carry', async () => {
    expect(await runClient('codegen-persisted', ['graphql-ws'])).toEqual({
      me: 'alice',
      byGet: 'alice',
      added: 'persisted',
    });
  });

  test('urql, with hashes of its own', async () => {
    const good = { me: 'alice', added: 'persisted' };
    expect(await runClient('urql-persisted', ['@urql/core', '@urql/exchange-persisted'])).toEqual({
      cached: good,
      plain: good,
      byGet: good,
      texts: [],
    });
  });
});
