import { isDeepStrictEqual } from 'node:util';
import { Prisma } from '../generated/client';
import type { ValueCriterion } from './material-criteria';
import { type ValueColumn, valueTable } from './property-values';

/** One key of an order. Materials without a value come last, in either direction. */
export type OrderTerm = { readonly descending: boolean } & (
  | { readonly field: 'FORMULA' | 'ELEMENT_COUNT' | 'CREATED_AT' | 'DENSITY' }
  | { readonly field: 'VALUE'; readonly column: ValueColumn }
);

/** The value of a row under one term: a text for FORMULA, microseconds since 1970 for CREATED_AT, a number for the rest. */
export type OrderValue = string | number | null;

/** Where a row stands: its values under the terms in turn, and its id, which decides between equals. */
export interface Position {
  readonly values: readonly OrderValue[];
  readonly id: string;
}

interface Term {
  readonly join: Prisma.Sql;
  readonly expression: Prisma.Sql;
  /** As a number or text that JSON carries exactly. */
  readonly selected: Prisma.Sql;
  readonly bound: (value: string | number) => Prisma.Sql;
  readonly nullable: boolean;
  readonly descending: boolean;
  /** The id beside the value in the term's index, if it has one. */
  readonly id: Prisma.Sql;
  readonly indexedWithId: boolean;
}

/** A stretch of the order that an index delivers: rows with, or without, a value under the first term. */
export type Segment = 'present' | 'absent';

/** How materials are ordered, in SQL. `backwards` reads the same order from its end. */
export class MaterialOrder {
  private readonly terms: readonly Term[];
  private readonly firstColumn: ValueColumn | null;

  constructor(terms: readonly OrderTerm[]) {
    this.terms = terms.map(compile);
    this.firstColumn = terms[0]?.field === 'VALUE' ? terms[0].column : null;
  }

  /** Those of the criteria that are about the first term's own values: `bounds` makes them ends of the walk through its index. */
  ranges(values: readonly ValueCriterion[]): { readonly own: ValueCriterion[]; readonly others: ValueCriterion[] } {
    const isOwn = ({ column }: ValueCriterion): boolean => isDeepStrictEqual(column, this.firstColumn);
    return { own: values.filter(isOwn), others: values.filter((value) => !isOwn(value)) };
  }

  /** Only what can have no value falls into two. */
  get segments(): readonly Segment[] {
    return this.terms[0]?.nullable ? ['present', 'absent'] : ['present'];
  }

  get joins(): Prisma.Sql {
    return Prisma.join([Prisma.empty, ...this.terms.map(({ join }) => join)], ' ');
  }

  /** A further column: the values of Position, as JSON. None without terms. */
  get selected(): Prisma.Sql {
    if (this.terms.length === 0) return Prisma.empty;
    return Prisma.sql`, jsonb_build_array(${list(this.terms.map(({ selected }) => selected))}) AS position`;
  }

  /** What all of the segment has in common, within the ranges; null if nothing of it lies within them. */
  within(segment: Segment, ranges: readonly ValueCriterion[]): Prisma.Sql[] | null {
    const [first] = this.terms;
    if (ranges.length > 0 && segment === 'absent') return null;
    const bounds = ranges.flatMap(({ min, max }) => [
      ...(min === undefined ? [] : [Prisma.sql`${first!.expression} >= ${min}::float8`]),
      ...(max === undefined ? [] : [Prisma.sql`${first!.expression} <= ${max}::float8`]),
    ]);
    if (first?.nullable) {
      bounds.push(
        segment === 'present' ? Prisma.sql`${first.expression} IS NOT NULL` : Prisma.sql`${first.expression} IS NULL`,
      );
    }
    return bounds;
  }

  /** Null if nothing of the segment lies between them: all of it, or nothing, lies behind a position in another one. */
  between(segment: Segment, after: Position | null, before: Position | null): Prisma.Sql[] | null {
    const [first] = this.terms;
    const bounds: Prisma.Sql[] = [];
    for (const [position, forward] of [
      [after, true],
      [before, false],
    ] as const) {
      if (position === null) continue;
      const there: Segment = first?.nullable && position.values[0] === null ? 'absent' : 'present';
      if (there === segment) bounds.push(this.beyond(position, segment, forward));
      else if ((there === 'absent') === forward) return null;
    }
    return bounds;
  }

  orderBy(segment: Segment, backwards: boolean): Prisma.Sql {
    const terms = segment === 'absent' ? this.terms.slice(1) : this.terms;
    const keys = terms.map(({ expression, descending, nullable }, i) => {
      const direction = descending !== backwards ? Prisma.sql`DESC` : Prisma.sql`ASC`;
      // The first has no nulls in its segment: said so, the index could not be read backwards.
      if (!nullable || (i === 0 && segment === 'present')) return Prisma.sql`${expression} ${direction}`;
      return Prisma.sql`${expression} ${direction} ${backwards ? Prisma.sql`NULLS FIRST` : Prisma.sql`NULLS LAST`}`;
    });
    const id =
      this.idDescending !== backwards ? Prisma.sql`${this.id(segment)} DESC` : Prisma.sql`${this.id(segment)} ASC`;
    return list([...keys, id]);
  }

