/**
 * The forms that values of settings may have. Each form tells what is wrong with a value by the end
 * of a sentence that begins with the setting's name.
 */
import { compile } from '@fastify/proxy-addr';
import { z } from 'zod';
import { normalizeOrigin } from '../input/origin';
import { parsePublicKeys } from '../input/public-key';
import { parseRedisUrl } from '../input/redis-url';
import { parseUrl } from '../runtime/url';

export const emptyAsUnset = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess(emptyAsUnset, schema.optional());
export const withDefault = <T extends z.ZodType>(schema: T, value: z.input<T>) =>
  z.preprocess((given) => emptyAsUnset(given) ?? value, schema);

export const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);
export const limit = (value: number) => withDefault(wholeNumber(1, 2 ** 31 - 1), value);
export const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => protocols.includes(protocolOf(text)),
      `must be a URL that starts with ${protocols[0]}//`,
    );
export const redisUrl = z.string().superRefine((text, issues) => {
  const address = parseRedisUrl(text);
  if (typeof address === 'string') issues.addIssue(address);
});
export const publicKeys = z.string().superRefine((text, issues) => {
  const keys = parsePublicKeys(text);
  if (typeof keys === 'string') issues.addIssue(keys);
});
export const keySetUrl = z.string().superRefine((text, issues) => {
  const url = /^https?:\/\//i.test(text) ? parseUrl(text) : null;
  if (url === null) return issues.addIssue('must be a URL that starts with https://');
  const { username, password } = url;
  if (username !== '' || password !== '') issues.addIssue('must have no user and no password');
});
export const textList = z
  .string()
  .transform(partsOf)
  .refine((parts) => parts.every((part) => part !== ''), 'must be a comma-separated list');
export const origin = z.string().transform((text, issues) => {
  const normalized = normalizeOrigin(text);
  if (normalized !== null) return normalized;
  issues.addIssue('must be a comma-separated list of origins, such as https://example.com');
  return z.NEVER;
});
export const trustProxy = z.string().transform((text, issues): boolean | number | string[] => {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^\d+$/.test(text)) return Number(text);
  const addresses = partsOf(text);
  try {
    compile(addresses);
    return addresses;
  } catch {
    issues.addIssue('must be true, false, a number of proxies, or a list of their addresses');
    return z.NEVER;
  }
});
export const originList = z.string().transform(partsOf).pipe(z.array(origin));
export const webOriginList = originList.refine(
  (origins) => origins.every((one) => /^https?:/.test(one)),
  'must be a comma-separated list of http or https origins',
);

export const otlpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//i.test(text) && parseUrl(text) !== null,
    'must be a URL that starts with http:// or https://',
  );
export const otlpProtocol = z.literal('http/protobuf', 'must be http/protobuf, or not be set');
export const otlpCompression = z.enum(['gzip', 'none']);
export const positive = wholeNumber(1, 2 ** 31 - 1);
export const ratio = z.coerce
  .number('must be a number from 0 to 1')
  .min(0, 'must be at least 0')
  .max(1, 'must be at most 1');
export const flag = z
  .string()
  .regex(/^(true|false)$/i, 'must be true or false')
  .transform((text) => text.toLowerCase() === 'true');
/** Pairs as in `key=value,other=value`, whose values are percent-encoded (W3C Baggage). */
export const pairList = z
  .string()
  .refine(isPairList, 'must be a comma-separated list of key=value');

/** Returns the parts of a comma-separated list, without the blanks around them. */
function partsOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function isPairList(text: string): boolean {
  return text.split(',').every((part) => {
    const [, value] = /^\s*[\w!#$%&'*+.^`|~/-]+\s*=([^,]*)$/.exec(part) ?? [];
    try {
      return value !== undefined && decodeURIComponent(value) !== null;
    } catch {
      return false;
    }
  });
}

export function protocolOf(text: string): string {
  return parseUrl(text)?.protocol ?? '';
}
