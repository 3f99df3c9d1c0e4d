import { elementBySymbol, molarMass, type Composition, type Element } from '../chemistry';

/** What the table of the elements (src/chemistry/data) records; the names are classes of the reader of questions. */
export const FACTS = [
  'ATOMIC_NUMBER',
  'ATOMIC_MASS',
  'ELECTRONEGATIVITY',
  'OXIDATION_STATES',
  'CRUSTAL_ABUNDANCE',
  'RADIOACTIVE',
] as const;
export type FactName = (typeof FACTS)[number];

export function isFactName(text: string): text is FactName {
  return (FACTS as readonly string[]).includes(text);
}

export interface Fact {
  /** Null where it is no number. */
  readonly value: number | null;
  readonly unit: string;
  readonly text: string;
}

/** Of an element, or the molar mass of any composition. Null where nothing is recorded; undefined where the composition has no such fact. */
export function factOf(name: FactName, composition: Composition): Fact | null | undefined {
  if (name === 'ATOMIC_MASS') return numeric(molarMass(composition), 'g/mol');
  const element = composition.elements.length === 1 ? elementBySymbol(composition.elements[0]!) : undefined;
  return element && ofElement(name, element);
}

function ofElement(name: Exclude<FactName, 'ATOMIC_MASS'>, element: Element): Fact | null {
  switch (name) {
    case 'ATOMIC_NUMBER':
      return numeric(element.number, 'dimensionless');
    case 'ELECTRONEGATIVITY':
      return numeric(element.electronegativity, 'dimensionless');
    case 'CRUSTAL_ABUNDANCE':
      return numeric(element.crustalAbundance, 'mg/kg');
    case 'OXIDATION_STATES': {
      const states = element.commonOxidationStates.map((state) => (state > 0 ? `+${state}` : `−${-state}`));
      return states.length === 0 ? null : { value: null, unit: 'dimensionless', text: states.join(', ') };
    }
    case 'RADIOACTIVE':
      return { value: element.radioactive ? 1 : 0, unit: 'dimensionless', text: '' };
  }
}

const numeric = (value: number | null, unit: string): Fact | null =>
  value === null ? null : { value, unit, text: String(Number(value.toPrecision(7))) };
