import type { ExploreQuery, MaterialFilter } from '../generated/graphql';

/** What Explore shows, as its address says it; pure, so that a link is the whole state. */
export interface ExploreState {
  readonly query: string;
  readonly queryKind: 'formula' | 'system';
  /** Symbol → how it filters. */
  readonly elements: Readonly<Record<string, string>>;
  readonly minElements: number | null;
  readonly maxElements: number | null;
  /** Keys of the properties in the table, at most four. */
  readonly columns: readonly string[];
  /** Whether Darwin fills in what was not measured. */
  readonly predict: boolean;
  readonly after: string | null;
  readonly before: string | null;
  readonly x: string;
  readonly y: string;
  readonly color: string;
}

export const ELEMENT_MODES = ['all', 'any', 'none', 'only'] as const;
export const MAX_COLUMNS = 4;
/** Nothing chosen, where leaving a parameter out means the default. */
export const NONE = 'none';
const DEFAULT_COLUMNS = 'BAND_GAP,MELTING_TEMPERATURE,BULK_MODULUS';

function wholeNumber(text: string | null): number | null {
  const value = Number(text);
  return text && Number.isInteger(value) && value > 0 ? value : null;
}

export function readState(params: URLSearchParams): ExploreState {
  const elements: Record<string, string> = {};
  for (const mode of ELEMENT_MODES) {
    for (const symbol of (params.get(mode) ?? '').split(',').filter(Boolean)) elements[symbol] = mode;
  }
  return {
    query: params.get('q') ?? '',
    queryKind: params.get('kind') === 'system' ? 'system' : 'formula',
    elements,
    minElements: wholeNumber(params.get('min')),
    maxElements: wholeNumber(params.get('max')),
    columns: (params.get('columns') ?? DEFAULT_COLUMNS)
      .split(',')
      .filter((key) => key && key !== NONE)
      .slice(0, MAX_COLUMNS),
    predict: params.get('predict') !== 'off',
    after: params.get('after'),
    before: params.get('before'),
    x: params.get('x') ?? 'BULK_MODULUS',
    y: params.get('y') ?? 'MELTING_TEMPERATURE',
    color: (params.get('color') ?? 'BAND_GAP').replace(NONE, ''),
  };
}

/** The changes of the address for newly picked elements; a changed filter starts at the first page. */
export function elementParams(elements: Readonly<Record<string, string>>): Record<string, string> {
  const lists = ELEMENT_MODES.map((mode) => [
    mode,
    Object.keys(elements)
      .filter((symbol) => elements[symbol] === mode)
      .join(','),
  ]);
  return Object.fromEntries(lists);
}

export type Row = ExploreQuery['materials']['nodes'][number];

/** What was measured of a material, for the property at this place among the variables c1…c4. */
export function measuredOf(row: Row, index: number) {
  const { m1, m2, m3, m4 } = row.composition;
  const values = [m1, m2, m3, m4][index] ?? [];
  return values.find(({ material }) => material === null || material.id === row.id);
}

export const FIRST_PAGE = { after: null, before: null };

export function toFilter(state: ExploreState): MaterialFilter | null {
  const listed = (mode: string) => Object.keys(state.elements).filter((symbol) => state.elements[symbol] === mode);
  const elements: Record<string, string[]> = {};
  for (const mode of ELEMENT_MODES) if (listed(mode).length > 0) elements[mode] = listed(mode);
  const filter: MaterialFilter = {};
  if (Object.keys(elements).length > 0) filter.elements = elements;
  if (state.minElements !== null || state.maxElements !== null) {
    filter.elementCount = { min: state.minElements, max: state.maxElements };
  }
  const query = state.query.trim();
  if (query) {
    if (state.queryKind === 'formula') filter.formula = query;
    else filter.chemicalSystem = query;
  }
  return Object.keys(filter).length > 0 ? filter : null;
}
