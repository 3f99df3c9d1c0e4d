import {
  InputError,
  type Catalog,
  type MaterialCondition,
  type MaterialRecord,
  type PropertyValue,
  type Scope,
} from '../domain';
import { conditionOf } from './condition';
import { checkFilter, PREFIX } from './filter';
import { parseFilter } from './filter-parser';
import { OptimadeProblem } from './problem';
import { bad, type FieldsQuery, orderOf, readListing } from './query';
import { referenceEntry } from './references';
import type { Answer, Request, Warning } from './response';
import { attributesOf, needsStructure } from './structure-entry';
import { REFERENCES_ID, STRUCTURE_PROPERTIES, type StructureProperty } from './structure-properties';

export interface EndpointContext extends FieldsQuery {
  readonly catalog: Catalog;
  readonly request: Request;
  /** To be added to. */
  readonly warnings: Warning[];
  readonly admit: (points: number, scope: Scope | null) => Promise<void>;
}

export async function structures(context: EndpointContext): Promise<Omit<Answer, 'warnings'>> {
  const { catalog, request, warnings } = context;
  const { filter, limit, cursor, offset, sort } = readListing(request.query, warner(warnings, 'parameter'));
  const fields = fieldsOf(context);
  const condition = filter === null ? null : structureCondition(filter, warnings);
  const order = orderOf(sort, (field) => {
    const property = STRUCTURE_PROPERTIES.get(field);
    return property && (property.order ?? null);
  });
  await context.admit(limit, 'MATERIALS_READ');
  const [page, returned, available] = await Promise.all([
    catalog.search({ condition }, { first: limit, after: cursor, skip: offset }, order).catch(explained),
    catalog.count({ condition }),
    catalog.count({}),
  ]);
  const materials = page.edges.map(({ node }) => node);
  const next = page.hasNextPage ? nextUrl(request, page.edges.at(-1)!.cursor) : null;
  return { ...(await entries(context, materials, fields)), next, returned, available };
}

export async function structureById(context: EndpointContext, id: string): Promise<Omit<Answer, 'warnings'>> {
  const fields = fieldsOf(context);
  await context.admit(1, 'MATERIALS_READ');
  const [material] = await context.catalog.materialsByIds([id]);
  const { data, included } = await entries(context, material ? [material] : [], fields);
  return { data: data[0] ?? null, included, returned: { count: data.length, exact: true } };
}

/** @throws OptimadeProblem */
export function structureCondition(filter: string, warnings: Warning[]): MaterialCondition {
  const propertyOf = (name: string): StructureProperty | null =>
    STRUCTURE_PROPERTIES.get(name) ?? (name === 'references.id' ? REFERENCES_ID : null);
  const checked = checkFilter(parseFilter(filter), propertyOf, warner(warnings, 'property'));
  return conditionOf(checked, (name) => propertyOf(name)!.source);
}

export function warner(warnings: Warning[], what: 'property' | 'parameter'): (name: string) => void {
  return (name) => {
    const title = `${what} of another provider`;
    const rest = what === 'property' ? 'its value is unknown of every entry' : 'it has been ignored';
    const detail = `${name.slice(0, 100)} is a ${title}: ${rest}`;
    if (!warnings.some((warning) => warning.detail === detail))
      warnings.push({ type: 'warning', code: `${PREFIX}foreign_${what}`, title, detail });
  };
}

/** What an answer holds of each entry. @throws OptimadeProblem 400 for a field that there is not */
function fieldsOf({ fields, warnings }: EndpointContext): string[] {
  if (fields === null) return [...STRUCTURE_PROPERTIES].flatMap(([name, { byDefault }]) => (byDefault ? [name] : []));
  const warn = warner(warnings, 'property');
  for (const name of fields) {
    if (STRUCTURE_PROPERTIES.has(name)) continue;
    if (!/^_[a-z0-9]+_/.test(name) || name.startsWith(PREFIX))
      throw bad('response_fields', `there is no property "${name.slice(0, 60)}"; /info/structures lists them`);
    warn(name);
  }
  return [...new Set(fields)].filter((name) => name !== 'id' && name !== 'type');
}

async function entries(
  { catalog, includeReferences, request }: EndpointContext,
  materials: readonly MaterialRecord[],
  fields: readonly string[],
) {
  const ids = materials.map(({ id }) => id);
  const valued = fields.flatMap((name): { name: string; value: PropertyValue }[] => {
    const value = STRUCTURE_PROPERTIES.get(name)?.value;
    return value ? [{ name, value }] : [];
  });
  const [crystals, values, sources] = await Promise.all([
    needsStructure(fields) ? catalog.structuresByMaterialIds(ids) : ids.map(() => null),
    valued.length > 0
      ? catalog.storedValues(
          ids,
          valued.map(({ value }) => value),
        )
      : ids.map(() => []),
    includeReferences ? catalog.sources() : [],
  ]);
  const mentioned = new Set(materials.map(({ source }) => source.id));
  return {
    data: materials.map((material, i) => ({
      type: 'structures',
      id: material.id,
      links: { self: `${request.baseUrl}/structures/${material.id}` },
      attributes: attributesOf(
        {
          material,
          structure: crystals[i] ?? null,
          values: new Map(valued.map(({ name }, k) => [name, values[i]?.[k] ?? null])),
        },
        fields,
      ),
      relationships: { references: { data: [{ type: 'references', id: material.source.id }] } },
    })),
    included: sources.filter(({ id }) => mentioned.has(id)).map((source) => referenceEntry(source, null)),
  };
}

export function nextUrl({ baseUrl, path, query }: Request, cursor: string): string {
  const next = new URLSearchParams(query);
  for (const name of ['page_offset', 'page_number']) next.delete(name);
  next.set('page_cursor', cursor);
  return `${baseUrl}${path}?${next.toString()}`;
}

/** A cursor is the only input that the catalogue reads itself. */
function explained(error: unknown): never {
  if (error instanceof InputError && error.fields.every(({ path }) => path[0] === 'after'))
    throw new OptimadeProblem(400, 'is no place in this list: follow links.next as it is', 'page_cursor');
  throw error;
}
