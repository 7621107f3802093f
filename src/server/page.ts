/**
 * HTML pages, each with its own content security policy. A page may load from this server alone,
 * and runs the scripts that its HTML has and those of this server, and no other. Everything beyond
 * that, a page says by its `sources`.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Sources that a page needs beside this server, by the directive that allows them. */
export type Sources = Readonly<
  Partial<
    Record<'style-src' | 'img-src' | 'font-src' | 'worker-src' | 'connect-src', readonly string[]>
  >
>;

export interface Page {
  path: string;
  html: string;
  sources: Sources;
}

/** The element of a script, with its attributes and its text. */
const SCRIPT = /<script\b([^>]*)>(.*?)<\/script/gis;
const CLOSED = [
  "default-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];
const FROM_HERE = ['style-src', 'img-src', 'font-src', 'worker-src', 'connect-src'] as const;

/**
 * Serves a page. The router takes a path with a slash at its end for the same, where the addresses
 * in the page would be wrong: such a request is sent to the path without.
 */
export function addPage(app: FastifyInstance, page: Page): void {
  const policy = policyOf(page);
  app.get(page.path, async (request, sink) => {
    const [path] = request.url.split('?');
    if (page.path !== '/' && path!.endsWith('/')) return sink.redirect(`..${page.path}`);
    return sink
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .send(page.html);
  });
}

/**
 * Returns the policy of a page. In `connect-src`, `'self'` stands for WebSockets of this server as
 * well (Content Security Policy Level 3, section 6.7.2.8).
 */
function policyOf({ html, sources }: Page): string {
  const others = FROM_HERE.map((name) => [name, "'self'", ...(sources[name] ?? [])].join(' '));
  return [...CLOSED, ['script-src', ...scriptsOf(html)].join(' '), ...others].join('; ');
}

/** Returns the sources of a page's scripts: the hash of each that its HTML has, and this server. */
function scriptsOf(html: string): string[] {
  const inline = [...html.matchAll(SCRIPT)].filter(
    ([, attributes]) => !/\ssrc\s*=/i.test(attributes!),
  );
  return ["'self'", ...inline.map(([, , text]) => `'${hashOf(text!)}'`)];
}

/** Returns the hash of a script as a browser sees it, which reads every line break as one `\n`. */
function hashOf(script: string): string {
  const text = script.replaceAll(/\r\n?/g, '\n');
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
