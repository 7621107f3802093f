import { requestKeySet } from '../auth/key-set.request';
import type { Config } from '../config';
import { parsePublicKeys } from '../input/public-key';
import { reasonOf } from '../runtime/blame';
import { type Finding, ok, problem } from './finding';

const MAX_NAMED_LENGTH = 200;

/** Names the keys that verify tokens, and requests those that a provider publishes. */
export async function checkKeys({ auth }: Config): Promise<Finding[]> {
  const { length } = auth.userSecrets;
  const ofUsers = [
    ...(length === 0 ? [] : [length === 1 ? 'one secret' : `${length} secrets`]),
    ...publicKeysIn('JWT_PUBLIC_KEY', auth.userPublicKeys),
    ...(auth.keySetUrl === null ? [] : ['JWT_JWKS_URL']),
  ];
  const ofServices = [
    ...(auth.serviceSecret === null ? [] : ['one secret']),
    ...publicKeysIn('JWT_SERVICE_PUBLIC_KEY', auth.servicePublicKeys),
  ];
  return [
    ok(`users' tokens are verified by ${ofUsers.join(', ')}`),
    ...(ofServices.length === 0
      ? []
      : [ok(`the platform's tokens are verified by ${ofServices.join(', ')}`)]),
    ...(auth.keySetUrl === null ? [] : [await checkKeySet(auth.keySetUrl)]),
  ];
}

function publicKeysIn(setting: string, text: string | null): string[] {
  const keys = text === null ? [] : parsePublicKeys(text);
  if (typeof keys === 'string' || keys.length === 0) return [];
  return [`${setting} (${keys.map(({ algorithms }) => algorithms[0]).join(', ')})`];
}

async function checkKeySet(url: string): Promise<Finding> {
  try {
    const keys = await requestKeySet(url, new AbortController().signal);
    const names = keys
      .map(({ id, algorithms }) => `${id ?? 'no id'} (${algorithms[0]})`)
      .join(', ');
    return ok(`JWT_JWKS_URL: ${keys.length} keys: ${names.slice(0, MAX_NAMED_LENGTH)}`);
  } catch (error) {
    return problem(`JWT_JWKS_URL: no keys were received (${reasonOf(error)})`);
  }
}
