import type { PoolClient } from 'pg';
import { Prisma } from '../../../src/data/generated/client';
import { PreparedNames } from '../../../src/data/prepared-names';
import type { MaterialCriteria } from '../../../src/data/repositories/material-criteria';
import { MaterialOrder, type OrderTerm } from '../../../src/data/repositories/material-order';
import { planned, withValues } from '../../../src/data/repositories/material-plan';

describe('values in the text of a statement', () => {
  test.each<[string, Prisma.Sql, string]>([
    ['a list of words', Prisma.sql`elements @> ${['Ga', 'As']}::text[]`, "elements @> '{Ga,As}'::text[]"],
    ['numbers', Prisma.sql`n >= ${-3}::int AND x < ${1.5e-7}::float8`, "n >= '-3'::int AND x < '1.5e-7'::float8"],
    ['a list of numbers', Prisma.sql`n = ANY(${[221, 62]}::int[])`, "n = ANY('{221,62}'::int[])"],
    ['an empty list', Prisma.sql`elements <@ ${[]}::text[]`, "elements <@ '{}'::text[]"],
    ['plain text', Prisma.sql`name = ${'a $1 {b, "c"};--'}`, `name = 'a $1 {b, "c"};--'`],
    ['an empty text', Prisma.sql`name = ${''}`, "name = ''"],
    ['no value', Prisma.sql`TRUE`, 'TRUE'],
  ])('%s', (_, sql, text) => {
    expect(withValues(sql)).toMatchObject({ text, values: [] });
  });

  test.each<[string, unknown]>([
    ['a quote', "a' OR 'a"],
    ['a backslash', 'a\\'],
    ['a brace within a list', ['a}', 'b']],
    ['a comma within a list', ['a,b']],
    ['NULL in a list, which would be no text', ['null']],
    ['nothing within a list', ['']],
    ['a space within a list', ['a b']],
    ['a line', 'a\n'],
    ['another alphabet', 'Фe'],
    ['a date', new Date(0)],
    ['no value', null],
    ['a long text', 'a'.repeat(3_000)],
  ])('none with %s', (_, value) => {
    expect(withValues(Prisma.sql`x = ${value}`)).toBeNull();
  });
});

describe('which searches are prepared', () => {
  const byDensity = { field: 'DENSITY', descending: true } as const;
  const gap = { column: { kind: 'MEASURED', property: 'BAND_GAP' }, min: 1 } as const;

  test.each<[string, string, MaterialCriteria, OrderTerm[]?]>([
    ['everything', 'repeated', {}],
    ['one chemical system', 'always', { chemicalSystems: ['Fe-O'] }],
    ['one chemical system in an order', 'repeated', { chemicalSystems: ['Fe-O'] }, [byDensity]],
    ['one chemical system and a count', 'repeated', { chemicalSystems: ['Fe-O'], minElementCount: 2 }],
    ['one chemical system and a value', 'repeated', { chemicalSystems: ['Fe-O'], values: [gap] }],
    ['two chemical systems', 'repeated', { chemicalSystems: ['Fe-O', 'Al-O'] }],
    ['a source by a name with a quote', 'never', { sourceNames: ["O'Brien"] }],
  ])('%s: %s', (_, prepared, criteria, terms = []) => {
    const order = new MaterialOrder(terms);
    const search = planned(order.joins, { values: [], ...criteria }, terms, order.within('present', [])!);
    expect(search.prepared).toBe(prepared);
    expect(search.conditions.values).toHaveLength(prepared === 'repeated' ? 0 : 1);
  });

  test('a range of the order and the property that it is of are in the text', () => {
    const terms = [{ field: 'VALUE', descending: true, column: gap.column }] as const;
    const order = new MaterialOrder(terms);
    const search = planned(order.joins, { values: [] }, terms, order.within('present', [gap])!);
    expect(search.prepared).toBe('repeated');
    expect(search.joins.text).toContain("property = 'BAND_GAP'");
    expect(search.conditions.text).toContain("value >= '1'::float8");
  });
});

describe('names of prepared statements', () => {
  test('are given at once to what is always asked, to the rest the second time', () => {
    const names = new PreparedNames();
    expect(names.nameOf('a', true)).toBe(names.nameOf('a', true));
    expect(names.nameOf('b', false)).toBeUndefined();
    const name = names.nameOf('b', false);
    expect(name).toBeDefined();
    expect(names.nameOf('b', false)).toBe(name);
    expect(name).not.toBe(names.nameOf('a', true));
  });

  test('never mean two texts, and a connection with statements of earlier texts is closed', () => {
    const names = new PreparedNames();
    const [old, young] = [{}, {}] as [PoolClient, PoolClient];
    const given = new Set<string>();
    names.nameOf('first', true);
    expect(names.isOutdated(old)).toBe(false);
    for (let i = 0; i < 250; i++) {
      expect(names.nameOf(`text ${i}`, false)).toBeUndefined();
      given.add(names.nameOf(`text ${i}`, false)!);
      if (i < 99) expect(names.isOutdated(old)).toBe(false);
    }
    expect(given.size).toBe(250);
    expect(names.isOutdated(old)).toBe(true);
    expect(names.isOutdated(young)).toBe(false);
  });
});
