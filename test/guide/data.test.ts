import { loadConfig } from '../../src/config';
import { type Snippet, snippetsOf } from '../support/snippets';
import { GUIDE } from './pages';

const ALL = GUIDE.flatMap(snippetsOf);
const placeOf = ({ file, line }: Snippet) => `${file}:${line}`;
const of = (language: string) =>
  ALL.filter((one) => one.language === language).map((one) => [placeOf(one), one.text] as const);

/** Each is run by a test: these by this file, the others by files of their own. */
const LANGUAGES = ['env', 'graphql', 'json', 'sh', 'ts', 'yaml'];

test('each snippet is in a language that a test runs', () => {
  const strange = ALL.filter(({ language }) => !LANGUAGES.includes(language));
  expect(strange.map(placeOf)).toEqual([]);
});

test.each(of('json'))('%s is JSON', (_place, text) => {
  expect(JSON.parse(text)).toEqual(expect.any(Object));
});

test.each(of('env'))('%s is a valid set of settings', (_place, text) => {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const others = { DATABASE_URL: 'postgres://localhost/parley', NODE_ENV: 'production' };
  expect(loadConfig({ ...others, ...env })).toEqual(expect.any(Object));
});
