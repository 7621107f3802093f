import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Dice } from './dice';
import type { Ids } from './scene';
import { garbled, oddJson, oddNumber, oddText, PROTOTYPE_NAMES, toJson } from './values';

/** An operation as a client would send it, or almost. */
export interface Operation {
  type: 'query' | 'mutation' | 'subscription';
  query: string;
  /** In JSON. */
  variables: string;
  operationName?: string;
}

const ALIASES = ['a', 'b', 'id', 'me', '__typename', ...PROTOTYPE_NAMES];
const UNKNOWN_DIRECTIVES = [
  ...['@deprecated', '@deprecated(reason: "x")', '@specifiedBy(url: "x")', '@oneOf', '@unknown'],
  ...['@skip', '@skip(if: "x")', '@skip(if: null)', '@include(if: 1)', '@include(unless: true)'],
];

/** Makes operations out of the schema: most are valid, some have one mistake or another. */
export class DocumentMaker {
  private fragments = new Map<string, { type: string; body: string }>();
  private variables = new Map<string, { type: string; value: unknown }>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly dice: Dice,
    private readonly ids: Ids,
    /** The likelihood of each single mistake. */
    private readonly mistakes = 0.02,
  ) {}

  operation(): Operation {
    const { dice } = this;
    const type = dice.weighted<Operation['type']>(
      [4, () => 'query'],
      [4, () => 'mutation'],
      [2, () => 'subscription'],
    );
    const root = this.schema.getRootType(type as never)!;
    const most = type === 'subscription' ? (this.isWrong() ? 3 : 1) : 3;
    const selection = this.rootSelection(root, most);
    const name = dice.pick(['', 'Q', 'Q', 'Me', ...(this.isWrong() ? PROTOTYPE_NAMES : [])]);
    const head = `${type} ${name}${this.declarations()}${this.isWrong() ? this.directives(1) : ''}`;
    const parts = [`${head} ${selection}`, ...this.fragmentTexts()];
    if (this.isWrong())
      parts.push(dice.pick(['query Other { me { id } }', '{ me { id } }', parts[0]!]));
    if (this.isWrong()) parts.push(dice.pick(['type A { a: Int }', 'fragment Z on User { id }']));
    const query = this.isWrong(3)
      ? garbled(dice, parts.join('\n'))
      : parts.join(dice.pick(['\n', ' ', '\r\n', ',']));
    return { type, query, variables: this.values(), ...this.name(name) };
  }

  /** True for a mistake, which is made seldom. */
  private isWrong(times = 1): boolean {
    return this.dice.chance(this.mistakes * times);
  }

  private name(name: string): { operationName?: string } {
    if (this.isWrong())
      return { operationName: this.dice.pick(['', 'Nobody', oddText(this.dice)]) };
    return name !== '' && this.dice.chance(0.5) ? { operationName: name } : {};
  }

  private rootSelection(root: GraphQLObjectType, most: number): string {
    const { dice } = this;
    const levels = dice.weighted<number>(
      [8, () => dice.between(1, 4)],
      [1, () => dice.between(5, 13)],
    );
    const fields = Object.values(root.getFields());
    const meta = ['__typename', '__schema { types { name } }', '__type(name: "User") { name }'];
    if (this.isWrong()) return `{ ${dice.pick(meta)} ${this.field(dice.pick(fields), levels)} }`;
    return dice.weighted<string>(
      [16, () => this.rootFields(fields, most, levels)],
      [
        1,
        () =>
          `{ ... on ${root.name}${this.directives(0.3)} ${this.rootFields(fields, most, levels)} }`,
      ],
      [
        1,
        () =>
          `{ ...${this.fragment(root.name, [dice.pick(fields)], levels)}${this.directives(0.3)} }`,
      ],
    );
  }

  private rootFields(
    fields: readonly GraphQLField<unknown, unknown>[],
    most: number,
    levels: number,
  ) {
    const chosen = new Set(this.dice.times(1, most, () => this.dice.pick(fields)));
    return `{ ${[...chosen].map((field) => this.field(field, levels)).join(' ')} }`;
  }

  private field(field: GraphQLField<unknown, unknown>, levels: number): string {
    const { dice } = this;
    const alias = dice.chance(0.08) ? `${dice.pick(ALIASES)}: ` : '';
    const name = this.isWrong() ? dice.pick([`${field.name}s`, '__proto__', 'x']) : field.name;
    const type = getNamedType(field.type);
    const below =
      isObjectType(type) !== this.isWrong() ? ` ${this.selection(type, levels - 1)}` : '';
    return `${alias}${name}${this.arguments(field.args)}${this.directives(0.06)}${below}`;
  }

  private selection(type: GraphQLNamedType, levels: number): string {
    const { dice } = this;
    if (!isObjectType(type)) return '{ id }';
    const all = Object.values(type.getFields());
    const leaves = all.filter((field) => !isObjectType(getNamedType(field.type)));
    const from = levels > 0 || leaves.length === 0 ? all : leaves;
    return dice.weighted<string>(
      [14, () => this.fields(from, 4, levels)],
      [1, () => this.inline(` on ${this.isWrong() ? 'Query' : type.name}`, from, levels)],
      [1, () => this.inline('', from, levels)],
      [2, () => `{ ...${this.fragment(type.name, from, levels)}${this.directives(0.1)} }`],
    );
  }

  /** A selection of some of the fields, most of them different ones. */
  private fields(from: readonly GraphQLField<unknown, unknown>[], most: number, levels: number) {
    const { dice } = this;
    const chosen = dice.times(1, most, () => dice.pick(from));
    const texts = [...new Set(chosen)].map((field) => this.field(field, levels));
    if (this.isWrong()) texts.push(texts[0]!, this.field(chosen[0]!, levels));
    if (dice.chance(0.1)) texts.push('__typename');
    return `{ ${texts.join(' ')} }`;
  }

  private inline(on: string, from: readonly GraphQLField<unknown, unknown>[], levels: number) {
    return `{ ...${on}${this.directives(0.3)} ${this.fields(from, 4, levels)} }`;
  }

  /** Names a fragment that is there, or makes one. */
  private fragment(
    type: string,
    from: readonly GraphQLField<unknown, unknown>[],
    levels: number,
  ): string {
    const known = [...this.fragments].filter(([, fragment]) => fragment.type === type);
    if (known.length > 0 && this.dice.chance(0.4)) return this.dice.pick(known)[0];
    const body = this.fields(from, 4, levels);
    const name = `F${this.fragments.size}`;
    const within = this.isWrong()
      ? body.replace('{', `{ ...${this.dice.pick(['F0', name, 'None'])} `)
      : body;
    this.fragments.set(name, { type, body: within });
    return name;
  }

  private fragmentTexts(): string[] {
    return [...this.fragments].map(
      ([name, { type, body }]) => `fragment ${name} on ${type} ${body}`,
    );
  }

  private directives(likelihood: number): string {
    const { dice } = this;
    if (this.isWrong())
      return ` ${dice.times(1, 3, () => dice.pick(UNKNOWN_DIRECTIVES)).join(' ')}`;
    if (!dice.chance(likelihood)) return '';
    const names = dice.chance(0.8) ? [dice.pick(['skip', 'include'])] : ['include', 'skip'];
    const made = names.map((name) => {
      const value = dice.weighted<string>(
        [3, () => String(dice.chance(0.5))],
        [2, () => this.variable('Boolean!', dice.chance(0.5))],
        // A null at run time, where the type would not have allowed one.
        [1, () => this.variable('Boolean = true', dice.pick([null, true, false]))],
      );
      return `@${name}(if: ${value})`;
    });
    return ` ${made.join(' ')}`;
  }

  private arguments(args: readonly GraphQLArgument[]): string {
    const { dice } = this;
    const given = args.filter(({ type, defaultValue }) =>
      isNonNullType(type) && defaultValue === undefined ? !this.isWrong() : dice.chance(0.4),
    );
    const texts = given.map(({ name, type }) => `${name}: ${this.argument(name, type)}`);
    if (this.isWrong()) texts.push(dice.pick(['odd: 1', 'id: "x"', '__proto__: null', ...texts]));
    return texts.length > 0 ? `(${texts.join(dice.pick([', ', ' ']))})` : '';
  }

  private argument(name: string, type: GraphQLInputType): string {
    const { dice } = this;
    const value = this.value(name, type);
    if (dice.chance(0.5))
      return this.variable(
        this.isWrong() ? dice.pick(['Int', 'String!', '[ID]', 'User', 'Nothing']) : String(type),
        value,
      );
    return this.literal(value, type);
  }

  private variable(type: string, value: unknown): string {
    const name = this.isWrong() ? this.dice.pick(PROTOTYPE_NAMES) : `v${this.variables.size}`;
    if (!this.isWrong()) this.variables.set(name, { type, value });
    return `$${name}`;
  }

  private declarations(): string {
    if (this.variables.size === 0) return '';
    const all = [...this.variables].map(([name, { type }]) => `$${name}: ${type}`);
    if (this.isWrong())
      all.push(this.dice.pick(['$unused: Int', '$v0: Int', '$odd: JSON = {a: 1}']));
    return `(${all.join(', ')})`;
  }

  private values(): string {
    const { dice } = this;
    if (this.isWrong()) return toJson(oddJson(dice));
    const given = [...this.variables].filter(() => !this.isWrong());
    const all = given.map(([name, { value }]) => {
      const told = this.isWrong(2) ? oddJson(dice) : value;
      return `${JSON.stringify(name)}:${toJson(told)}`;
    });
    return `{${all.join(',')}}`;
  }

  /** A value as it fits, or nearly. */
  private value(name: string, type: GraphQLInputType, isRequired = false): unknown {
    const { dice } = this;
    if (isNonNullType(type)) return this.isWrong() ? null : this.value(name, type.ofType, true);
    if (this.isWrong(2)) return oddJson(dice);
    if (!isRequired && dice.chance(0.05)) return null;
    if (isListType(type)) {
      const most = dice.chance(0.05) ? 60 : 3;
      return dice.times(name === 'items' ? 1 : 0, most, () => this.value(name, type.ofType));
    }
    if (isInputObjectType(type)) return this.inputObject(type.getFields());
    if (isEnumType(type)) return dice.pick(type.getValues()).name;
    return this.scalar(name, getNamedType(type).name);
  }

  private inputObject(fields: Record<string, { name: string; type: GraphQLInputType }>): object {
    const made: Record<string, unknown> = Object.create(null);
    for (const { name, type } of Object.values(fields))
      if (isNonNullType(type) ? !this.isWrong() : this.dice.chance(0.35))
        made[name] = this.value(name, type);
    if (this.isWrong()) made[this.dice.pick(PROTOTYPE_NAMES)] = oddJson(this.dice);
    return made;
  }

  private scalar(name: string, type: string): unknown {
    const { dice, ids } = this;
    if (type === 'ID') return this.id(name);
    if (type === 'Boolean') return dice.chance(0.5);
    if (type === 'Int' || type === 'SafeInt')
      return dice.chance(0.9) ? dice.between(0, 5) : oddNumber(dice);
    if (type === 'DateTime')
      return dice.chance(0.9)
        ? new Date(Date.now() + dice.between(-100, 3_000) * 60_000).toISOString()
        : oddText(dice);
    if (type === 'URL') return dice.chance(0.9) ? 'https://example.com/é?x=1' : oddText(dice);
    if (type === 'JSON') return oddJson(dice);
    if (name === 'currency') return dice.chance(0.8) ? 'EUR' : oddText(dice);
    if (name === 'after' || name === 'before')
      return dice.chance(0.3) ? dice.pick(ids.cursors) : oddText(dice);
    return dice.chance(0.7) ? `text ${dice.below(10)}` : oddText(dice);
  }

  private id(name: string): unknown {
    const { dice, ids } = this;
    if (dice.chance(0.04)) return dice.chance(0.7) ? oddText(dice) : oddNumber(dice);
    const kind = /conversation/i.test(name)
      ? ids.conversations
      : /message|reply/i.test(name)
        ? ids.messages
        : /offer/i.test(name)
          ? ids.offers
          : name === 'id' || name === 'ids'
            ? dice.pick([ids.conversations, ids.offers, ids.users])
            : ids.users;
    return dice.pick(dice.chance(0.95) ? kind : ids.all);
  }

  /** Writes a value as GraphQL has it. */
  private literal(value: unknown, type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.literal(value, type.ofType);
    if (Array.isArray(value)) {
      const item = isListType(type) ? type.ofType : type;
      return `[${value.map((one) => this.literal(one, item)).join(', ')}]`;
    }
    if (typeof value === 'string') {
      const isName = isEnumType(type) && /^\w+$/.test(value);
      return isName && !this.isWrong() ? value : JSON.stringify(value);
    }
    if (typeof value !== 'object' || value === null) return toJson(value);
    const fields = isInputObjectType(type) ? type.getFields() : {};
    const texts = Object.entries(value).map(([key, one]) => {
      const name = /^[_A-Za-z]\w*$/.test(key) ? key : 'odd';
      return `${name}: ${this.literal(one, fields[key]?.type ?? type)}`;
    });
    return `{${texts.join(', ')}}`;
  }
}
