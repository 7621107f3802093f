import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const MAX_COLUMNS = 100;
/** Lua, which Redis knows by its bytes. */
const FIXED_TEXT = /^-- Beyond what anybody knows/;
const BAD_OPENING =
  /^(What|Who|Whom|Whose|Whoever|Whatever|Whether|How|Those|Of|Null|Where|That)\b/;

interface Place {
  file: string;
  line: number;
  text: string;
}

function linesOf(folders: readonly string[], ending: RegExp): Place[] {
  const listed = execFileSync('git', ['ls-files', ...folders], { cwd: ROOT, encoding: 'utf8' });
  const files = listed.split('\n').filter((file) => ending.test(file) && !/generated/.test(file));
  return files.flatMap((file) => {
    const texts = readFileSync(join(ROOT, file), 'utf8').split('\n');
    return texts.map((text, index) => ({ file, line: index + 1, text }));
  });
}

const show = ({ file, line, text }: Place) => `${file}:${line} ${text.trim()}`;

/** The first line of each comment: of a block, or of line comments that follow each other. */
function openings(lines: readonly Place[]): Place[] {
  return lines.flatMap((place, index) => {
    const previous = lines[index - 1]?.text.trim() ?? '';
    const text = place.text.trim();
    const block = /^\/\*\*? ?(.*)$/.exec(text)?.[1];
    if (block !== undefined) {
      const opening =
        block === '' ? (lines[index + 1]?.text.trim().replace(/^\* ?/, '') ?? '') : block;
      return [{ ...place, text: opening }];
    }
    if (!text.startsWith('// ') || previous.startsWith('// ')) return [];
    return [{ ...place, text: text.slice('// '.length) }];
  });
}

describe('the sources', () => {
  const code = linesOf(['src', 'client/src'], /\.ts$/);

  test('keep to 100 columns', () => {
    const sql = linesOf(['src'], /\.sql$/);
    const long = [...code, ...sql].filter(({ text }) => text.length > MAX_COLUMNS);
    expect(long.filter(({ text }) => !FIXED_TEXT.test(text)).map(show)).toEqual([]);
  });

  test('have comments that open with their subject', () => {
    const comments = openings(code);
    expect(comments.length).toBeGreaterThan(500);
    expect(comments.filter(({ text }) => BAD_OPENING.test(text)).map(show)).toEqual([]);
    expect(openings([{ file: '', line: 1, text: '/** Whether it is. */' }])[0]!.text).toMatch(
      BAD_OPENING,
    );
  });
});
