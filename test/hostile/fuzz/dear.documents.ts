import type { Dice } from './dice';

const many = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');

/** Documents that are made to keep a parser, a validator or a measurement busy. */
const DEAR: readonly ((dice: Dice) => string)[] = [
  (dice) =>
    `{ ${many(dice.between(10, 550), (at) => `...F${at}`)} } ${many(550, (at) => `fragment F${at} on Query { me { id } }`)}`,
  (dice) => {
    const count = dice.between(2, 40);
    return `{ ...F0 } ${many(count, (at) => `fragment F${at} on Query { a: me { id } ...F${(at + 1) % count} }`)}`;
  },
  (dice) => {
    const count = dice.between(2, 60);
    return `{ me { ...F0 } } ${many(count, (at) => `fragment F${at} on User { a: presence { user { ...F${at + 1} } } b: presence { user { ...F${at + 1} } } }`)} fragment F${count} on User { id }`;
  },
  (dice) => `{ ${'me { presence { user { '.repeat(dice.between(1, 400))} id`,
  (dice) => {
    const levels = dice.between(1, 400);
    return `{ me ${'{ presence { user '.repeat(levels)} { id } ${'} }'.repeat(levels)} }`;
  },
  (dice) => `{ ${many(dice.between(1, 700), (at) => `a${at}: me { id }`)} }`,
  (dice) => `{ ${'me { id username } '.repeat(dice.between(2, 900))} }`,
  (dice) =>
    `query (${many(dice.between(1, 700), (at) => `$v${at}: ID!`)}) { ${many(30, (at) => `a${at}: user(id: $v${at}) { id }`)} }`,
  (dice) => many(dice.between(1, 400), (at) => `query Q${at} { me { id } }`),
  (dice) => `{ me { id ${'@include(if: true) '.repeat(dice.between(2, 700))} } }`,
  (dice) => `${'\n'.repeat(dice.between(1, 200_000))}{ ${many(9, (at) => `unknown${at}`)} }`,
  (dice) => `{ conversation(id: ${'['.repeat(dice.between(1, 2_400))}`,
  (dice) => `{ user(id: "${'\\u0000'.repeat(dice.between(1, 20_000))}") { id } }`,
  (dice) => `{ user(id: """${'\n "" '.repeat(dice.between(1, 20_000))}""") { id } }`,
  (dice) => `# ${'x'.repeat(dice.between(1, 200_000))}\n{ me { id } }`,
  (dice) => `{ ${'x'.repeat(dice.between(1, 200_000))} }`,
  () =>
    '{ conversations(first: 100) { nodes { messages(first: 100) { nodes { conversation { messages(first: 100) { nodes { id } } } } } } } }',
  () =>
    '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
  () => '{ __type(name: "__proto__") { name } __typename }',
  () => 'subscription { __typename }',
  () => 'subscription { inboxUpdated { id } @skip(if: true) }',
  () => 'subscription { inboxUpdated @skip(if: true) { id } }',
  () => 'subscription ($x: Boolean! = true) { ... @include(if: $x) { inboxUpdated { id } } }',
  () => 'subscription ($x: Boolean = true) { inboxUpdated @include(if: $x) { id } }',
  () => 'subscription { inboxUpdated { id @skip(if: true) } }',
  () => 'subscription { ...F } fragment F on Subscription { ...F inboxUpdated { id } }',
  () => '',
  () => '#',
  () => '\ufeff{ me { id } }',
];

export function dearDocument(dice: Dice): string {
  return dice.pick(DEAR)(dice);
}
