import type { ExploreQuery, MaterialFilter, MaterialOrder, PropertyKey } from '../generated/graphql';

/** Values of a property that are wanted; an end that is null is open. */
export interface Range {
  readonly property: string;
  readonly min: number | null;
  readonly max: number | null;
  /** Of the model's predictions rather than of what was measured. */
  readonly predicted: boolean;
}
export type Span = readonly [number, number];

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
  readonly ranges: readonly Range[];
  readonly sort: { readonly by: string; readonly descending: boolean } | null;
  readonly after: string | null;
  readonly before: string | null;
  readonly x: string;
  readonly y: string;
  readonly color: string;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly zoom: { readonly x: Span; readonly y: Span } | null;
}

export const ELEMENT_MODES = ['all', 'any', 'none', 'only'] as const;
export const MAX_COLUMNS = 4;
/** Nothing chosen, where leaving a parameter out means the default. */
export const NONE = 'none';
export const MAX_RANGES = 6;
/** What the order is called in the address beside the properties. */
export const BY_FORMULA = 'formula';
const DEFAULT_COLUMNS = 'BAND_GAP,MELTING_TEMPERATURE,BULK_MODULUS';

function wholeNumber(text: string | null): number | null {
  const value = Number(text);
  return text && Number.isInteger(value) && value > 0 ? value : null;
}

function numberOrNull(text: string | undefined): number | null {
  const value = Number(text);
  return text && Number.isFinite(value) ? value : null;
}

/** `BAND_GAP:1:2,~DENSITY::5`: from 1 to 2 measured, at most 5 predicted. */
function readRanges(text: string | null): Range[] {
  return (text ?? '')
    .split(',')
    .filter(Boolean)
    .slice(0, MAX_RANGES)
    .map((part) => {
      const [name = '', min, max] = part.split(':');
      return {
        property: name.replace('~', ''),
        predicted: name.startsWith('~'),
        min: numberOrNull(min),
        max: numberOrNull(max),
      };
    });
}

export function rangeParams(ranges: readonly Range[]): Record<string, string> {
  const text = ranges.map(
    ({ property, predicted, min, max }) => `${predicted ? '~' : ''}${property}:${min ?? ''}:${max ?? ''}`,
  );
  return { ranges: text.join(',') };
}

/** `x0:x1:y0:y1` */
function readZoom(text: string | null): ExploreState['zoom'] {
  const [x0, x1, y0, y1] = (text ?? '').split(':').map(numberOrNull);
  if (x0 == null || x1 == null || y0 == null || y1 == null || x0 >= x1 || y0 >= y1) return null;
  return { x: [x0, x1], y: [y0, y1] };
}

export function zoomParams(zoom: ExploreState['zoom']): Record<string, string | null> {
  const short = (value: number) => String(Number(value.toPrecision(6)));
  return { zoom: zoom && [...zoom.x, ...zoom.y].map(short).join(':') };
}

function readSort(text: string | null): ExploreState['sort'] {
  return text ? { by: text.replace(/^-/, ''), descending: text.startsWith('-') } : null;
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
    ranges: readRanges(params.get('ranges')),
    sort: readSort(params.get('sort')),
    after: params.get('after'),
    before: params.get('before'),
    x: params.get('x') ?? 'BULK_MODULUS',
    y: params.get('y') ?? 'MELTING_TEMPERATURE',
    color: (params.get('color') ?? 'BAND_GAP').replace(NONE, ''),
    logX: params.get('logx') === 'on',
    logY: params.get('logy') === 'on',
    zoom: readZoom(params.get('zoom')),
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

/** What was measured comes first, then what only the model says, if it is asked. */
export function toOrder({ sort, predict }: ExploreState): MaterialOrder[] | null {
  if (!sort) return null;
  const direction = sort.descending ? 'DESC' : 'ASC';
  if (sort.by === BY_FORMULA) return [{ field: 'FORMULA', direction }];
  const property = sort.by as PropertyKey;
  const measured: MaterialOrder = { field: 'MEASURED', property, direction };
  return predict ? [measured, { field: 'PREDICTED', property, direction }] : [measured];
}

/** @param without a range that is left out, whose histogram shows all that the others leave */
export function toFilter(state: ExploreState, without?: Range): MaterialFilter | null {
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
  const wanted = (predicted: boolean) =>
    state.ranges
      .filter((range) => range !== without && range.predicted === predicted)
      .map(({ property, min, max }) => ({ property: property as PropertyKey, min, max }));
  if (wanted(false).length > 0) filter.measured = wanted(false);
  if (wanted(true).length > 0) filter.predicted = wanted(true);
  return Object.keys(filter).length > 0 ? filter : null;
}
