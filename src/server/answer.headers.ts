/**
 * The headers that every answer has, a refusal of what could not be read included. They tell a
 * browser to do as little as possible with an answer: to keep it nowhere, to take it for what its
 * content type says, and to show it in no frame. A page has a wider policy of its own
 * (`server/page`). Why they are not Helmet's: decision 16.
 */
import type { IncomingMessage } from 'node:http';
import { type IsTrusted, schemeOf } from './client-address';

export type HeaderList = Readonly<Record<string, string>>;

const ALWAYS: HeaderList = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  // Pages of other origins read answers by CORS, to which this does not apply.
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // The headers of CORS depend on the origin that asks.
  vary: 'Origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
/** Browsers use https alone for this host from then on, for a year. Its subdomains are not ours. */
const BY_HTTPS: HeaderList = { ...ALWAYS, 'strict-transport-security': 'max-age=31536000' };

/** The headers that an answer to this request has; null for one that could not be read. */
export type AnswerHeaders = (request: IncomingMessage | null) => HeaderList;

/**
 * Returns the rule for the headers of answers. In production a request that came by https is told
 * to come by https again. In development the host is `localhost`, which other servers have as well.
 */
export function answerHeaders(production: boolean, isTrusted: IsTrusted): AnswerHeaders {
  return (request) =>
    production && request && schemeOf(request, isTrusted) === 'https' ? BY_HTTPS : ALWAYS;
}
