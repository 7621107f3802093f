import type { Table } from './outcome';

/** For a terminal: words to the left, numbers to the right. */
export function toText({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(format));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const numeric = columns.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  '),
  );
  return [title, ...lines.map((line) => `  ${line}`.trimEnd())].join('\n');
}

export function toMarkdown({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const numeric = columns.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  return [
    `**${title}**`,
    '',
    line(columns),
    line(numeric.map((isNumeric) => (isNumeric ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(format))),
  ].join('\n');
}

function format(cell: string | number): string {
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return '–';
  if (Math.abs(cell) >= 1_000) return Math.round(cell).toLocaleString('en-US');
  return String(Number(cell.toPrecision(3)));
}
