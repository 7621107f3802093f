import { createHash } from 'node:crypto';
import Fastify from 'fastify';
import { addPage } from '../../src/server/page';
import { Cluster } from '../support/cluster';

/** The directives of a policy, each with its sources. */
function directivesOf(policy: string): Map<string, string[]> {
  return new Map(
    policy.split('; ').map((directive) => {
      const [name, ...sources] = directive.split(' ');
      return [name!, sources];
    }),
  );
}

const NOTHING = ['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'];
const LOADING = ['script-src', 'style-src', 'img-src', 'font-src', 'worker-src', 'connect-src'];
/** Sources that let nothing in from elsewhere. */
const OWN = /^('self'|'unsafe-inline'|data:|blob:|'sha256-[\w+/]{43}=')$/;

/** Expects a policy that lets in nothing foreign, and no script but the page's own. */
function expectClosed(policy: string): Map<string, string[]> {
  const directives = directivesOf(policy);
  expect([...directives.keys()].sort()).toEqual([...NOTHING, ...LOADING].sort());
  for (const name of NOTHING) expect([name, directives.get(name)]).toEqual([name, ["'none'"]]);
  for (const name of LOADING)
    for (const source of directives.get(name)!) expect(source).toMatch(OWN);
  for (const source of directives.get('script-src')!)
    expect(source).toMatch(/^'(self|sha256-.+)'$/);
  expect(directives.get('connect-src')).toEqual(["'self'"]);
  return directives;
}

const hashOf = (script: string) =>
  `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

describe('the policy of a page', () => {
  test('lets GraphiQL load itself alone', async () => {
    const cluster = await Cluster.start();
    try {
      const response = await fetch(`${cluster.node.url}/graphiql`);
      const html = await response.text();
      const directives = expectClosed(response.headers.get('content-security-policy')!);
      for (const name of ['script-src', 'worker-src', 'font-src'])
        expect([name, directives.get(name)]).toEqual([name, ["'self'"]]);
      expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="?(https?:)?\/\//i);
    } finally {
      await cluster.stop();
    }
  });

  test('a slash behind the path leads to the page, with its addresses', async () => {
    const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
    addPage(app, { path: '/page', html: '<p>', sources: {} });
    const { statusCode, headers } = await app.inject({ url: '/page/?x=1' });
    expect([statusCode, headers.location]).toEqual([302, '../page']);
    expect((await app.inject({ url: '/page' })).statusCode).toBe(200);
    await app.close();
  });

  async function policyOf(html: string): Promise<string> {
    const app = Fastify();
    addPage(app, { path: '/', html, sources: { 'img-src': ['data:'] } });
    const answer = await app.inject({ url: '/' });
    expect(answer.body).toBe(html);
    await app.close();
    return String(answer.headers['content-security-policy']);
  }

  test('has the hash of each script in it, as a browser reads it', async () => {
    const html =
      '<script>one()</script><SCRIPT type="module">\r\ntwo();\rthree()\n</SCRIPT ><script src="/a.js"></script>';
    const directives = expectClosed(await policyOf(html.replace(' >', '>')));
    expect(directives.get('script-src')).toEqual([
      "'self'",
      hashOf('one()'),
      hashOf('\ntwo();\nthree()\n'),
    ]);
    expect(directives.get('img-src')).toEqual(["'self'", 'data:']);
  });

  test('of one without a script of its own names this server alone', async () => {
    const directives = expectClosed(await policyOf('<script type="module" src="/x.js"></script>'));
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('style-src')).toEqual(["'self'"]);
  });
});