  /** Ids run in the direction of the first term, so that one index serves both. */
  private get idDescending(): boolean {
    return this.terms[0]?.descending ?? false;
  }

  private id(segment: Segment): Prisma.Sql {
    return segment === 'present' && this.terms[0] ? this.terms[0].id : Prisma.sql`m.id`;
  }

  /** Rows behind (or, not `forward`, before) a position in the same segment. */
  private beyond({ values, id }: Position, segment: Segment, forward: boolean): Prisma.Sql {
    const skipped = segment === 'absent' ? 1 : 0;
    const terms = this.terms.slice(skipped);
    const rest = values.slice(skipped);
    const idExpression = this.id(segment);
    const up = (descending: boolean): boolean => descending !== forward;
    const idBeyond = compare(idExpression, up(this.idDescending), Prisma.sql`${id}::uuid`);
    const [term] = terms;
    const [value] = rest;
    if (term === undefined) return idBeyond;
    const firstIsPresent = segment === 'present' && value != null;
    // What the conditions below imply, in a form that an index over the value alone can be entered with.
    const edge = (beyond: Prisma.Sql): Prisma.Sql =>
      Prisma.sql`${term.expression} ${up(term.descending) ? Prisma.sql`>=` : Prisma.sql`<=`} ${term.bound(value!)} AND ${beyond}`;
    if (terms.length === 1 && firstIsPresent) {
      // As a row, so that an index over both is entered at the position.
      const beyond = compare(
        Prisma.sql`(${term.expression}, ${idExpression})`,
        up(term.descending),
        Prisma.sql`(${term.bound(value)}, ${id}::uuid)`,
      );
      return term.indexedWithId ? beyond : edge(beyond);
    }
    const alternatives = terms.map((_, i) => {
      const equal = terms.slice(0, i).map((earlier, j) => equals(earlier, rest[j] ?? null));
      return all([...equal, behind(terms[i]!, rest[i] ?? null, forward)]);
    });
    alternatives.push(all([...terms.map((each, i) => equals(each, rest[i] ?? null)), idBeyond]));
    const any = Prisma.sql`(${Prisma.join(alternatives, ' OR ')})`;
    return firstIsPresent ? edge(any) : any;
  }
}

function compile(term: OrderTerm, i: number): Term {
  const { descending } = term;
  const plain = { join: Prisma.empty, descending, id: Prisma.sql`m.id`, indexedWithId: true };
  const number = (value: string | number) => Prisma.sql`${value}::float8`;
  switch (term.field) {
    case 'FORMULA': {
      const expression = Prisma.sql`c.formula`;
      const bound = (value: string | number) => Prisma.sql`${value}::text`;
      return { ...plain, expression, selected: expression, nullable: false, bound, indexedWithId: false };
    }
    case 'ELEMENT_COUNT': {
      const expression = Prisma.sql`m.element_count`;
      return { ...plain, expression, selected: expression, nullable: false, bound: (v) => Prisma.sql`${v}::int` };
    }
    case 'CREATED_AT':
      return {
        ...plain,
        expression: Prisma.sql`m.created_at`,
        selected: Prisma.sql`(extract(epoch FROM m.created_at) * 1000000)::int8`,
        nullable: false,
        bound: (v) => Prisma.sql`timestamptz 'epoch' + ${v}::float8 * interval '1 microsecond'`,
      };
    case 'DENSITY': {
      const expression = Prisma.sql`m.density`;
      return { ...plain, expression, selected: expression, nullable: true, bound: number };
    }
    case 'VALUE': {
      const name = `o${i}`;
      const { table, on } = valueTable(term.column, name);
      const expression = Prisma.raw(`${name}.value`);
      return {
        ...plain,
        join: Prisma.sql`LEFT JOIN ${table} ON ${on}`,
        expression,
        selected: expression,
        nullable: true,
        bound: number,
        id: term.column.kind === 'MEASURED' ? Prisma.raw(`${name}.material_id`) : plain.id,
        indexedWithId: term.column.kind === 'MEASURED',
      };
    }
  }
}

function equals({ expression, bound }: Term, value: OrderValue): Prisma.Sql {
  return value === null ? Prisma.sql`${expression} IS NULL` : Prisma.sql`${expression} = ${bound(value)}`;
}

/** The term alone puts the row behind, or before, one with this value; no value is last. */
function behind({ expression, bound, nullable, descending }: Term, value: OrderValue, forward: boolean): Prisma.Sql {
  if (value === null) return forward ? Prisma.sql`FALSE` : Prisma.sql`${expression} IS NOT NULL`;
  const beyond = compare(expression, descending !== forward, bound(value));
  return nullable && forward ? Prisma.sql`(${beyond} OR ${expression} IS NULL)` : beyond;
}

const compare = (left: Prisma.Sql, greater: boolean, right: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`${left} ${greater ? Prisma.sql`>` : Prisma.sql`<`} ${right}`;

const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.sql`(${Prisma.join([...conditions], ' AND ')})`;

const list = (items: readonly Prisma.Sql[]): Prisma.Sql =>
  items.length === 0 ? Prisma.empty : Prisma.join([...items], ', ');
