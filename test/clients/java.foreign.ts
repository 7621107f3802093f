import { Cluster } from '../support/cluster';
import { openScene, run, tell, testWith } from './scene';

const { test: testJava, path } = testWith(
  ['java'],
  'Install a JDK of 11 or newer; on Debian: apt-get install openjdk-17-jdk-headless',
);

const ME = '{"data":{"me":{"id":"alice"}}}';
const ANSWERED = `HTTP_1_1 200 ${ME}`;

describe("Java's HttpClient", () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  testJava('asks, writes and follows', async () => {
    const { env } = await openScene(cluster);
    const { code, out, errors } = await run(path, [`${__dirname}/programs/Parley.java`], env);
    tell(out.trim());
    expect([code, errors]).toEqual([0, '']);
    expect(out.trim().split('\n').slice(1)).toEqual([
      `query: ${ANSWERED}`,
      `query again: ${ANSWERED}`,
      `query by GET: ${ANSWERED}`,
      'mutation: HTTP_1_1 200 {"data":{"sendMessage":{"message":{"sequence":1}}}}',
      `150 kB: ${ANSWERED}`,
      `150 kB in chunks: ${ANSWERED}`,
      `a fresh client in chunks: ${ANSWERED}`,
      `expect 100-continue: ${ANSWERED}`,
      '20 at once: 20',
      `HTTP/1.1: ${ANSWERED}`,
      'subscription: {"id":"1","type":"next","payload":{"data":{"messageAdded":{"sequence":1,"content":"by Java"}}}}',
    ]);
  });
});
