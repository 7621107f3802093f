import type { IncomingMessage } from 'node:http';
import proxyAddr, { compile } from '@fastify/proxy-addr';

/** Addresses of proxies whose headers are believed. A number is that of the proxies in a row. */
export type TrustProxy = boolean | number | readonly string[];
export type IsTrusted = (address: string, hop: number) => boolean;

const IPV4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i;
/** The groups of an IPv6 address that name a network. A client chooses the others as it likes. */
const NETWORK_GROUPS = 4;

/** Returns the rule for the addresses of proxies. */
export function trustOf(trustProxy: TrustProxy): IsTrusted {
  if (typeof trustProxy === 'boolean') return () => trustProxy;
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  return compile([...trustProxy]);
}

/**
 * Returns the first of the values that the proxies in front have given a header `X-Forwarded-…`,
 * which is the client's own; undefined without it, and where no proxy is trusted.
 */
export function forwardedOf(
  { headers, socket }: IncomingMessage,
  isTrusted: IsTrusted,
  name: 'host' | 'proto',
): string | undefined {
  if (!isTrusted(socket.remoteAddress ?? '', 0)) return undefined;
  const value = headers[`x-forwarded-${name}`];
  const [first] = (Array.isArray(value) ? value.join(',') : (value ?? '')).split(',');
  return first!.trim() || undefined;
}

/** Returns the scheme by which the client has sent the request: this server itself speaks http. */
export function schemeOf(request: IncomingMessage, isTrusted: IsTrusted): string {
  return forwardedOf(request, isTrusted, 'proto')?.toLowerCase() ?? 'http';
}

/**
 * Returns the client's address, as the last proxy that is trusted saw it; of an IPv6 address its
 * network alone.
 */
export function clientAddressOf(request: IncomingMessage, isTrusted: IsTrusted): string {
  return networkOf(proxyAddr(request, isTrusted) ?? '');
}

export function networkOf(address: string): string {
  const [, ipv4] = IPV4.exec(address) ?? [];
  if (ipv4 !== undefined || !address.includes(':')) return ipv4 ?? address;
  const [head, tail] = address.toLowerCase().split('::') as [string, string?];
  const groupsOf = (text = '') => (text === '' ? [] : text.split(':'));
  const before = groupsOf(head);
  const after = groupsOf(tail);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':');
}
