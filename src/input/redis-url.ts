import { parseUrl } from '../runtime/url';

/** The address of a Redis server, and how to log in there. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** 4 or 6 for one version of IP only; 0 for both. */
  readonly family: number;
  readonly isTls: boolean;
  /** null for the default user. */
  readonly username: string | null;
  /** null when none is given. */
  readonly password: string | null;
  /** The number of the database. */
  readonly database: number;
}

const DEFAULT_PORT = 6_379;
const MAX_DATABASE = 2 ** 31 - 1;
const FORM = /^rediss?:\/\//i;
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)$/i;
const NOT_READABLE =
  'is no URL that can be read; special characters of the user and the password must be ' +
  'percent-encoded';

/**
 * Reads `redis[s]://[[user]:password@]host[:port][/database]`, with the parameters `family` (4 or
 * 6) and `db`. What the URL says beyond that is refused, because a library that reads it would take
 * other parameters for options of its own, and other paths for database 0.
 *
 * @returns the address, or why there is none, as a sentence without a subject. It holds no part of
 *   the URL that may be secret
 */
export function parseRedisUrl(text: string): RedisAddress | string {
  if (!FORM.test(text.trim())) return 'must be a URL that starts with redis:// or rediss://';
  const url = parseUrl(text);
  if (url === null) return NOT_READABLE;
  const misplaced = `${url.pathname}${url.search}`.includes('@') || url.hash !== '';
  if (misplaced) return NOT_READABLE;
  const login = loginOf(url);
  if (typeof login === 'string') return login;
  if (url.hostname === '') return 'names no host';
  if (!HOST.test(url.hostname)) return 'names a host that cannot be one';
  if (url.port === '0') return 'has port 0, at which no server listens';
  const parameters = parametersOf(url);
  if (typeof parameters === 'string') return parameters;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    isTls: url.protocol === 'rediss:',
    ...login,
    ...parameters,
  };
}

function loginOf(url: URL): Pick<RedisAddress, 'username' | 'password'> | string {
  try {
    const username = decodeURIComponent(url.username) || null;
    const password = decodeURIComponent(url.password) || null;
    return { username, password };
  } catch {
    return 'has a % in the user or the password that begins no escape; it must be written as %25';
  }
}

function parametersOf(url: URL): Pick<RedisAddress, 'family' | 'database'> | string {
  let family = '0';
  let database = url.pathname.slice(1);
  const seen = new Set(database === '' ? [] : ['db']);
  for (const [name, value] of url.searchParams) {
    if (name !== 'family' && name !== 'db')
      return `has ${nameOf(name)}, which is not supported; only family and db are`;
    if (seen.has(name)) return `names ${name === 'db' ? 'the database' : 'the family'} twice`;
    seen.add(name);
    if (name === 'family') family = value;
    else database = value;
  }
  if (!['0', '4', '6'].includes(family)) return 'has a parameter family that is neither 4 nor 6';
  if (seen.has('db') && !(/^\d+$/.test(database) && Number(database) <= MAX_DATABASE))
    return 'must name the database by its number, such as redis://host/0';
  return { family: Number(family), database: Number(database) };
}

/** Names a parameter, unless the name may be a part of a password that was not encoded. */
function nameOf(name: string): string {
  return /^[a-z_]{1,30}$/i.test(name) ? `the parameter ${name}` : 'a parameter';
}
