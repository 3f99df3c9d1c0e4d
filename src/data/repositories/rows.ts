import type {
  Conditions,
  Fidelity,
  MaterialRecord,
  MeasurementRecord,
  PropertyKey,
  SiteRecord,
  SourceRecord,
  StructureRecord,
} from '../../domain';
import { Prisma } from '../generated/client';

/** Columns of a material (m) with its composition (c); the order of MaterialRow. */
export const MATERIAL_COLUMNS = Prisma.sql`
  m.id, m.external_id, m.name, m.space_group_number, m.space_group_symbol, m.density, m.created_at, m.updated_at,
  m.formula AS written, m.amounts, m.atoms, c.key, c.formula, c.elements, c.fractions, m.source_id, m.url, m.doi`;

export interface CitedCompositionRow {
  readonly written: string;
  readonly amounts: number[];
  readonly atoms: number;
  readonly key: string;
  readonly formula: string;
  readonly elements: string[];
  readonly fractions: number[];
  readonly source_id: string;
  /** Of this one record, where it differs from its source. */
  readonly url: string | null;
  readonly doi: string | null;
}

/** The sources of rows, by id. */
export type Sources = ReadonlyMap<string, SourceRecord>;

export interface MaterialRow extends CitedCompositionRow {
  readonly id: string;
  readonly external_id: string | null;
  readonly name: string | null;
  readonly space_group_number: number | null;
  readonly space_group_symbol: string | null;
  readonly density: number | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function materialOf(row: MaterialRow, sources: Sources): MaterialRecord {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    composition: compositionOf(row),
    spaceGroupNumber: row.space_group_number,
    spaceGroupSymbol: row.space_group_symbol,
    density: row.density,
    source: sourceOf(row, sources),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

/** Columns of a measurement (v) with its composition (c). */
export const MEASUREMENT_COLUMNS = Prisma.sql`
  v.id, v.material_id, v.property, v.value, v.unit, v.uncertainty, v.fidelity::text, v.conditions,
  v.formula AS written, v.amounts, v.atoms, c.key, c.formula, c.elements, c.fractions, v.source_id, v.url, v.doi`;

export interface MeasurementRow extends CitedCompositionRow {
  readonly id: string;
  readonly material_id: string | null;
  readonly property: string;
  readonly value: number;
  readonly unit: string;
  readonly uncertainty: number | null;
  readonly fidelity: Fidelity;
  readonly conditions: Conditions;
}

export function measurementOf(row: MeasurementRow, sources: Sources): MeasurementRecord {
  return {
    id: row.id,
    materialId: row.material_id,
    composition: compositionOf(row),
    property: row.property as PropertyKey,
    value: row.value,
    unit: row.unit,
    uncertainty: row.uncertainty,
    fidelity: row.fidelity,
    conditions: row.conditions,
    source: sourceOf(row, sources),
  };
}

export interface StructureRow {
  readonly material_id: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly volume: number;
  readonly sites: SiteRecord[];
}

export function structureOf({ material_id: _, sites, ...lattice }: StructureRow): StructureRecord {
  return { lattice, sites };
}

/** Nothing is parsed again: the row holds the composition as the chemistry made it. */
function compositionOf(row: CitedCompositionRow): MaterialRecord['composition'] {
  return {
    input: row.written,
    elements: row.elements,
    amounts: row.amounts,
    fractions: row.fractions,
    atoms: row.atoms,
    key: row.key,
    formula: row.formula,
  };
}

function sourceOf({ source_id, url, doi }: CitedCompositionRow, sources: Sources): SourceRecord {
  const source = sources.get(source_id)!;
  return { ...source, url: url ?? source.url, doi: doi ?? source.doi };
}
