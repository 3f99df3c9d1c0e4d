import type { Composition } from '../composition';
import { elementBySymbol } from '../elements';
import { recognisedSolver } from '../oxidation';
import { PLAUSIBLE, plausibilityUnder } from '../plausibility';
import { isIntermetallic, type PlausibilityModel } from '../plausibility-model';

/** The elements of the random compositions that the published comparison with SMACT 4 draws from. */
export const TEST_PALETTE =
  'Li Na K Mg Ca Sr Ba Al Ga In Si Ge Sn N P As Sb O S Se Te F Cl Br I Ti V Cr Mn Fe Co Ni Cu Zn Zr Nb Mo Ag La Ce Y H B C'.split(
    ' ',
  );

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Area under the receiver operating characteristic: P(a known one scores above a random one), ties half. */
export function areaUnderCurve(known: readonly number[], random: readonly number[]): number {
  const all = [...known.map((score) => ({ score, known: true })), ...random.map((score) => ({ score, known: false }))];
  all.sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let i = 0; i < all.length;) {
    let j = i;
    while (j < all.length && all[j]?.score === all[i]?.score) j++;
    for (let k = i; k < j; k++) if (all[k]?.known === true) ranks += (i + j + 1) / 2;
    i = j;
  }
  return (ranks - (known.length * (known.length + 1)) / 2) / (known.length * random.length);
}

/** The least score among the best `share` of the known. */
const threshold = (known: readonly number[], share: number): number =>
  [...known].sort((a, b) => b - a)[Math.ceil(share * known.length) - 1] ?? 0;

const accepted = (scores: readonly number[], least: number): number =>
  scores.filter((score) => score >= least).length / scores.length;

const numbers = (composition: Composition): number[] =>
  composition.elements.map((s) => elementBySymbol(s)?.number ?? 0);

/** A Markdown table of what the model and the yes-or-no rule accept. */
export function measure(
  model: PlausibilityModel,
  known: readonly Composition[],
  random: readonly Composition[],
): string {
  const score = (composition: Composition): number => plausibilityUnder(model, composition);
  const balance = recognisedSolver(model.table.ions, true);
  const isBalanced = (composition: Composition): number => {
    const { amounts } = composition;
    return isIntermetallic(numbers(composition), amounts.length) ||
      balance.solve(numbers(composition), amounts, amounts.length, true) > -Infinity
      ? 1
      : 0;
  };
  const rows: string[] = [];
  const compare = (name: string, rule: (c: Composition) => boolean): void => {
    const [k, r] = [known.filter(rule), random.filter(rule)];
    const [ks, rs] = [k.map(score), r.map(score)];
    const cells = [0.92, 0.75].map((share) => {
      const least = threshold(ks, share);
      return `${percent(accepted(rs, least))} (≥ ${least.toFixed(3)})`;
    });
    const plain = `${percent(accepted(ks, PLAUSIBLE))} / ${percent(accepted(rs, PLAUSIBLE))}`;
    const balanced = `${percent(accepted(k.map(isBalanced), 1))} / ${percent(accepted(r.map(isBalanced), 1))}`;
    rows.push(
      `| ${name} | ${k.length} | ${r.length} | ${areaUnderCurve(ks, rs).toFixed(3)} | ${cells.join(' | ')} | ${plain} | ${balanced} |`,
    );
  };
  const metallic = (c: Composition): boolean => isIntermetallic(numbers(c), c.elements.length);
  compare('with a nonmetal, 2–4 elements', (c) => !metallic(c));
  for (const n of [2, 3, 4]) compare(`… of ${n} elements`, (c) => !metallic(c) && c.elements.length === n);
  compare('intermetallic, 2–4 elements', metallic);
  return [
    `| compositions | known | random | AUC | random accepted with 92 % of the known | … with 75 % | plausibility ≥ ${PLAUSIBLE}: known / random | charge-balanced: known / random |`,
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
