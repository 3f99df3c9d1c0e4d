import { areAlike } from './solid-solution';

/**
 * The canonical amounts of a composition are a function of its key, that is of its atomic fractions in millionths, so that one
 * composition has one formula whoever wrote it and however:
 *
 * 1. The smallest whole numbers (at most 700 atoms in sum) whose fractions round to the same millionths. Two different
 *    fractions with denominators up to 700 lie at least 1/700² = 2·10⁻⁶ apart, so at most one such set exists:
 *    Ga0.5As0.5 is GaAs, La0.333333Sr0.666667MnO3 is LaSr2Mn3O9.
 * 2. If these whole numbers are those of a solid solution or of an off-stoichiometric phase, they are divided back into
 *    decimals (`solutionUnit`): Sr0.15La1.85CuO4 rather than Sr3La37Cu20O80, In0.7Ga0.3As, Fe0.95O, YBa2Cu3O6.9.
 * 3. Where no whole numbers fit (Fe0.62C0.000953), or one is above 200, atomic fractions.
 */
const MAX_ATOMS = 700;
const MAX_WHOLE = 200;
/** Units of a solid solution: divisors that leave at most three decimals. */
const UNITS = [5, 10, 20, 25, 40, 50, 100, 125, 200];

/** Greatest common divisor of two positive integers. */
function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Amounts divided by their greatest common divisor, or null if one is not an integer or they exceed 700 atoms. */
function reduceIntegers(amounts: readonly number[]): number[] | null {
  let divisor = 0;
  let atoms = 0;
  for (const amount of amounts) {
    if (!Number.isInteger(amount)) return null;
    divisor = gcd(amount, divisor);
    atoms += amount;
  }
  return atoms / divisor <= MAX_ATOMS ? amounts.map((amount) => amount / divisor) : null;
}

/** The smallest whole numbers with these millionths as fractions, or null. */
function wholeAmounts(parts: readonly number[]): number[] | null {
  for (let atoms = parts.length; atoms <= MAX_ATOMS; atoms++) {
    if (isMultiple(parts, atoms)) return parts.map((part) => Math.round((part * atoms) / 1e6));
  }
  return null;
}

/** The smallest whole numbers for these millionths; where none up to 700 atoms fit, the millionths themselves in lowest terms. */
export function wholeNumbers(parts: readonly number[]): readonly number[] {
  const whole = wholeAmounts(parts);
  if (whole !== null) return whole;
  const divisor = parts.reduce(gcd);
  return parts.map((part) => part / divisor);
}

/** Whether these are the millionths of whole numbers that sum to `atoms`. Nothing is allocated: up to 700 are tried for a formula. */
function isMultiple(parts: readonly number[], atoms: number): boolean {
  let sum = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as number;
    const amount = Math.round((part * atoms) / 1e6);
    if (amount === 0 || Math.floor((amount / atoms) * 1e6 + 0.5001) !== part) return false;
    sum += amount;
  }
  return sum === atoms;
}

/**
 * The divisor that turns whole amounts into those of a solid solution or off-stoichiometric phase, or 1. It is the smallest of UNITS
 * that divides some amounts, while those it does not divide either
 * - are two or more alike elements that share a site, that is add up to a multiple of it (at 10 or more the most
 *   electronegative element need not fit in, as in BaY0.2Zr0.8O2.9), or
 * - are one element, in a ternary or higher (from 10 on: Na0.7CoO2) or in a binary (from 20 on
 *   and if it is no minority: Fe0.95O, but VAl10 and Na3B20).
 */
function solutionUnit(elements: readonly string[], amounts: readonly number[]): number {
  const last = amounts.length - 1;
  const largest = Math.max(...amounts);
  for (const unit of UNITS) {
    if (unit > largest) break;
    if (!amounts.some((amount) => amount % unit === 0)) continue;
    const broken = amounts.flatMap((amount, i) => (amount % unit === 0 ? [] : [i]));
    if (broken.length === 0 || broken.length === amounts.length) continue;
    const whole = amounts.filter((amount) => amount % unit === 0).reduce(gcd);
    if (broken.length === 1) {
      const share = (amounts[broken[0] as number] as number) / unit;
      if (whole === unit && (amounts.length > 2 ? unit >= 10 : unit >= 20 && share > 0.5)) return unit;
      continue;
    }
    // A site that is full, with an unbroken rest in lowest terms: In0.7Ga0.3As, not In1.4Ga0.6As2.
    const fits = (site: readonly number[]): boolean =>
      sharesSite(elements, amounts, site, unit) && gcd(whole, sumOf(amounts, site)) === unit;
    if (fits(broken) || (unit >= 10 && broken.at(-1) === last && fits(broken.slice(0, -1)))) return unit;
  }
  return 1;
}

const sumOf = (amounts: readonly number[], site: readonly number[]): number =>
  site.reduce((sum, i) => sum + (amounts[i] as number), 0);

function sharesSite(
  elements: readonly string[],
  amounts: readonly number[],
  site: readonly number[],
  unit: number,
): boolean {
  if (site.length < 2) return false;
  return sumOf(amounts, site) % unit === 0 && areAlike(site.map((i) => elements[i] as string));
}

/** Atomic fractions that read back to exactly these millionths: what rounding took from their sum is spread evenly. */
function fractionalAmounts(parts: readonly number[]): number[] {
  let rest = (1e6 - parts.reduce((sum, part) => sum + part, 0)) * 1000;
  return parts.map((part, i) => {
    const share = Math.round(rest / (parts.length - i));
    rest -= share;
    return (part * 1000 + share) / 1e9;
  });
}

/**
 * @param elements symbols by ascending electronegativity.
 * @param amounts per formula unit as written (a shortcut where they are integers).
 * @param parts atomic fractions in millionths, as in the key.
 */
export function canonicalAmounts(
  elements: readonly string[],
  amounts: readonly number[],
  parts: readonly number[],
): readonly number[] {
  const whole = reduceIntegers(amounts) ?? wholeAmounts(parts);
  if (whole === null) return fractionalAmounts(parts);
  const unit = solutionUnit(elements, whole);
  if (unit > 1) return whole.map((amount) => amount / unit);
  return Math.max(...whole) > MAX_WHOLE ? fractionalAmounts(parts) : whole;
}

/** An amount as formulas print it: nothing for 1, decimals without an exponent. */
export function formatAmount(amount: number): string {
  if (amount === 1) return '';
  const text = String(amount);
  return text.includes('e') ? amount.toFixed(12).replace(/0+$/, '') : text;
}

export function formatFormula(elements: readonly string[], amounts: readonly number[]): string {
  let text = '';
  for (let i = 0; i < elements.length; i++) text += elements[i] + formatAmount(amounts[i] as number);
  return text;
}
