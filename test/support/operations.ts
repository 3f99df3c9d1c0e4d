import fc, { type GeneratorValue } from 'fast-check';
import {
  isCompositeType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  isInterfaceType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** Formulas as a parser should expect them: right ones, nearly right ones, and any text. */
export function formulas(symbols: readonly string[]): fc.Arbitrary<string> {
  const amount = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', '2', '3', '4', '12', '0.5', '1.25') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('0', '-1', '1e5', '.5', '2.', '1/3', 'x', '999999999', '0.0000001', '₂', '2+'),
    },
  );
  const { group } = fc.letrec<{ group: string }>((tie) => ({
    group: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.tuple(fc.constantFrom(...symbols), amount).map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom('()', '[]', '{}', '(]'), fc.array(tie('group'), { maxLength: 4 }), amount)
        .map(([brackets, inner, n]) => `${brackets[0]}${inner.join('')}${brackets[1]}${n}`),
    ),
  }));
  const written = fc
    .array(group, { minLength: 1, maxLength: 6 })
    .chain((groups) => fc.constantFrom('', '·', ' ', '.', '*', '-').map((joint) => groups.join(joint)));
  const damaged = fc
    .tuple(written, fc.nat(), fc.string({ unit: 'grapheme', maxLength: 3 }))
    .map(([text, at, noise]) => text.slice(0, at % (text.length + 1)) + noise + text.slice(at % (text.length + 1)));
  return fc.oneof(
    { weight: 6, arbitrary: written },
    { weight: 2, arbitrary: damaged },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 1_100 }) },
  );
}

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const TEXT = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '*',
    'Li-Fe-O',
    '*2O3',
    'AB2',
    'WzBd',
    '__proto__',
    "'; DROP TABLE materials; --",
    '%',
    '\\',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.base64String({ maxLength: 60 }),
);
const INTEGER = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 100, 101, 366, 2_147_483_647, -2_147_483_648) },
);
const FLOAT = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.1, 0.5, 0.9, 1, 300) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1e308, -1e308, 5e-324, 1e-9) },
);
/** What makes a search small enough to run by the thousand. */
const SMALL: Readonly<Record<string, fc.Arbitrary<number>>> = {
  maxCandidates: fc.constantFrom(1, 30),
  generations: fc.constantFrom(1, 2),
  populationSize: fc.constantFrom(2, 5),
  maxAtoms: fc.constantFrom(2, 4),
};

/** Operations of a schema: every field, argument and input may come up, with values that are mostly, not always, within bounds. */
export class OperationGenerator {
  private readonly formula: fc.Arbitrary<string>;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly symbols: readonly string[],
    private readonly ids: readonly string[],
  ) {
    this.formula = formulas(symbols);
  }

  operation(): fc.Arbitrary<Operation> {
    return fc.gen().map((draw) => new Draft(this.schema, this.symbols, this.ids, this.formula, draw).operation());
  }
}

class Draft {
  private readonly definitions: string[] = [];
  private readonly variables: Record<string, unknown> = {};
  private names = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly symbols: readonly string[],
    private readonly ids: readonly string[],
    private readonly formula: fc.Arbitrary<string>,
    private readonly draw: GeneratorValue,
  ) {}

  operation(): Operation {
    const mutation = this.schema.getMutationType();
    const kind = mutation && this.chance(0.1) ? 'mutation' : 'query';
    const root = kind === 'mutation' ? mutation! : this.schema.getQueryType()!;
    const selection = this.selection(root, this.draw(fc.integer, { min: 1, max: 5 }));
    const declared = this.definitions.length > 0 ? ` (${this.definitions.join(' ')})` : '';
    return { query: `${kind}${declared} ${selection}`, variables: this.variables };
  }

  private chance(p: number): boolean {
    return this.draw(fc.integer, { min: 0, max: 99 }) < p * 100;
  }
  private pick<T>(from: readonly T[]): T {
    return from[this.draw(fc.integer, { min: 0, max: from.length - 1 })]!;
  }

  private selection(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    if (fields.length === 0) return '{ __typename }';
    const count = this.draw(fc.integer, { min: 1, max: 4 });
    return `{ ${Array.from({ length: count }, () => this.field(this.pick(fields), depth)).join(' ')} }`;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const given = field.args.filter(
      (argument) => isNonNullType(argument.type) || argument.name in SMALL || this.chance(0.4),
    );
    const args = given.length > 0 ? `(${given.map((argument) => this.argument(argument)).join(', ')})` : '';
    const directive = this.chance(0.03) ? ` @include(if: ${this.pick(['true', 'false'])})` : '';
    const type = getNamedType(field.type);
    const below = isObjectType(type)
      ? this.selection(type, depth - 1)
      : isUnionType(type) || isInterfaceType(type)
        ? `{ __typename ${this.schema
            .getPossibleTypes(type)
            .map((one) => `... on ${one.name} ${this.selection(one, depth - 1)}`)
            .join(' ')} }`
        : '';
    return `f${this.names++}: ${field.name}${args}${directive} ${below}`;
  }

  private argument(argument: GraphQLArgument): string {
    const value = this.value(argument, argument.type);
    if (!this.chance(0.5)) return `${argument.name}: ${literal(value, argument.type)}`;
    const name = `v${this.names++}`;
    this.definitions.push(`$${name}: ${String(argument.type)}`);
    this.variables[name] = value;
    return `${argument.name}: $${name}`;
  }

  private value(of: GraphQLArgument | GraphQLInputField, type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.value(of, type.ofType);
    if (isListType(type))
      return Array.from({ length: this.draw(fc.integer, { min: 0, max: 4 }) }, () => this.value(of, type.ofType));
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      // A one-of by convention (DesignSpaceInput) is mostly given one field.
      const only = /^DesignSpace/.test(type.name) && this.chance(0.9) ? this.pick(fields) : null;
      const given = fields.filter((field) =>
        only ? field === only : isNonNullType(field.type) || field.name in SMALL || this.chance(0.3),
      );
      return Object.fromEntries(given.map((field) => [field.name, this.value(field, field.type)]));
    }
    switch (type.name) {
      case 'Int':
        return this.draw(() => SMALL[of.name] ?? INTEGER);
      case 'Float':
        return this.draw(() => FLOAT);
      case 'Boolean':
        return this.chance(0.5);
      case 'ID':
        return this.chance(0.8) ? this.pick(this.ids) : this.draw(() => TEXT);
      case 'String':
        if (/formula|parents|composition|components/i.test(of.name) && this.chance(0.9))
          return this.draw(() => this.formula);
        if (/element|all|any|none|only|required/i.test(of.name) && this.chance(0.9)) return this.pick(this.symbols);
        return this.draw(() => TEXT);
      default:
        return '2026-03-01T12:00:00.000Z';
    }
  }
}

/** A value as GraphQL writes it. JSON and GraphQL write strings alike, but for what lies beyond the basic plane and stands unescaped in both. */
function literal(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isListType(type)) return `[${(value as unknown[]).map((one) => literal(one, type.ofType)).join(', ')}]`;
  if (isEnumType(type)) return String(value);
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return `{ ${Object.entries(value as object)
      .map(([name, one]) => `${name}: ${literal(one, fields[name]!.type)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}
