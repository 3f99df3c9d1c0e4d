import { ELEMENTS } from './elements';
import { OxidationSolver, type IonTable } from './oxidation-solver';

/** What `tools/fit-plausibility.ts` learns and data/plausibility.json holds. */
export interface PlausibilityTable {
  readonly ions: IonTable;
  /** How many known compounds have these amounts, in the order of the formula (`2:3`) and ascending (`2:3`). */
  readonly shapes: {
    /** … and elements of the same families (`kinship`). */
    readonly kin: Readonly<Record<string, number>>;
    readonly ordered: Readonly<Record<string, number>>;
    readonly anonymous: Readonly<Record<string, number>>;
  };
  /** Logistic weights, by the index that `visitFeatures` gives. */
  readonly weights: readonly number[];
}

/** Chemically alike elements, which share what is learned of one. */
const CLASSES = [
  'H', 'Li Na K Rb Cs Fr', 'Be Mg', 'Ca Sr Ba Ra', 'Sc Y', 'La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu',
  'Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr', 'Ti Zr Hf Rf', 'V Nb Ta Db', 'Cr Mo W Sg', 'Mn Tc Re Bh', 'Fe Ru Os Hs', 'Co Rh Ir Mt',
  'Ni Pd Pt Ds', 'Cu Ag Au Rg', 'Zn Cd Hg Cn', 'B', 'Al Ga In Tl Nh', 'C', 'Si Ge', 'Sn Pb Fl', 'N', 'P As', 'Sb Bi Mc', 'O', 'S Se Te Po Lv', 'F',
  'Cl Br I At Ts', 'He Ne Ar Kr Xe Rn Og',
]; // prettier-ignore
const CLASS_COUNT = CLASSES.length;
const CLASS = new Uint8Array(119);
const NUMBER = new Map(ELEMENTS.map((element) => [element.symbol, element.number]));
CLASSES.forEach((symbols, i) => symbols.split(' ').forEach((symbol) => (CLASS[NUMBER.get(symbol) as number] = i)));

/** Wider families, for kinship: KO2 is of one kind with RbO2, Fe3O4 with Co3O4. */
const FAMILIES = [
  'H', 'Li Na K Rb Cs Fr', 'Be Mg Ca Sr Ba Ra',
  'Sc Y La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr',
  'Ti Zr Hf Rf V Nb Ta Db Cr Mo W Sg Mn Tc Re Bh Fe Ru Os Hs Co Rh Ir Mt Ni Pd Pt Ds', 'Cu Ag Au Rg Zn Cd Hg Cn', 'Al Ga In Tl Nh Sn Pb Fl',
  'B', 'C', 'Si Ge', 'N', 'P As Sb Bi Mc', 'O', 'S Se Te Po Lv', 'F', 'Cl Br I At Ts', 'He Ne Ar Kr Xe Rn Og',
]; // prettier-ignore
const FAMILY = new Uint8Array(119);
FAMILIES.forEach((symbols, i) => symbols.split(' ').forEach((symbol) => (FAMILY[NUMBER.get(symbol) as number] = i)));

const NONMETAL = new Uint8Array(119);
for (const symbol of 'H He B C N O F Ne Si P S Cl Ar As Se Br Kr Te I Xe At Rn Ts Og'.split(' '))
  NONMETAL[NUMBER.get(symbol) as number] = 1;

/** No element that forms anions by itself: bound by metallic bonds, whatever the oxidation states. */
export function isIntermetallic(elements: ArrayLike<number>, count: number): boolean {
  for (let i = 0; i < count; i++) if (NONMETAL[elements[i] as number] === 1) return false;
  return true;
}

/** The features of one regime: number of elements (2, 3, 4, 5 and more), without and with a nonmetal. */
const REGIMES = 8;
const PER_REGIME = 7;
/** What follows the regimes comes twice: a pair of metals means one thing in an intermetallic and another in an oxide. */
const OFFSET = { size: 0, classes: 4, anion: 4 + CLASS_COUNT, cation: 4 + 3 * CLASS_COUNT, pairs: 4 + 5 * CLASS_COUNT };
const PER_BOND = OFFSET.pairs + CLASS_COUNT * CLASS_COUNT;
export const FEATURE_COUNT = REGIMES * PER_REGIME + 2 * PER_BOND;
/** The log-likelihood that stands for "no balanced assignment", and the least one that counts. */
const UNBALANCED = -20;
/** Count of a shape that no known compound has. */
const UNSEEN = 0.3;

