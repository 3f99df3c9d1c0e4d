import { Prisma } from '../generated/client';

/** What a material must satisfy; every given part. Symbols and formulas are valid and canonical already. */
export interface MaterialCriteria {
  readonly allElements?: readonly string[];
  readonly anyElements?: readonly string[];
  readonly noneElements?: readonly string[];
  readonly onlyElements?: readonly string[];
  readonly minElementCount?: number;
  readonly maxElementCount?: number;
  /** Canonical composition key. */
  readonly compositionKey?: string;
  /** "O600000": elements with their share in millionths, as in the canonical key. */
  readonly shares?: readonly string[];
  readonly anonymousFormula?: string;
  /** Alphabetical, "Fe-Li-O". */
  readonly chemicalSystem?: string;
}

/** The condition over compositions (c), joined with `further` ones. Each part has an index of `compositions` behind it. */
export function whereOf(criteria: MaterialCriteria, further: readonly Prisma.Sql[] = []): Prisma.Sql {
  const { allElements, anyElements, noneElements, onlyElements, shares } = criteria;
  const { minElementCount, maxElementCount, compositionKey, anonymousFormula, chemicalSystem } = criteria;
  const conditions = [
    allElements && Prisma.sql`c.elements @> ${allElements}::text[]`,
    anyElements && Prisma.sql`c.elements && ${anyElements}::text[]`,
    noneElements && Prisma.sql`NOT c.elements && ${noneElements}::text[]`,
    onlyElements && Prisma.sql`c.elements <@ ${onlyElements}::text[]`,
    minElementCount !== undefined && Prisma.sql`c.element_count >= ${minElementCount}::int`,
    maxElementCount !== undefined && Prisma.sql`c.element_count <= ${maxElementCount}::int`,
    compositionKey !== undefined && Prisma.sql`c.key = ${compositionKey}`,
    shares && Prisma.sql`c.shares @> ${shares}::text[]`,
    anonymousFormula !== undefined && Prisma.sql`c.anonymous_formula = ${anonymousFormula}`,
    chemicalSystem !== undefined && Prisma.sql`c.chemical_system = ${chemicalSystem}`,
  ].filter((condition): condition is Prisma.Sql => Boolean(condition));
  const all = [...conditions, ...further];
  return all.length === 0 ? Prisma.sql`TRUE` : Prisma.join(all, ' AND ');
}
