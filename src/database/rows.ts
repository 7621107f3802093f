import { getMetadataArgsStorage } from 'typeorm';
import type { ColumnMetadataArgs } from 'typeorm/metadata-args/ColumnMetadataArgs';
import { snakeCase } from './naming';

type EntityClass<T> = new () => T;

const columns = new WeakMap<EntityClass<object>, ColumnMetadataArgs[]>();
const columnNames = new Map<string, string>();
const selectLists = new WeakMap<EntityClass<object>, Map<string, string>>();

/**
 * Returns the select list of an entity. It selects each column under the name of its property, so
 * a row already has the entity's properties.
 *
 * @param alias the table's name or alias in the statement
 * @param prefix stands before each property's name, for rows that hold more than one entity; see
 *   {@link pickEntity}. Default: none
 */
export function columnsOf(entity: EntityClass<object>, alias: string, prefix = ''): string {
  const lists = selectLists.get(entity) ?? new Map<string, string>();
  selectLists.set(entity, lists);
  const known = lists.get(prefix + alias);
  if (known !== undefined) return known;
  const list = columnsIn(entity)
    .map(
      (column) =>
        `${alias}.${column.options.name ?? snakeCase(column.propertyName)}` +
        ` as "${prefix}${column.propertyName}"`,
    )
    .join(', ');
  lists.set(prefix + alias, list);
  return list;
}

/**
 * Makes an entity from a row that was selected by {@link columnsOf}. Further columns of the row are
 * copied to it as well.
 */
export function toEntity<T extends object>(entity: EntityClass<T>, row: object): T {
  return Object.assign(new entity(), row);
}

/**
 * Makes an entity from the columns of a row that have the prefix. The row's other columns are
 * ignored.
 */
export function pickEntity<T extends object>(entity: EntityClass<T>, row: object, prefix = ''): T {
  const picked = new entity() as Record<string, unknown>;
  for (const { propertyName } of columnsIn(entity))
    picked[propertyName] = (row as Record<string, unknown>)[prefix + propertyName];
  return picked as T;
}

/**
 * Makes an entity from its row as Postgres' `to_json` renders it. For null, every property of the
 * entity is null. This serves frequent statements that return whole rows, because the driver reads
 * one JSON value faster than a dozen columns.
 */
export function entityFromJson<T extends object>(
  entity: EntityClass<T>,
  json: Record<string, unknown> | null,
): T {
  const made = new entity() as Record<string, unknown>;
  for (const { propertyName, options } of columnsIn(entity)) {
    const value = json?.[options.name ?? columnName(propertyName)] ?? null;
    made[propertyName] =
      options.type === 'timestamptz' && value !== null ? new Date(value as string) : value;
  }
  return made as T;
}

function columnName(propertyName: string): string {
  const known = columnNames.get(propertyName);
  if (known !== undefined) return known;
  const name = snakeCase(propertyName);
  columnNames.set(propertyName, name);
  return name;
}

function columnsIn(entity: EntityClass<object>): ColumnMetadataArgs[] {
  const known = columns.get(entity);
  if (known) return known;
  const found = getMetadataArgsStorage().columns.filter((column) => column.target === entity);
  columns.set(entity, found);
  return found;
}

/**
 * Returns the row of each id, in the order of `ids`, with null for an id without a row. A
 * DataLoader's batch function must return this shape.
 */
export function inOrder<T>(
  ids: readonly string[],
  rows: readonly T[],
  idOf: (row: T) => string,
): (T | null)[] {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/**
 * Returns one list for each id, in the order of `ids`. It holds the id's rows in the order of
 * `rows`. A DataLoader of lists must return this shape. Each row must belong to one of the ids.
 */
export function groupBy<T>(
  rows: readonly T[],
  idOf: (row: T) => string,
  ids: readonly string[],
): T[][] {
  const groups = new Map<string, T[]>(ids.map((id) => [id, []]));
  for (const row of rows) groups.get(idOf(row))!.push(row);
  return ids.map((id) => groups.get(id)!);
}

/**
 * Splits the rows of one statement that answers several questions (`unnest(…) with ordinality as …
 * place`). Returns one list for each question, in the order of the questions. It holds the
 * question's rows in the order of `rows`. Equal questions each get a list of their own.
 *
 * @param rows each with the `place` of its question, counted from 1
 * @param questions the number of questions
 */
export function byPlace<T extends { place: string }>(rows: readonly T[], questions: number): T[][] {
  const groups = Array.from({ length: questions }, (): T[] => []);
  for (const row of rows) groups[Number(row.place) - 1]!.push(row);
  return groups;
}

/** Accepts small letters only, as in the ids that Parley makes, since ids are compared as texts. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * True when the text has the form of an id made by Parley. Any other text must not reach a
 * statement as an id.
 */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
