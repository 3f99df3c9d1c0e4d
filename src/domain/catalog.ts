import type { Composition } from '../chemistry';
import type { MaterialCondition, PropertyValue } from './material-condition';
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

/** In the unit of the property. */
export interface PropertyRange extends Range {
  readonly property: PropertyKey;
}

export interface MaterialFilter {
  readonly elements?: ElementFilter | null;
  readonly elementCount?: Range | null;
  readonly formula?: string | null;
  readonly anonymousFormula?: string | null;
  readonly chemicalSystem?: string | null;
  readonly spaceGroupNumber?: readonly number[] | null;
  readonly measured?: readonly PropertyRange[] | null;
  readonly predicted?: readonly PropertyRange[] | null;
  readonly sourceName?: readonly string[] | null;
  /** Any logic beyond the fields above, as OPTIMADE's filters have; not part of the GraphQL contract. */
  readonly condition?: MaterialCondition | null;
}

export const MATERIAL_ORDER_FIELDS = [
  'FORMULA',
  'ELEMENT_COUNT',
  'CREATED_AT',
  'DENSITY',
  'MEASURED',
  'PREDICTED',
] as const;
export type MaterialOrderField = (typeof MATERIAL_ORDER_FIELDS)[number];
export type SortDirection = 'ASC' | 'DESC';

export interface MaterialOrder {
  readonly field: MaterialOrderField;
  readonly direction?: SortDirection | null;
  /** Of MEASURED and PREDICTED. */
  readonly property?: PropertyKey | null;
}

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

export type MaterialFacet = 'elements' | 'crystalSystems' | 'sources' | 'elementCounts';

/** `counts[i]` values lie from `edges[i]` up to `edges[i + 1]`, the last bin including its end. Nothing to count: both are empty. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly unit: string;
}

export interface MaterialPointsRequest {
  readonly filter: MaterialFilter;
  readonly x: PropertyKey;
  readonly y: PropertyKey;
  readonly color?: PropertyKey | null;
  /** Whether the model stands in where nothing was measured. */
  readonly predicted: boolean;
  readonly limit: number;
}

/** Columns of equal length, one entry a material. */
export interface MaterialPoints {
  readonly ids: readonly string[];
  readonly formulas: readonly string[];
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly color: readonly (number | null)[] | null;
  /** Whether the value is a prediction, for want of a measured one. */
  readonly xPredicted: readonly boolean[];
  readonly yPredicted: readonly boolean[];
  readonly truncated: boolean;
}

/** Relay paging, already validated: exactly one of first and last is set. Cursors are the catalogue's own opaque text. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  /** Rows to pass over, with `first` and without a cursor, where no order is given. */
  readonly skip?: number | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The catalogue as the API sees it. List arguments are batched: one statement each, whatever their length, order kept. */
export interface Catalog {
  /** In the order of creation unless another is given; what has no value under a key comes last, in either direction. */
  search(filter: MaterialFilter, page: PageRequest, order?: readonly MaterialOrder[]): Promise<Page<MaterialRecord>>;
  /** Exact up to 10,000; an estimate above (`exact: false`). */
  count(filter: MaterialFilter): Promise<{ readonly count: number; readonly exact: boolean }>;
  /** What the matching materials have and how many of them; the most frequent first, element counts ascending. */
  facet(filter: MaterialFilter, facet: MaterialFacet): Promise<readonly FacetCount[]>;
  /** Of the measured values of the matching materials, in bins of equal width. @param bins 1 to 200 */
  histogram(filter: MaterialFilter, property: PropertyKey, bins: number): Promise<Histogram>;
  /** Those of the matching materials that have both coordinates, measured or else predicted. */
  points(request: MaterialPointsRequest): Promise<MaterialPoints>;
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
  /** What is stored of these values, of each material in the order asked for; nothing is predicted. */
  storedValues(
    ids: readonly string[],
    values: readonly PropertyValue[],
  ): Promise<readonly (readonly (number | null)[])[]>;
  /** All sources, by id. */
  sources(): Promise<readonly SourceRecord[]>;
  /** Which of these composition keys the catalogue holds. */
  knownCompositionKeys(keys: readonly string[]): Promise<ReadonlySet<string>>;
}
