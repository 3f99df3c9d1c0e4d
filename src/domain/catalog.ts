import type { Composition } from '../chemistry';
import type { Conditions, Fidelity, PropertyKey } from './properties';

/** Records as the catalogue hands them out: plain data, no database types. Ids are the database's own (UUID text). */
export interface SourceRecord {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly doi: string | null;
  readonly licence: string | null;
}

export interface LatticeRecord {
  /** Å */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** degrees */
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  /** Å³ */
  readonly volume: number;
}

/** A site of the conventional cell, fractional coordinates. */
export interface SiteRecord {
  readonly element: string;
  readonly occupancy: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface StructureRecord {
  readonly lattice: LatticeRecord;
  readonly sites: readonly SiteRecord[];
}

export interface MaterialRecord {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string | null;
  readonly composition: Composition;
  readonly spaceGroupNumber: number | null;
  readonly spaceGroupSymbol: string | null;
  /** g/cm³ */
  readonly density: number | null;
  readonly source: SourceRecord;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MeasurementRecord {
  readonly id: string;
  readonly materialId: string | null;
  readonly composition: Composition;
  readonly property: PropertyKey;
  readonly value: number;
  readonly unit: string;
  readonly uncertainty: number | null;
  readonly fidelity: Fidelity;
  readonly conditions: Conditions;
  readonly source: SourceRecord;
}

export interface ElementFilter {
  readonly all?: readonly string[] | null;
  readonly any?: readonly string[] | null;
  readonly none?: readonly string[] | null;
  readonly only?: readonly string[] | null;
}

/** Inclusive on both sides; an absent side is open. */
export interface Range {
  readonly min?: number | null;
  readonly max?: number | null;
}

export interface MaterialFilter {
  readonly elements?: ElementFilter | null;
  readonly elementCount?: Range | null;
  readonly formula?: string | null;
  readonly chemicalSystem?: string | null;
}

/** Relay paging, already validated: exactly one of first and last is set. Cursors are the catalogue's own opaque text. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The catalogue as the API sees it. List arguments are batched: one statement each, whatever their length, order kept. */
export interface Catalog {
  search(filter: MaterialFilter, page: PageRequest): Promise<Page<MaterialRecord>>;
  /** Exact up to 10,000; an estimate above (`exact: false`). */
  count(filter: MaterialFilter): Promise<{ readonly count: number; readonly exact: boolean }>;
  materialsByIds(ids: readonly string[]): Promise<readonly (MaterialRecord | null)[]>;
  materialsByCompositionKeys(keys: readonly string[], limit: number): Promise<readonly (readonly MaterialRecord[])[]>;
  structuresByMaterialIds(ids: readonly string[]): Promise<readonly (StructureRecord | null)[]>;
  measurementsByIds(ids: readonly string[]): Promise<readonly (MeasurementRecord | null)[]>;
  /** Newest first; `property` null is any. */
  measurementsByMaterialIds(
    ids: readonly string[],
    property: PropertyKey | null,
    limit: number,
  ): Promise<readonly (readonly MeasurementRecord[])[]>;
  measurementsByCompositionKeys(
    keys: readonly string[],
    property: PropertyKey | null,
    limit: number,
  ): Promise<readonly (readonly MeasurementRecord[])[]>;
  /** Which of these composition keys the catalogue holds. */
  knownCompositionKeys(keys: readonly string[]): Promise<ReadonlySet<string>>;
}
