import { randomUUID } from 'node:crypto';
import { Client, type QueryConfig } from 'pg';

/** A statement as it was sent. */
export interface Sent {
  text: string;
  values: readonly unknown[];
}

/** What Postgres touched for a statement. */
export interface Touched {
  /** Rows that its scans read, those that a condition dropped afterwards included. */
  rows: number;
  /** Pages, each as often as it was looked at; those that a function read included. */
  pages: number;
}

interface PlanNode {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

const EXPLAINED = /^\s*\(*(select|with|insert|update|delete)\b/i;

/** The statements that `work` sends, but for those that begin and end transactions. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const query = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls
      .map(([sent, values]: unknown[]): Sent => {
        if (typeof sent === 'string')
          return { text: sent, values: Array.isArray(values) ? values : [] };
        const config = sent as QueryConfig;
        return { text: config.text, values: config.values ?? [] };
      })
      .filter(({ text }) => EXPLAINED.test(text));
  } finally {
    query.mockRestore();
  }
}

/** Executes the statement by its generic plan, and takes back what it has written. */
export async function touchedBy(client: Client, { text, values }: Sent): Promise<Touched> {
  const literals = values.map((value) =>
    value === null ? 'null' : client.escapeLiteral(textOf(value)),
  );
  await client.query('begin');
  try {
    // As in the sessions of the program.
    await client.query('set local plan_cache_mode = force_generic_plan');
    await client.query('set local enable_seqscan = off; set local jit = off');
    await client.query(`prepare looked_at as ${text}`);
    const { rows } = await client.query(
      `explain (analyze, buffers, format json) execute looked_at
       ${literals.length > 0 ? `(${literals.join(', ')})` : ''}`,
    );
    const root = rows[0]['QUERY PLAN'][0].Plan as PlanNode;
    return { rows: rowsOf(root), pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'] };
  } finally {
    await client.query('rollback');
    await client.query('deallocate all');
  }
}

/** A parameter as pg sends it. What was written under an id of its own gets another. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value).replace(/(?<="id":")[^"]+/g, () => randomUUID());
  return `{${value.map((one) => (one === null ? 'null' : JSON.stringify(one))).join(',')}}`;
}

function rowsOf(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, one) => sum + rowsOf(one), 0);
  if (node['Relation Name'] === undefined) return below;
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
  return below + each * node['Actual Loops'];
}
