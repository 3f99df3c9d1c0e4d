import { v7 as uuidv7 } from 'uuid';
import { isDisordered, placesOf, type MaterialInput, type StructureRecord } from '../../domain';

/** The columns of a composition that take chemistry to compute. */
export interface CompositionRow {
  readonly key: string;
  readonly formula: string;
  readonly anonymousFormula: string;
  readonly wholeFormula: string;
  readonly wholeAnonymousFormula: string;
  readonly chemicalSystem: string;
  readonly elements: readonly string[];
  readonly fractions: readonly number[];
  readonly shares: readonly string[];
  /** g/mol of the reduced formula. */
  readonly molarMass: number;
}

/**
 * Rows of one statement, made into JSON one by one. They travel in the order of their keys, so that two batches at once wait for each other
 * instead of deadlocking.
 */
class Batch {
  private readonly rows: { readonly key: string; readonly text: string }[] = [];

  protected push(key: string, row: object): void {
    this.rows.push({ key, text: JSON.stringify(row) });
  }

  json(): string {
    const sorted = [...this.rows].sort(by(({ key }) => key));
    return `[${sorted.map(({ text }) => text).join()}]`;
  }
}

/** Each composition once. */
export class CompositionBatch extends Batch {
  private readonly keys = new Set<string>();

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(composition: CompositionRow): void {
    this.keys.add(composition.key);
    this.push(composition.key, { id: uuidv7(), ...composition });
  }
}

export class MaterialBatch extends Batch {
  /** In the order in which they were added; the id is that of a material that is new. */
  readonly ids: { readonly id: string; readonly externalId: string | null }[] = [];

  add({ structure, measurements: _, composition, ...material }: MaterialInput): void {
    const id = uuidv7();
    this.ids.push({ id, externalId: material.externalId });
    const facts = structureFacts(structure ?? null);
    this.push(material.externalId ?? '', { ...material, ...writtenAs(composition), ...facts, id });
  }
}

export const writtenAs = ({ key, input, amounts, atoms }: MaterialInput['composition']) => ({
  key,
  formula: input,
  amounts,
  atoms,
});

function structureFacts(structure: StructureRecord | null) {
  const places = structure && placesOf(structure.sites);
  return { siteCount: places?.length ?? null, disordered: places?.some(isDisordered) ?? false };
}

export const json = (value: unknown): string => JSON.stringify(value);

export const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
