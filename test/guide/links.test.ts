import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const FOLDERS = ['.', 'docs', 'client', 'client/docs', 'web', 'bench'];

/** All Markdown pages but those of packages. */
const PAGES = [
  ...FOLDERS.flatMap((folder) => pagesIn(folder, false)),
  ...['docs/guide', 'docs/operations', 'docs/decisions'].flatMap((one) => pagesIn(one, true)),
];

function pagesIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => relative(ROOT, join(ROOT, folder, name)));
}

/** The text without what only shows code. */
function textOf(page: string): string {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return text.replace(/`[^`\n]*`(?!\])/g, '');
}

function linksOf(page: string): string[] {
  const inline = [...textOf(page).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)];
  const bare = [...textOf(page).matchAll(/<(https?:[^>\s]+)>/g)];
  return [...inline, ...bare].map((match) => match[1]!);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  for (const [, heading] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const plain = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** The reason for which a link leads nowhere, or null. */
function brokenBy(page: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return /^https?:$/.test(new URL(link).protocol) ? null : 'no web page';
  const [path, anchor] = link.split('#') as [string, string?];
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(join(ROOT, target))) return 'no such file';
  if (anchor === undefined) return null;
  if (statSync(join(ROOT, target)).isDirectory()) return 'a folder has no anchors';
  return anchorsOf(target).has(anchor) ? null : 'no such heading';
}

describe('the links of the documentation', () => {
  test.each(PAGES)('%s: each leads somewhere', (page) => {
    const broken = linksOf(page).map((link) => [link, brokenBy(page, link)]);
    expect(broken.filter(([, reason]) => reason !== null)).toEqual([]);
  });

  test('each page of the guide is in its index, and in that of the repository', () => {
    const index = linksOf('docs/guide/README.md');
    const missing = pagesIn('docs/guide', true)
      .map((page) => relative('docs/guide', page))
      .filter((name) => name !== 'README.md' && !index.includes(name));
    expect(missing).toEqual([]);
    expect(linksOf('README.md')).toContain('docs/guide/README.md');
  });

  test('each page about one thing is reached from the guide', () => {
    const reached = new Set(
      ['docs/guide/README.md', 'docs/guide/operations.md'].flatMap((page) =>
        linksOf(page).map((link) => join(dirname(page), link.split('#')[0]!)),
      ),
    );
    const pages = [...pagesIn('docs', false), ...pagesIn('docs/operations', true)];
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});
