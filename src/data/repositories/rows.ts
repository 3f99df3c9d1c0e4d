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

/** Columns of a material (m) with its composition (c) and source (s); the order of MaterialRow. */
export const MATERIAL_COLUMNS = Prisma.sql`
  m.id, m.external_id, m.name, m.space_group_number, m.space_group_symbol, m.density, m.created_at, m.updated_at,
  m.formula AS written, m.amounts, m.atoms, c.key, c.formula, c.elements, c.fractions,
  s.id AS source_id, s.name AS source_name, COALESCE(m.url, s.url) AS url, COALESCE(m.doi, s.doi) AS doi, s.licence`;

interface CitedCompositionRow {
  readonly written: string;
  readonly amounts: number[];
  readonly atoms: number;
  readonly key: string;
  readonly formula: string;
  readonly elements: string[];
  readonly fractions: number[];
  readonly source_id: string;
  readonly source_name: string;
  readonly url: string | null;
  readonly doi: string | null;
  readonly licence: string | null;
}

export interface MaterialRow extends CitedCompositionRow {
  readonly id: string;
  readonly external_id: string | null;
  readonly name: string | null;
  readonly space_group_number: number | null;
  readonly space_group_symbol: string | null;
  readonly density: number | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export function materialOf(row: MaterialRow): MaterialRecord {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    composition: compositionOf(row),
    spaceGroupNumber: row.space_group_number,
    spaceGroupSymbol: row.space_group_symbol,
    density: row.density,
    source: sourceOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Columns of a measurement (v) with its composition (c) and source (s). */
export const MEASUREMENT_COLUMNS = Prisma.sql`
  v.id, v.material_id, v.property, v.value, v.unit, v.uncertainty, v.fidelity::text, v.conditions,
  v.formula AS written, v.amounts, v.atoms, c.key, c.formula, c.elements, c.fractions,
  s.id AS source_id, s.name AS source_name, COALESCE(v.url, s.url) AS url, COALESCE(v.doi, s.doi) AS doi, s.licence`;

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

export function measurementOf(row: MeasurementRow): MeasurementRecord {
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
    source: sourceOf(row),
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

function sourceOf(row: CitedCompositionRow): SourceRecord {
  return { id: row.source_id, name: row.source_name, url: row.url, doi: row.doi, licence: row.licence };
}
