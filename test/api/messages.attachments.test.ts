import { SendMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import { people } from './people';

const ADMITTED = [
  'https://files.example.com/a.png',
  'HTTPS://FILES.example.COM:443/a.png?b=c#d',
  'http://localhost:9000/bucket/a',
  'https://xn--bcher-kva.example/a',
  'https://bücher.example/a',
];
const REFUSED = [
  'http://files.example.com/a.png',
  'https://files.example.com:8443/a.png',
  'https://files.example.com.evil.example/a.png',
  'https://files.example.com@evil.example/a.png',
  'https://evil.example/?https://files.example.com/',
  'https://sub.files.example.com/a.png',
  'https://files.example.com./a.png',
  'http://localhost/bucket/a',
];

describe('ATTACHMENT_ORIGINS', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const origins = 'https://Files.Example.com, http://localhost:9000,https://bücher.example:443';
    cluster = await Cluster.start({ env: { ATTACHMENT_ORIGINS: origins } });
  });
  afterAll(() => cluster.stop());

  async function send(...urls: string[]) {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id: conversationId } = await conversationOf([alice, bob]);
    const attachments = urls.map((url) => ({ url }));
    const input = { conversationId, content: '', attachments };
    return alice.request(SendMessageDocument, { input });
  }

  test.each(ADMITTED)('admits %s', async (url) => {
    const { data } = await send(url);
    expect(data!.sendMessage.message.attachments).toMatchObject([{ url }]);
  });

  test.each(REFUSED)('refuses %s, and names it', async (url) => {
    const { data, errors } = await send(ADMITTED[0]!, url);
    expect(data).toBeNull();
    expect(errors![0]!.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.attachments.1.url',
      reason: expect.stringMatching(/^must /),
    });
  });
});
