import type { OrderTerm } from '../data';
import { type FieldError, InputError, type MaterialOrder } from '../domain';
import type { OrderValueKind } from './cursor';
import type { CataloguePredictions } from './predictions';

const MAX_KEYS = 5;

/**
 * The keys of an order in the catalogue's terms.
 * @throws InputError naming every wrong key, paths from `orderBy` on
 */
export function orderTerms(order: readonly MaterialOrder[], predictions: CataloguePredictions): OrderTerm[] {
  const errors: FieldError[] = [];
  if (order.length > MAX_KEYS)
    errors.push({ path: ['orderBy'], message: `${order.length} keys; at most ${MAX_KEYS} are possible` });
  const seen = new Set<string>();
  const terms = order.flatMap((key, i): OrderTerm[] => {
    const refuse = (name: string, message: string): [] => {
      errors.push({ path: ['orderBy', String(i), name], message });
      return [];
    };
    const { field, property } = key;
    const descending = key.direction === 'DESC';
    const ofProperty = field === 'MEASURED' || field === 'PREDICTED';
    if (ofProperty && property == null) return refuse('property', `${field} orders by a property: name one`);
    if (!ofProperty && property != null)
      return refuse('property', `${field} takes no property; MEASURED and PREDICTED do`);
    const name = `${field} ${property ?? ''}`;
    if (seen.has(name)) return refuse('field', `${name.trim()} is a key of this order already`);
    seen.add(name);
    switch (field) {
      case 'MEASURED':
        return [{ field: 'VALUE', column: { kind: 'MEASURED', property: property! }, descending }];
      case 'PREDICTED': {
        const column = predictions.column(property!);
        if (column === null) return refuse('property', `the model does not predict ${property}`);
        return [{ field: 'VALUE', column: { kind: 'PREDICTED', ...column }, descending }];
      }
      default:
        return [{ field, descending }];
    }
  });
  if (errors.length > 0) throw new InputError(errors);
  return terms;
}

/** What a cursor holds for each term. */
export const valueKinds = (terms: readonly OrderTerm[]): OrderValueKind[] => terms.map(({ field }) => KINDS[field]);

const KINDS = {
  FORMULA: 'text',
  ELEMENT_COUNT: 'integer',
  CREATED_AT: 'integer',
  DENSITY: 'numberOrNull',
  VALUE: 'numberOrNull',
} as const satisfies Record<OrderTerm['field'], OrderValueKind>;
