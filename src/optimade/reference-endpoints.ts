import { evaluate } from './evaluate';
import { checkFilter, type Filter, PREFIX } from './filter';
import { parseFilter } from './filter-parser';
import { bad, orderOf, readListing } from './query';
import { REFERENCE_PROPERTIES, referenceEntry } from './references';
import type { Answer } from './response';
import { type EndpointContext, nextUrl, warner } from './structure-endpoints';

/** References are few: they are filtered and paged in memory. */
export async function references(context: EndpointContext): Promise<Omit<Answer, 'warnings'>> {
  const { catalog, request, warnings } = context;
  const { filter, limit, cursor, offset, sort } = readListing(request.query, warner(warnings, 'parameter'));
  const fields = fieldsOf(context);
  orderOf(sort, (field) => (REFERENCE_PROPERTIES.has(field) ? null : undefined));
  const checked = filter === null ? null : check(filter, context);
  const start = cursor === null ? offset : startOf(cursor);
  await context.admit(limit, 'MATERIALS_READ');
  const all = await catalog.sources();
  const found = all.filter(
    (source) =>
      checked === null || evaluate(checked, (name) => REFERENCE_PROPERTIES.get(name)?.read(source) ?? null) === true,
  );
  const page = found.slice(start, start + limit);
  return {
    data: page.map((source) => referenceEntry(source, fields)),
    next: start + limit < found.length ? nextUrl(request, String(start + limit)) : null,
    returned: { count: found.length, exact: true },
    available: { count: all.length, exact: true },
  };
}

export async function referenceById(context: EndpointContext, id: string): Promise<Omit<Answer, 'warnings'>> {
  const fields = fieldsOf(context);
  await context.admit(1, 'MATERIALS_READ');
  const source = (await context.catalog.sources()).find((one) => one.id === id);
  return {
    data: source ? referenceEntry(source, fields) : null,
    returned: { count: source ? 1 : 0, exact: true },
  };
}

const check = (filter: string, { warnings }: EndpointContext): Filter =>
  checkFilter(parseFilter(filter), (name) => REFERENCE_PROPERTIES.get(name) ?? null, warner(warnings, 'property'));

function startOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw bad('page_cursor', 'is no place in this list: follow links.next as it is');
  return Number(cursor);
}

function fieldsOf({ fields, warnings }: EndpointContext): readonly string[] | null {
  for (const name of fields ?? []) {
    if (REFERENCE_PROPERTIES.has(name)) continue;
    if (!/^_[a-z0-9]+_/.test(name) || name.startsWith(PREFIX))
      throw bad('response_fields', `there is no property "${name.slice(0, 60)}"; /info/references lists them`);
    warner(warnings, 'property')(name);
  }
  return fields;
}
