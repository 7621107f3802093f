/** Rules of settings beyond the form of each value. A line of a refusal begins with the name. */
import { emptyAsUnset, protocolOf } from './setting.forms';

const PRODUCTION_SECRET_LENGTH = 32;
/** The port at which exporters of OpenTelemetry serve metrics to Prometheus by default. */
const METRICS_PORT_IN_PRODUCTION = 9464;
/** The settings of which production needs one, to verify users' tokens. */
const USER_KEYS = ['JWT_SECRET', 'JWT_PUBLIC_KEY', 'JWT_JWKS_URL'];
/** The hosts with which production speaks http, since nothing of it leaves the machine. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Settings of the contract that are not built yet. An operator must not believe that one does
 * something. Each is taken off this list when it is built.
 */
const NOT_BUILT_YET = [/^REMIND_(AFTER|BEFORE_EXPIRY)$/, /^WEBHOOK_/, /^PRE_SEND_HOOK_/];

/** Returns a line for each setting that is set, and would be ignored. */
export function notBuiltYet(env: NodeJS.ProcessEnv): string[] {
  const isSet = (name: string) => emptyAsUnset(env[name]) !== undefined;
  return Object.keys(env)
    .filter((name) => NOT_BUILT_YET.some((one) => one.test(name)) && isSet(name))
    .map((name) => `${name}: is not supported yet`);
}

/**
 * Returns a line for each setting that production does not allow.
 *
 * @param publishedSecrets the development secrets, which everybody can read
 */
export function issuesInProduction(
  env: NodeJS.ProcessEnv,
  publishedSecrets: readonly string[],
): string[] {
  const settingOf = (name: string) => emptyAsUnset(env[name]) as string | undefined;
  const isMissing = (name: string) => settingOf(name) === undefined;
  return [
    ...(isMissing('DATABASE_URL') ? ['DATABASE_URL: is required in production'] : []),
    ...(USER_KEYS.every(isMissing)
      ? [`JWT_SECRET: is required in production, unless ${USER_KEYS.slice(1).join(' or ')} is set`]
      : []),
    ...insecureUrl('JWT_JWKS_URL', settingOf('JWT_JWKS_URL')),
    ...(settingOf('FAILPOINT') === undefined ? [] : ['FAILPOINT: is refused in production']),
    ...['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'JWT_SERVICE_SECRET'].flatMap((name) => {
      const secret = settingOf(name);
      if (secret === undefined) return [];
      if (publishedSecrets.includes(secret))
        return [`${name}: is the published development secret`];
      return secret.length < PRODUCTION_SECRET_LENGTH
        ? [`${name}: must have at least ${PRODUCTION_SECRET_LENGTH} characters in production`]
        : [];
    }),
  ];
}

/** The settings of the two ports. */
interface Ports {
  NODE_ENV: string;
  PORT: number;
  METRICS_PORT?: number | undefined;
}

/** The settings of persisted operations. */
interface Persisted {
  PERSISTED_ONLY: string;
  PERSISTED_OPERATIONS?: unknown;
}

/** Returns the port of the metrics; null when they are served at the port of the API. */
export function metricsPortOf({ NODE_ENV, METRICS_PORT }: Ports): number | null {
  return METRICS_PORT ?? (NODE_ENV === 'production' ? METRICS_PORT_IN_PRODUCTION : null);
}

/** Returns a line for each setting that is right by itself, and does not fit another one. */
export function contradictions(settings: Ports & Persisted): string[] {
  const { PERSISTED_ONLY, PERSISTED_OPERATIONS } = settings;
  const hasNone = PERSISTED_ONLY === 'true' && PERSISTED_OPERATIONS === undefined;
  return [
    ...(sharesPort(settings) ? ['METRICS_PORT: must differ from PORT'] : []),
    ...(hasNone ? ['PERSISTED_ONLY: needs PERSISTED_OPERATIONS, else nothing could run'] : []),
  ];
}

/** True when the metrics would need the port of the API. With 0 each gets a port of its own. */
function sharesPort(ports: Ports): boolean {
  return ports.PORT !== 0 && metricsPortOf(ports) === ports.PORT;
}

/** Keys that came over plain http could be anyone's. */
function insecureUrl(name: string, text = ''): string[] {
  if (protocolOf(text) !== 'http:' || LOOPBACK.test(new URL(text).hostname)) return [];
  return [`${name}: must be a URL that starts with https:// in production`];
}

/** A value may break several rules at once; the first line that names the setting says enough. */
export function firstOfEach(lines: readonly string[]): string[] {
  const named = new Map<string, string>();
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':'));
    if (!named.has(name)) named.set(name, line);
  }
  return [...named.values()];
}
