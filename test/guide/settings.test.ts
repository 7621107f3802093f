import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultOf, loadConfig, SETTINGS, type SettingName } from '../../src/config';

const GUIDE = readFileSync(join(__dirname, '../../docs/guide/settings.md'), 'utf8');
const ROW = /^\| (`[A-Z][^|]*) \| ([^|]*) \| .* \|$/gm;
/** Tests of faults use it, and the text below the tables names it. */
const NOT_IN_TABLES = ['FAILPOINT'];

interface Row {
  names: SettingName[];
  text: string;
  /** The defaults outside of production, in the order of the names. */
  values: string[];
}

/** The values in a text: they stand in code, or are numbers. */
function valuesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`|\b(\d+)\b/g)].map(([, code, number]) => code ?? number!);
}

const rows = [...GUIDE.matchAll(ROW)].map(([, names, text]): Row => {
  const found = [...names!.matchAll(/`([A-Z_0-9]+)`/g)].map(([, name]) => name as SettingName);
  return { names: found, text: text!, values: valuesIn(text!.split('in production')[0]!) };
});
const namedIn = (some: readonly Row[]) => some.flatMap(({ names }) => names);
/** Those with a default of their own, which the schema of the settings knows. */
const withDefault = SETTINGS.filter((name) => defaultOf(name) !== null);

/** The least that production requires. */
const MINIMUM = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db.example/parley',
  JWT_SECRET: 'x'.repeat(32),
};

describe('the tables of docs/guide/settings.md', () => {
  test('have each setting once, and no other', () => {
    const own = SETTINGS.filter(
      (name) =>
        !NOT_IN_TABLES.includes(name) &&
        (!name.startsWith('OTEL_') || name === 'OTEL_EXPORTER_OTLP_ENDPOINT'),
    );
    expect(namedIn(rows).sort()).toEqual([...own].sort());
  });

  test.each(rows.filter(({ names }) => names.some((name) => withDefault.includes(name))))(
    '$names: $text',
    ({ names, values }) => {
      const expected = names.map((name) => defaultOf(name)).filter((value) => value !== null);
      expect(values.slice(0, expected.length)).toEqual(expected);
    },
  );

  test('say of no setting without a default that it has a value', () => {
    const without = rows.filter(({ names }) => !names.some((name) => withDefault.includes(name)));
    const told = without.filter(({ text }) => /^`|^\d/.test(text));
    // What these are without a value depends on the environment, as the next test says.
    expect(namedIn(told).sort()).toEqual(['DEMO', 'DRAIN_DELAY_S', 'DRAIN_SPREAD_S', 'GRAPHIQL']);
  });

  test.each([
    ['HOST', 'http.host'],
    ['METRICS_PORT', 'http.metricsPort'],
    ['DEMO', 'demo'],
    ['GRAPHIQL', 'graphiql'],
    ['DRAIN_DELAY_S', 'drain.delayMs'],
    ['DRAIN_SPREAD_S', 'drain.spreadMs'],
  ] as const)('say what %s is, in production and outside of it', (name, path) => {
    const { names, text, values } = rows.find((row) => row.names.includes(name))!;
    const inProduction = valuesIn(text.split('in production')[1]!);
    // The port, whose default is the same in production, shares a row with the address.
    const place = names.indexOf(name);
    const placeInProduction = name === 'HOST' ? 0 : place;
    const read = (env: NodeJS.ProcessEnv) => {
      const config: unknown = loadConfig(env);
      const value = path.split('.').reduce((part, key) => (part as never)[key], config);
      if (value === null) return undefined;
      return String(path.endsWith('Ms') ? Number(value) / 1_000 : value);
    };
    expect(inProduction[placeInProduction]).toBe(read(MINIMUM));
    expect(values[place]).toBe(read({}));
  });
});
