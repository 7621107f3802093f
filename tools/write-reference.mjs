/**
 * Writes docs/guide/schema.md: everything in schema.graphql with its description, as a page to read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const types = Object.values(schema.getTypeMap()).filter(
  (type) =>
    !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !ROOTS.includes(type.name),
);

/** A description in one line, as a cell of a table wants it. */
const line = (text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
/** GitHub makes the anchor of a heading so. */
const anchorOf = (heading) => heading.toLowerCase().replaceAll('.', '');

/** A type as code, and as a link where this page has it. */
function linked(type) {
  const { name } = getNamedType(type);
  return isSpecifiedScalarType(getNamedType(type))
    ? `\`${type}\``
    : `[\`${type}\`](#${anchorOf(name)})`;
}

function withDefault(argument) {
  if (argument.defaultValue === undefined) return linked(argument.type);
  return `${linked(argument.type)}, by default \`${JSON.stringify(argument.defaultValue)}\``;
}

function argumentLines(field) {
  return field.args.map(
    (argument) =>
      `- \`${argument.name}\` (${withDefault(argument)}): ${line(argument.description)}`,
  );
}

function rootSection(name) {
  const type = schema.getType(name);
  const fields = Object.values(type.getFields());
  return [
    `## ${name}`,
    line(type.description),
    ...fields.flatMap((field) => [
      `### ${name}.${field.name}`,
      `${line(field.description ?? '')} Gives ${linked(field.type)}.`.trim(),
      argumentLines(field).join('\n'),
    ]),
  ];
}

function table(head, rows) {
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`]
    .concat(rows.map((cells) => `| ${cells.join(' | ')} |`))
    .join('\n');
}

function nameOf(field) {
  if (!field.args?.length) return `\`${field.name}\``;
  const names = field.args.map(({ name, type }) => `${name}: ${type}`);
  return `\`${field.name}(${names.join(', ')})\``;
}

function meaningOf(field) {
  const about = (field.args ?? []).map(
    ({ name, description }) => `\`${name}\`: ${line(description)}`,
  );
  return [line(field.description ?? ''), ...about].join(' ');
}

function typeSection(type) {
  const head = [`### ${type.name}`, line(type.description ?? '')];
  if (isEnumType(type))
    return [
      ...head,
      table(
        ['value', 'meaning'],
        type.getValues().map((value) => [`\`${value.name}\``, line(value.description ?? '')]),
      ),
    ];
  if (!isObjectType(type) && !isInputObjectType(type)) return head;
  const rows = Object.values(type.getFields()).map((field) => [
    nameOf(field),
    linked(field.type),
    meaningOf(field),
  ]);
  return [...head, table(['field', 'type', 'meaning'], rows)];
}

const kinds = [
  ['Objects', isObjectType],
  ['Inputs', isInputObjectType],
  ['Enums', isEnumType],
  ['Scalars', isScalarType],
];
const contents = [...ROOTS, ...kinds.map(([title]) => title)];
const parts = [
  '# Schema reference',
  'Made from [schema.graphql](../../schema.graphql) by `npm run schema`; do not edit it by hand. A `!` behind a type means never null, and brackets mean a list.',
  contents.map((title) => `- [${title}](#${anchorOf(title)})`).join('\n'),
  ...ROOTS.flatMap(rootSection),
  ...kinds.flatMap(([title, isKind]) => [
    `## ${title}`,
    ...types.filter(isKind).flatMap(typeSection),
  ]),
];
const target = process.argv[2] ?? 'docs/guide/schema.md';
writeFileSync(target, `${parts.filter((part) => part !== '').join('\n\n')}\n`);
