import { getMetadataArgsStorage } from 'typeorm';
import type { ColumnMetadataArgs } from 'typeorm/metadata-args/ColumnMetadataArgs';
import { snakeCase } from './naming';

type EntityClass<T> = new () => T;

const columns = new WeakMap<EntityClass<object>, ColumnMetadataArgs[]>();
const columnNames = new Map<string, string>();
const selectLists = new WeakMap<EntityClass<object>, Map<string, string>>();

/**
 * The select list of an entity, each column under its property's name, so that a row is the
 * entity's data as it comes.
 *
 * @param alias the table's name or alias in the statement
 * @param prefix before each property's name, for a row that holds more than one entity; see {@link
 *   pickEntity}
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

/** Makes an entity of a row selected by {@link columnsOf}; further columns come along. */
export function toEntity<T extends object>(entity: EntityClass<T>, row: object): T {
  return Object.assign(new entity(), row);
}

/**
 * Takes one entity out of a row that holds other things, too: those of its columns that begin with
 * the prefix.
 */
export function pickEntity<T extends object>(entity: EntityClass<T>, row: object, prefix = ''): T {
  const picked = new entity() as Record<string, unknown>;
  for (const { propertyName } of columnsIn(entity))
    picked[propertyName] = (row as Record<string, unknown>)[prefix + propertyName];
  return picked as T;
}

/**
 * Makes an entity of what Postgres' `to_json` makes of its row; of a null row an entity of nulls.
 * For a statement that returns whole rows often: one value is read faster than a dozen.
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
 * The entity of each id, in the order of `ids`; null where there is none. What a DataLoader must
 * answer.
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
 * The rows of each id, in the order of `ids` and, for each, in the order of `rows`. What a
 * DataLoader of lists must answer.
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
 * The rows of each of several questions put in one statement (`unnest(…) with ordinality as …
 * place`), in the order of the questions and, for each, of `rows`. Two may ask the same.
 */
export function byPlace<T extends { place: string }>(rows: readonly T[], questions: number): T[][] {
  const groups = Array.from({ length: questions }, (): T[] => []);
  for (const row of rows) groups[Number(row.place) - 1]!.push(row);
  return groups;
}

/** In small letters, as we give them out: ids are compared as texts too. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True when the text can be an id made by Parley. No other text reaches a statement as an id. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