/** Ratios of amounts as text; amounts are integers. */
function shape(amounts: readonly number[]): string {
  let divisor = 0;
  for (const amount of amounts) {
    let [a, b] = [amount, divisor];
    while (b !== 0) [a, b] = [b, a % b];
    divisor = a;
  }
  return amounts.map((amount) => amount / divisor).join(':');
}

export const orderedShape = (amounts: readonly number[]): string => shape(amounts);
export const anonymousShape = (amounts: readonly number[]): string => shape([...amounts].sort((a, b) => a - b));

/** Families of the elements with their amounts, in a fixed order: what kindred compounds have in common. */
export function kinship(elements: readonly number[], amounts: readonly number[]): string {
  const ratio = shape(amounts).split(':');
  return elements
    .map((z, i) => `${String.fromCharCode(97 + (FAMILY[z] as number))}${ratio[i]}`)
    .sort()
    .join('');
}

/** A composition as the model sees it. */
export interface ModelInput {
  /** Atomic numbers by ascending electronegativity, and integer amounts: the parent compound of a solid solution. */
  readonly elements: readonly number[];
  readonly amounts: readonly number[];
  /** Log-likelihood of the oxidation states of the composition itself (-Infinity: none), per element. */
  readonly charge: number;
  readonly mixedValence: boolean;
}

/**
 * Logistic model of "is a known compound" against "is a random composition". What it looks at: the likelihood of the best balanced
 * oxidation states; how many known compounds share the stoichiometry; size; the classes of the elements, alone and in pairs.
 */
export class PlausibilityModel {
  readonly solver: OxidationSolver;
  constructor(readonly table: PlausibilityTable) {
    this.solver = new OxidationSolver(table.ions);
  }

  /** Log-odds that the composition is one of a known compound rather than a random one, at even odds beforehand. */
  logOdds(input: ModelInput): number {
    let sum = 0;
    this.visitFeatures(input, 0, (index, value) => (sum += (this.table.weights[index] ?? 0) * value));
    return sum;
  }

  /** @param own 1 for a compound that is itself among the counted shapes, so that training does not see its own count. */
  visitFeatures(input: ModelInput, own: number, visit: (index: number, value: number) => void): void {
    const { elements, amounts } = input;
    const count = elements.length;
    const metallic = isIntermetallic(elements, count) ? 1 : 0;
    const charge = (count * Math.max(UNBALANCED / count, input.charge)) / 4;
    const base = (Math.min(count, 5) - 2 + 4 * metallic) * PER_REGIME;
    const bond = REGIMES * PER_REGIME + metallic * PER_BOND;
    visit(base, 1);
    if (input.charge === -Infinity) visit(base + 1, 1);
    else visit(base + 2, charge);
    if (input.mixedValence) visit(base + 3, 1);
    const { anonymous, ordered, kin } = this.table.shapes;
    const seen = (known: number | undefined): number => Math.log(Math.max(0, (known ?? 0) - own) + UNSEEN) / 4;
    visit(base + 4, seen(anonymous[anonymousShape(amounts)]));
    visit(base + 5, seen(ordered[orderedShape(amounts)]));
    visit(base + 6, seen(kin[kinship(elements, amounts)]));

    const atoms = amounts.reduce((sum, amount) => sum + amount, 0);
    const last = elements[count - 1] as number;
    const electronegativity = (z: number): number => ELEMENTS[z - 1]?.electronegativity ?? 4;
    visit(bond + OFFSET.size, Math.log(atoms) / 2);
    visit(bond + OFFSET.size + 1, Math.log(Math.max(...amounts)) / 2);
    visit(bond + OFFSET.size + 2, (amounts[count - 1] as number) / atoms);
    visit(bond + OFFSET.size + 3, electronegativity(last) - electronegativity(elements[0] as number));

    const anion = CLASS[last] as number;
    visit(bond + OFFSET.anion + 2 * anion, 1);
    visit(bond + OFFSET.anion + 2 * anion + 1, charge);
    const cation = CLASS[elements[0] as number] as number;
    visit(bond + OFFSET.cation + 2 * cation, 1);
    visit(bond + OFFSET.cation + 2 * cation + 1, charge);
    for (let i = 0; i < count; i++) {
      const one = CLASS[elements[i] as number] as number;
      visit(bond + OFFSET.classes + one, 1);
      for (let j = i + 1; j < count; j++) {
        const other = CLASS[elements[j] as number] as number;
        visit(bond + OFFSET.pairs + Math.min(one, other) * CLASS_COUNT + Math.max(one, other), 1);
      }
    }
  }
}
