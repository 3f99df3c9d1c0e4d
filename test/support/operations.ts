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
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { fromGlobalId, toGlobalId, type NodeType } from '../../schema';
import { Texts } from './texts';

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The name that each of its fields is answered under, and which field it is: `Type.field`. */
  readonly fields: ReadonlyMap<string, string>;
}

const KEPT_IDS = 16;

/** Ids that a client could know: it learns them from answers, and asks for their like. */
export class KnownIds {
  private readonly byType = new Map<NodeType, string[]>();

  /** Every global id in an answer; of each type the first few stay, for what was prepared. */
  learn(answer: unknown): void {
    if (typeof answer === 'object' && answer !== null) for (const part of Object.values(answer)) this.learn(part);
    if (typeof answer !== 'string') return;
    const type = fromGlobalId(answer)?.type;
    if (type === undefined) return;
    const ids = this.byType.get(type) ?? [];
    if (!ids.includes(answer)) ids.push(answer);
    if (ids.length > KEPT_IDS) ids.splice(KEPT_IDS / 2, 1);
    this.byType.set(type, ids);
  }

  /** Of the type that a place's name ends with, as `cancelCampaign.id` or `CreateCampaignInput.webhookId`; of any if it names none. */
  likelyAt(place: string): readonly string[] {
    const types = [...this.byType.keys()];
    const at = (type: string) => place.toLowerCase().lastIndexOf(type.toLowerCase());
    const [named] = types.filter((type) => at(type) >= 0).sort((a, b) => at(b) - at(a));
    return (named && this.byType.get(named)) ?? this.any();
  }

  any(): readonly string[] {
    const missing = toGlobalId('ApiKey', '00000000-0000-4000-8000-000000000000');
    return [...[...this.byType.values()].flat(), missing, 'nonsense', ''];
  }
}

const INTEGER = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 100, 101, 366, 2_147_483_647, -2_147_483_648) },
);
const FLOAT = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0.1, 0.25, 0.5, 0.9, 1) },
  { weight: 1, arbitrary: fc.constantFrom(300, 0, -1, 1e308, -1e308, 5e-324, 1e-9) },
);
/** What makes a search small enough to run by the thousand. */
const SMALL: Readonly<Record<string, fc.Arbitrary<number>>> = {
  maxCandidates: fc.constantFrom(1, 30),
  generations: fc.constantFrom(1, 2),
  populationSize: fc.constantFrom(4, 5),
  maxAtoms: fc.constantFrom(2, 4),
};

/** Without this fast-check prefers the ends of a range, and so the first and the last field of everything. */
const evenly = (count: number) => fc.noBias(fc.nat(count - 1));
/** Optional by type; without one of them a range is refused. */
const ENDS: Readonly<Record<string, fc.Arbitrary<number>>> = {
  min: fc.constantFrom(0, 0.1, 1),
  max: fc.constantFrom(1, 300),
};

/** Operations of a schema: every field, argument and input may come up, with values that are mostly, not always, within bounds. */
export class OperationGenerator {
  private readonly texts: Texts;

  constructor(
    private readonly schema: GraphQLSchema,
    symbols: readonly string[],
    private readonly ids: KnownIds,
  ) {
    this.texts = new Texts(symbols);
  }

  operation(): fc.Arbitrary<Operation> {
    return fc.gen().map((draw) => new Draft(this.schema, this.texts, this.ids, draw).operation());
  }
}

class Draft {
  private readonly definitions: string[] = [];
  private readonly variables: Record<string, unknown> = {};
  private readonly fields = new Map<string, string>();
  private names = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly texts: Texts,
    private readonly ids: KnownIds,
    private readonly draw: GeneratorValue,
  ) {}

  operation(): Operation {
    const mutation = this.schema.getMutationType();
    const kind = mutation && this.chance(0.1) ? 'mutation' : 'query';
    const root = kind === 'mutation' ? mutation! : this.schema.getQueryType()!;
    const selection = this.selection(root, this.draw(fc.integer, { min: 1, max: 5 }));
    const declared = this.definitions.length > 0 ? ` (${this.definitions.join(' ')})` : '';
    return { query: `${kind}${declared} ${selection}`, variables: this.variables, fields: this.fields };
  }

  private chance(p: number): boolean {
    return this.draw(evenly, 100) < p * 100;
  }
  private pick<T>(from: readonly T[]): T {
    return from[this.draw(evenly, from.length)]!;
  }

  /** How often an optional value is given. Half of all are sparse: the more is said at random, the surer some of it is refused. */
  private generosity(): number {
    return this.chance(0.7) ? 0.03 : 0.35;
  }

  private selection(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    if (fields.length === 0) return '{ __typename }';
    const count = this.draw(fc.integer, { min: 1, max: 4 });
    return `{ ${Array.from({ length: count }, () => this.field(type, this.pick(fields), depth)).join(' ')} }`;
  }

  private field(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string {
    const optional = this.generosity();
    const given = field.args.filter(
      (argument) => isNonNullType(argument.type) || argument.name in SMALL || this.chance(optional),
    );
    const args = given.length > 0 ? `(${given.map((argument) => this.argument(field, argument)).join(', ')})` : '';
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
    const answeredAs = `f${this.names++}`;
    this.fields.set(answeredAs, `${parent.name}.${field.name}`);
    return `${answeredAs}: ${field.name}${args}${directive} ${below}`;
  }

  private argument(field: GraphQLField<unknown, unknown>, argument: GraphQLArgument): string {
    const value = this.value(`${field.name}.${argument.name}`, argument.type);
    if (!this.chance(0.5)) return `${argument.name}: ${literal(value, argument.type)}`;
    const name = `v${this.names++}`;
    this.definitions.push(`$${name}: ${String(argument.type)}`);
    this.variables[name] = value;
    return `${argument.name}: $${name}`;
  }

  /** @param place `field.argument` or `InputType.field` */
  private value(place: string, type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.value(place, type.ofType);
    if (isListType(type)) {
      const length = this.chance(0.05) ? 0 : this.draw(fc.integer, { min: 1, max: 4 });
      return Array.from({ length }, () => this.value(place, type.ofType));
    }
    // A target and a range want values of their own, which come by chance.
    if (type === this.schema.getType('Goal') && this.chance(0.8)) return this.pick(['MAXIMIZE', 'MINIMIZE']);
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      // A one-of by convention (DesignSpaceInput) is mostly given one field.
      const only = /^DesignSpace/.test(type.name) && this.chance(0.9) ? this.pick(fields) : null;
      const optional = this.generosity();
      const given = fields.filter((field) =>
        only
          ? field === only
          : isNonNullType(field.type) ||
            field.name in SMALL ||
            this.chance(type.name !== 'ObjectiveInput' && field.name in ENDS ? 0.7 : optional),
      );
      return Object.fromEntries(
        given.map((field) => [field.name, this.value(`${type.name}.${field.name}`, field.type)]),
      );
    }
    switch (type.name) {
      case 'Int':
        return this.draw(() => SMALL[place.slice(place.indexOf('.') + 1)] ?? INTEGER);
      case 'Float':
        return this.draw(() => (this.chance(0.8) && ENDS[place.slice(place.indexOf('.') + 1)]) || FLOAT);
      case 'Boolean':
        return this.chance(0.5);
      case 'ID':
        return this.pick(this.chance(0.7) ? this.ids.likelyAt(place) : this.ids.any());
      case 'String':
        return this.draw(() => this.texts.at(place));
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
