import type { Chart } from './outcome';

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 20;
const TOP = 64;
const BOTTOM = 48;
const LINES = 5;
/** Okabe and Ito's, told apart by everybody. */
const COLOURS = [
  '#0072b2',
  '#999999',
  '#e69f00',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#f0e442',
];

/** A small picture of a chart, which reads on light and on dark. */
export function toSvg(chart: Chart): string {
  const values = chart.series.flatMap(({ values }) => values.filter((value) => value !== null));
  const top = niceCeiling(Math.max(...values, Number.MIN_VALUE));
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(`${chart.title} (${chart.unit})`)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 20, `${chart.title} (${chart.unit})`, 'font-size="14" font-weight="bold"'),
    ...legend(chart),
    ...grid(top, y),
    ...(chart.kind === 'bars' ? bars(chart, y) : lines(chart, y)),
    '</svg>',
    '',
  ].join('\n');
}

function grid(top: number, y: (value: number) => number): string[] {
  return Array.from({ length: LINES + 1 }, (_, index) => (top / LINES) * index).flatMap((value) => [
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#dddddd"/>`,
    text(
      LEFT - 8,
      y(value) + 4,
      Number(value.toPrecision(3)).toLocaleString('en-US'),
      'text-anchor="end"',
    ),
  ]);
}

function legend({ series }: Chart): string[] {
  const step = (WIDTH - LEFT - RIGHT) / Math.max(series.length, 6);
  return series.flatMap(({ name }, index) => {
    const x = LEFT + index * step;
    return [
      `<rect x="${at(x)}" y="34" width="12" height="12" fill="${colour(index)}"/>`,
      text(x + 17, 44, name),
    ];
  });
}

function bars({ labels, series }: Chart, y: (value: number) => number): string[] {
  const group = (WIDTH - LEFT - RIGHT) / labels.length;
  const width = Math.min((group * 0.8) / series.length, 60);
  return labels.flatMap((label, place) => {
    const middle = LEFT + group * (place + 0.5);
    const start = middle - (width * series.length) / 2;
    return [
      text(middle, HEIGHT - BOTTOM + 20, label, 'text-anchor="middle"'),
      ...series.flatMap(({ values }, index) => {
        const value = values[place] ?? null;
        if (value === null) return [];
        const x = start + index * width;
        const height = y(0) - y(value);
        const number = Number(value.toPrecision(3)).toLocaleString('en-US');
        return [
          `<rect x="${at(x + 1)}" y="${at(y(value))}" width="${at(width - 2)}" height="${at(height)}" fill="${colour(index)}"/>`,
          text(x + width / 2, y(value) - 4, number, 'text-anchor="middle" font-size="10"'),
        ];
      }),
    ];
  });
}

function lines({ labels, series }: Chart, y: (value: number) => number): string[] {
  const step = (WIDTH - LEFT - RIGHT) / labels.length;
  const x = (place: number) => LEFT + step * (place + 0.5);
  return [
    ...labels.map((label, place) =>
      text(x(place), HEIGHT - BOTTOM + 20, label, 'text-anchor="middle"'),
    ),
    ...series.flatMap(({ values }, index) => {
      const points = values.flatMap((value, place) =>
        value === null ? [] : [{ x: at(x(place)), y: at(y(value)) }],
      );
      const path = points.map((point) => `${point.x},${point.y}`).join(' ');
      return [
        `<polyline points="${path}" fill="none" stroke="${colour(index)}" stroke-width="2"/>`,
        ...points.map(
          (point) => `<circle cx="${point.x}" cy="${point.y}" r="3.5" fill="${colour(index)}"/>`,
        ),
      ];
    }),
  ];
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" fill="#333333" ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

function at(value: number): number {
  return Math.round(value * 10) / 10;
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** The next round number. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10]
    .map((step) => step * power)
    .find((step) => step >= value)!;
}
