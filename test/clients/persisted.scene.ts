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

const PROGRAMS = join(__dirname, 'programs');
const MANIFEST = join(__dirname, '../../client/manifest.json');

/** A node that runs nothing but the manifest of `@parley/client/documents`. */
export function startPersistedOnly(): Promise<Cluster> {
  return Cluster.start({ env: { PERSISTED_OPERATIONS: MANIFEST, PERSISTED_ONLY: 'true' } });
}

/** What a program reports that uses these packages, as a user with a conversation. */
export async function runPersisted(
  cluster: Cluster,
  name: string,
  packages: readonly string[],
): Promise<unknown> {
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
