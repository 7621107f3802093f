/**
 * The guide against the sources, both ways: what the sources have stands in the guide, and what the
 * guide names is in the sources.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { SETTINGS } from '../../src/config';
import { ERROR_CODES } from '../../src/graphql/errors';
import { getSchema } from '../../src/graphql/schema';
import { Cluster } from '../support/cluster';
import { type Scrape, scrape } from '../support/scrape';
import { allRowsOf, codeOf, proseOf, read, rowsOf, WRITTEN } from './pages';

const ROOT = resolve(__dirname, '../..');
/** The guide, and the pages about one thing each. */
const PAGES = [
  ...WRITTEN,
  ...['docs', 'docs/operations'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
const SETTINGS_PAGE = 'docs/guide/settings.md';
const TRACES_PAGE = 'docs/operations/traces.md';
const COMMANDS_PAGE = 'docs/guide/commands.md';
const ERRORS_PAGE = 'docs/guide/errors.md';

const scripts = Object.keys(
  (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
);
const types = Object.values(getSchema().getTypeMap());

/** Names of the schema: types, fields, arguments and values of enums. */
const schemaNames = new Set(
  types.flatMap((type) => {
    if (isEnumType(type)) return [type.name, ...type.getValues().map(({ name }) => name)];
    if (isInputObjectType(type)) return [type.name, ...Object.keys(type.getFields())];
    if (!isObjectType(type)) return [type.name];
    const fields = Object.values(type.getFields());
    const args = fields.flatMap((field) => field.args.map(({ name }) => name));
    return [type.name, ...fields.map(({ name }) => name), ...args];
  }),
);
const enumValues = types
  .filter(isEnumType)
  .flatMap((type) => type.getValues().map((one) => one.name));

describe('settings', () => {
  const explained = allRowsOf(SETTINGS_PAGE);

  test('each is explained', () => {
    const traces = read(TRACES_PAGE);
    const isExplained = (name: string) =>
      explained.includes(name) ||
      [name, name.replace('_TRACES_', '_')].some((one) => traces.includes(`\`${one}\``));
    const missing = SETTINGS.filter((name) => !isExplained(name));
    // It is for tests, and stands in a sentence of its own.
    expect(missing).toEqual(['FAILPOINT']);
    expect(codeOf(SETTINGS_PAGE)).toContain('FAILPOINT');
  });

  test('no other is explained', () => {
    const known = new Set<string>(SETTINGS);
    expect(explained.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** Names in capitals that are neither settings nor codes nor values of enums. */
const OTHER_CAPITALS = [
  'NO_COLOR',
  'FORCE_COLOR',
  'XDG_STATE_HOME',
  'PUBLISH',
  'PATH',
  'SIGKILL',
  'SIGTERM',
  'UNKNOWN',
  'CONNECTION_LOST',
  'INVALID_ANSWER',
  'CLIENT_DISPOSED',
  'ADDED',
  'UTF8',
  // Of Node, of the libraries of Postgres, Redis and OpenTelemetry, and of tests.
  ...['NODE_EXTRA_CA_CERTS', 'PGOPTIONS', 'INFO', 'FORM', 'TRACES_'],
  ...['OTEL_EXPORTER_OTLP_CERTIFICATE', 'OTEL_SERVICE_NAME', 'OTEL_PROPAGATORS'],
  ...['PARLEY_RESTARTS', 'PARLEY_RESTART_CLIENTS'],
  // A file of Postgres, and a name in HAProxy's configuration.
  ...['PG_VERSION', 'NODE_3'],
];

test.each(PAGES)('%s names settings and codes that there are', (page) => {
  const known = new Set([...SETTINGS, ...ERROR_CODES, ...enumValues, ...OTHER_CAPITALS]);
  const named = codeOf(page).flatMap((code) =>
    [...code.matchAll(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*\b/g)].map(([name]) => name),
  );
  const whole = codeOf(page).filter((code) => /^[A-Z][A-Z0-9_]{3,}$/.test(code));
  const compound = named.filter((name) => name.includes('_'));
  const strange = [...whole, ...compound].filter((name) => !known.has(name));
  // Placeholders of commands: USER_ID and the like.
  expect(strange.filter((name) => !/^(USER_ID|NAME|URL|TOKEN|SECONDS|JSON)$/.test(name))).toEqual(
    [],
  );
});

/** Names in camel case that are neither in the schema nor exported by the client. */
const OTHER_NAMES = [
  // What the connection's payloads have, and the extensions of errors.
  ...['connectionParams', 'connectionId', 'logEpoch', 'onBehalfOf', 'expiresAt', 'retryAfterMs'],
  ...['currentVersion', 'currentStatus', 'requestId', 'encodeURIComponent'],
  // Functions of the snippets.
  ...['getToken', 'userSecret'],
  // Options of codegen, and of compilers.
  ...['useTypeImports', 'verbatimModuleSyntax'],
  // The events of the gateway.
  ...['isUserOnline', 'getActiveUsers', 'broadcastToConversation', 'sendToUser'],
];

test.each(WRITTEN)('%s names fields and functions that there are', (page) => {
  const exported = new Set(
    ['index', 'apollo/index', 'urql/index', 'react/index'].flatMap((name) => {
      const source = read(`client/src/${name}.ts`);
      return [...source.matchAll(/\b[a-z]+[A-Z]\w*/g)].map(([one]) => one);
    }),
  );
  const named = codeOf(page).flatMap((code) =>
    code.includes('/')
      ? []
      : [...code.matchAll(/(?<![\w.-])[a-z]+[A-Z]\w*/g)].map(([name]) => name),
  );
  const isKnown = (name: string) =>
    schemaNames.has(name) || exported.has(name) || OTHER_NAMES.includes(name);
  expect(named.filter((name) => !isKnown(name))).toEqual([]);
});

describe('commands', () => {
  const main = scripts.filter((name) => !/^pre/.test(name));
  const named = (text: string) => [
    ...[...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1]!),
    ...[...text.matchAll(/npm (start|test)\b/g)].map((match) => match[1]!),
  ];

  test('each is explained', () => {
    const explained = named(read(COMMANDS_PAGE));
    expect(main.filter((name) => !explained.includes(name))).toEqual([]);
  });

  test.each(PAGES)('%s names none that is not there', (page) => {
    expect(named(read(page)).filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

describe('codes', () => {
  let cluster: Cluster;
  let scraped: Scrape;

  beforeAll(async () => {
    cluster = await Cluster.start();
    scraped = await scrape(cluster.node);
  });
  afterAll(() => cluster.stop());

  test('each code of an error is explained, and no other one', () => {
    expect(rowsOf(ERRORS_PAGE, 'Error codes').sort()).toEqual([...new Set(ERROR_CODES)].sort());
  });

  test('each code of a close is explained, and no other one', () => {
    const counted = scraped.text.matchAll(/^parley_connections_closed_total\{code="(\d+)"\}/gm);
    const explained = rowsOf(ERRORS_PAGE, 'Close codes').filter((code) => /^\d{4}$/.test(code));
    expect(explained.sort()).toEqual([...counted].map((match) => match[1]!).sort());
  });

  test.each(PAGES)('%s names metrics and addresses that there are', async (page) => {
    const metrics = proseOf(page).match(/\b(?:parley|nodejs|process)_[a-z0-9_]+/g) ?? [];
    const known = scraped.names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`]);
    expect(metrics.filter((name) => !known.includes(name))).toEqual([]);
    const paths = codeOf(page).filter((code) => /^(GET )?\/[a-z]*$/.test(code));
    for (const path of new Set(paths.map((code) => code.replace('GET ', ''))))
      expect([path, (await fetch(cluster.node.url + path)).status]).not.toEqual([path, 404]);
  });
});

test('each event of the gateway has its row', () => {
  const files = readdirSync(join(ROOT, 'test/api')).filter((name) => name.startsWith('gateway'));
  const tests = files.flatMap((name) => {
    const source = read(`test/api/${name}`);
    return [...source.matchAll(/^ {2}test\('([^':]+):/gm)].map((match) => match[1]!);
  });
  expect(tests.length).toBeGreaterThan(20);
  const page = read('docs/guide/moving-from-socket-io.md');
  const rows = [...page.matchAll(/^\| (.*?) \|/gm)].map(([, cell]) => cell!.replace(/`/g, ''));
  const missing = tests.filter((name) => !rows.some((row) => row.includes(name.split(', ')[0]!)));
  expect(missing).toEqual([]);
});
