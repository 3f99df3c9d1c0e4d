import { z } from 'zod';
import { compositionOf, elementBySymbol, type Composition } from '../../chemistry';
import type { StructureRecord } from '../../domain';
import { agreesWithSites, cellContent, cellDensity, lattice } from '../structure';

const finite = z.number();
const site = z.strictObject({
  element: z.string().refine((symbol) => elementBySymbol(symbol) !== undefined, { error: 'unknown element' }),
  occupancy: finite.gt(0).lte(1).default(1),
  x: finite,
  y: finite,
  z: finite,
});
const schema = z.strictObject({
  lattice: z.strictObject({
    a: finite,
    b: finite,
    c: finite,
    alpha: finite,
    beta: finite,
    gamma: finite,
    volume: finite.optional(),
  }),
  sites: z.array(site).min(1).max(50_000),
});

/** Why a structure of a JSON row cannot be one; `path` inside the structure, "sites[3].occupancy". */
export class StructureInputError extends Error {
  constructor(
    message: string,
    readonly path: string,
  ) {
    super(message);
  }
}

/**
 * Reads `{ lattice: { a, b, c, alpha, beta, gamma }, sites: [{ element, occupancy, x, y, z }] }` (Å, °, fractional) and checks it against the
 * formula. @throws StructureInputError
 */
export function readStructure(
  input: unknown,
  composition: Composition,
): { readonly structure: StructureRecord; readonly density: number } {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = issue.path.reduce<string>(
      (text, key) => text + (typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`),
      '',
    );
    throw new StructureInputError(issue.message, path);
  }
  const { a, b, c, alpha, beta, gamma } = parsed.data.lattice;
  let cell;
  try {
    cell = lattice(a, b, c, alpha, beta, gamma);
  } catch (error) {
    if (error instanceof RangeError) throw new StructureInputError(error.message, 'lattice');
    throw error;
  }
  const structure = { lattice: cell, sites: parsed.data.sites };
  const located = cellContent(structure.sites);
  const whole = agreesWithSites(composition, located);
  if (whole === null)
    throw new StructureInputError(
      `the sites hold ${compositionOf(located).formula}, but the formula is ${composition.formula}`,
      'sites',
    );
  return { structure, density: cellDensity(whole, cell) };
}
