/** Figures beside each other, for people. */
export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** Bars of peers side by side, or lines over a growing size. */
export interface Chart {
  /** The file's name, without its ending. */
  name: string;
  title: string;
  unit: string;
  kind: 'bars' | 'lines';
  /** Of the groups of bars, or of the places on the horizontal axis. */
  labels: readonly string[];
  /** Null: not measured. */
  series: readonly { name: string; values: readonly (number | null)[] }[];
}

export type Fields = { [name: string]: number | string | boolean | null | Fields };

/** What a scenario found out. */
export interface Outcome {
  /** What was measured and how, in a few sentences. */
  about: string;
  /** What `--json` says. */
  fields: Fields;
  tables: readonly Table[];
  charts: readonly Chart[];
}
