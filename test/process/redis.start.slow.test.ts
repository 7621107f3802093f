import { command, RIGHTS, urlOf } from '../support/redis-parts';
import { redisForNodes } from './redis.for.nodes';

describe('a Redis that will not do', () => {
  const given = redisForNodes();
  const { admin, start } = given;

  test.each([
    ['a database that is not there', '', '/16', /no database of this number/],
    ['no right to publish', 'silent:secret', '', /may not PUBLISH at parley:/],
    ['no right to write', 'reader:secret', '', /may not [A-Z]+ at parley:.+ \(NOPERM\)/],
    ['no right to evaluate', 'noscript:secret', '', /NOPERM .*eval/],
    ['no right to count', 'uncounted:secret', '', /may not INCRBY at parley:/],
    ['no right to select', 'unselected:secret', '/1', /NOPERM .*select/],
  ])('%s ends the start with one line', async (_, login, path, reason) => {
    const rights = RIGHTS.join(' ');
    await admin('CONFIG SET requirepass other');
    const client = urlOf(given.redis.url, '', 'other');
    await command(client, `ACL SETUSER silent ${rights} resetchannels`);
    await command(client, `ACL SETUSER reader ${rights} -@write`);
    await command(client, `ACL SETUSER noscript ${rights} -eval -evalsha`);
    await command(client, `ACL SETUSER uncounted ${rights} -incrby`);
    await command(client, `ACL SETUSER unselected ${rights} -select`);
    const [user, password] = (login || 'default:other').split(':');
    const node = start(urlOf(given.redis.url, user!, password!, path));
    expect(await node.exit()).toBe(1);
    expect(node.errors).toMatch(/^parley: REDIS_URL: [^\n]+\n$/);
    expect(node.errors).toMatch(reason);
    expect(node.errors + node.output).not.toMatch(/secret/);
    await command(client, 'CONFIG SET requirepass ');
  });
});
