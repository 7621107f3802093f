import { ConfigError } from '../errors';
import { type BuiltPage, folderOf } from '../server/built.page';

/**
 * Returns the error for a port on which the node cannot listen: one that names the setting when the
 * port is taken or needs more rights, and else the system's own.
 */
export function portTrouble(setting: string, port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new ConfigError(`${setting}: ${port} is taken already`);
  if (code !== 'EACCES') return error;
  return new ConfigError(`${setting}: ${port} is a port that this user may not listen on`);
}

/**
 * Returns the host for a URL that a browser can open: `localhost` for a wildcard address, and an
 * IPv6 address in brackets.
 */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Returns the address of a page in the words of the welcome, or the reason why it has none. */
export function pageAddress(isOn: boolean, page: BuiltPage, url: string): string {
  if (!isOn) return 'off';
  return folderOf(page) === undefined ? 'not built (npm run build)' : url;
}
