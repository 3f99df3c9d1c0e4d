import type { PropertyKey } from '../../domain';
import { Prisma } from '../generated/client';

/** Where the predictions of one property are stored: those of one model, under one set of conditions. */
export interface PredictedColumn {
  readonly property: PropertyKey;
  readonly modelId: string;
  /** As in PredictionKey. */
  readonly variant: string;
  /** The property is one of the formula unit as written: its variant goes on with `;atoms=` and their number. */
  readonly perFormulaUnit: boolean;
}

/** A value that a material has at most one of. */
export type ValueColumn =
  { readonly kind: 'MEASURED'; readonly property: PropertyKey } | ({ readonly kind: 'PREDICTED' } & PredictedColumn);

/** The table of a column of values, under a name, and its rows for the material m with the composition c. */
export function valueTable(column: ValueColumn, name: string): { readonly table: Prisma.Sql; readonly on: Prisma.Sql } {
  const v = Prisma.raw(name);
  if (column.kind === 'MEASURED') {
    return {
      table: Prisma.sql`measured_values ${v}`,
      on: Prisma.sql`${v}.material_id = m.id AND ${v}.property = ${column.property}`,
    };
  }
  const { property, modelId, variant, perFormulaUnit } = column;
  const exact = perFormulaUnit ? Prisma.sql`${`${variant};atoms=`}::text || m.atoms` : Prisma.sql`${variant}`;
  return {
    table: Prisma.sql`predictions ${v}`,
    on: Prisma.sql`${v}.composition_key = c.key AND ${v}.model_id = ${modelId} AND ${v}.property = ${property} AND ${v}.variant = ${exact}`,
  };
}
