/** Counting and addressing of subsets and stoichiometries. Counts are exact BigInts: they must hold before a limit is checked. */

export function binomial(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let result = 1n;
  for (let i = 1; i <= k; i++) result = (result * BigInt(n - k + i)) / BigInt(i);
  return result;
}

/**
 * How many k-tuples of positive whole numbers have no common divisor and a sum of at most `maxSum`: by Möbius inversion
 * over the common divisor d, of which there are C(⌊maxSum/d⌋, k) with every entry divisible by it.
 */
export function countStoichiometries(k: number, maxSum: number): bigint {
  let total = 0n;
  for (let d = 1; d * k <= maxSum; d++) total += BigInt(moebius(d)) * binomial(Math.floor(maxSum / d), k);
  return total;
}

function moebius(n: number): number {
  let sign = 1;
  for (let p = 2; p * p <= n; p++) {
    if (n % p !== 0) continue;
    n /= p;
    if (n % p === 0) return 0;
    sign = -sign;
  }
  return n > 1 ? -sign : sign;
}

/** The tuples that `countStoichiometries` counts, in lexicographic order. */
export function stoichiometries(k: number, maxSum: number): number[][] {
  const found: number[][] = [];
  const tuple: number[] = [];
  const extend = (left: number, divisor: number): void => {
    const missing = k - tuple.length;
    if (missing === 0) {
      if (divisor === 1) found.push([...tuple]);
      return;
    }
    for (let amount = 1; amount <= left - (missing - 1); amount++) {
      tuple.push(amount);
      extend(left - amount, gcd(amount, divisor));
      tuple.pop();
    }
  };
  extend(maxSum, 0);
  return found;
}

/** The different orders of a list, lexicographic. */
export function distinctPermutations(amounts: readonly number[]): number[][] {
  if (amounts.length === 0) return [[]];
  const values = [...new Set(amounts)].sort((a, b) => a - b);
  return values.flatMap((value) => {
    const rest = [...amounts];
    rest.splice(rest.indexOf(value), 1);
    return distinctPermutations(rest).map((tail) => [value, ...tail]);
  });
}

/** How many different orders a list has: k! / Π (multiplicities!). */
export function countPermutations(amounts: readonly number[]): bigint {
  let result = 1n;
  const seen = new Map<number, number>();
  amounts.forEach((amount, i) => {
    const times = (seen.get(amount) ?? 0) + 1;
    seen.set(amount, times);
    result = (result * BigInt(i + 1)) / BigInt(times);
  });
  return result;
}

/** Pascal's triangle up to the 118 elements, as numbers: subsets that can be addressed are far below 2⁵³. */
const CHOOSE: readonly Float64Array[] = (() => {
  const rows: Float64Array[] = [];
  for (let n = 0; n <= 118; n++) {
    const row = new Float64Array(n + 1).fill(1);
    for (let k = 1; k < n; k++) row[k] = rows[n - 1]![k - 1]! + rows[n - 1]![k]!;
    rows.push(row);
  }
  return rows;
})();

/** The subset of {0 … n−1} of size k at a lexicographic index. */
export function unrankSubset(index: number, n: number, k: number): number[] {
  const subset: number[] = [];
  let rest = index;
  for (let item = 0; subset.length < k; item++) {
    const including = CHOOSE[n - item - 1]?.[k - subset.length - 1] ?? 0;
    if (rest < including) subset.push(item);
    else rest -= including;
  }
  return subset;
}

/** Moves a subset to the next in lexicographic order, in place. */
export function nextSubset(subset: number[], n: number): void {
  const k = subset.length;
  let i = k - 1;
  while (i >= 0 && subset[i] === n - k + i) i--;
  if (i < 0) return;
  subset[i]!++;
  for (let j = i + 1; j < k; j++) subset[j] = subset[j - 1]! + 1;
}

export function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
