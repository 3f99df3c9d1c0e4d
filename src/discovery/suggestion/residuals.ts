import { setImmediate as nextTurn } from 'node:timers/promises';
import { moversProfiles, PROFILE_LENGTH, type ElementFractions } from '../../chemistry';

/**
 * What was measured tells by how much the model errs, and near what. Errors in units of the model's own standard deviation are taken for
 * a Gaussian process over compositions (Rasmussen and Williams, Gaussian Processes for Machine Learning, MIT Press 2006):
 *
 *   k(a, b) = (β² + exp(−d(a, b) / ℓ)) / (1 + β²),
 *
 * d the element mover's distance. That distance is an L1 norm of cumulative distributions, for which the exponential is positive
 * definite (Schoenberg, Trans. Am. Math. Soc. 44, 522 (1938)). β stands for an error common to all, ℓ for how far one composition tells
 * of another. They and the noise are those of the largest marginal likelihood on a grid; the variance is integrated out under a
 * scaled inverse chi-squared prior about 1, which says that the model's own spread is right (Shah, Wilson and Ghahramani, AISTATS 2014).
 */
const LENGTHS = [1, 2, 4, 8, 16, 32];
const COMMON = [0.1, 1];
const NOISE = [0.01, 0.05, 0.2];
/** Of their own: names of elsewhere would be looked up at every use, some 10⁸ times. */
const PROFILE = PROFILE_LENGTH;
const { abs, exp } = Math;
/** Observations that the prior of the variance is worth. */
const PRIOR_WEIGHT = 4;
/** Observations by which the grid is judged: its cost grows with their third power. */
const JUDGED = 200;
/** Sites that are worked through between two turns of the event loop. */
const BLOCK = 256;

export interface Observations {
  readonly compositions: readonly ElementFractions[];
  /** (measured − predicted) / predicted standard deviation. */
  readonly errors: Float64Array;
  /** Variance of each measurement in that unit, beside the noise that is found. */
  readonly variances: Float64Array;
}

interface Parameters {
  readonly length: number;
  readonly common: number;
  readonly noise: number;
}

/** The errors that are believed at each of many sites; `error` ± `deviation` in units of the model's standard deviation. */
export class ResidualProcess {
  readonly error: Float64Array;
  /** Variance relative to `scale`. */
  private readonly variance: Float64Array;
  /** Rows of L⁻¹ K(observed, sites), and of what was added. */
  private readonly rows: Float32Array[] = [];
  private parameters: Parameters = { length: 4, common: 0.1, noise: 0.05 };
  private scale = 1;

  private constructor(private readonly sites: Float32Array) {
    const n = sites.length / PROFILE;
    this.error = new Float64Array(n);
    this.variance = new Float64Array(n).fill(1);
  }

  /** @param sites as `moversProfiles` gives them */
  static async over(sites: Float32Array, observations: Observations, signal?: AbortSignal): Promise<ResidualProcess> {
    const process = new ResidualProcess(sites);
    if (observations.errors.length > 0) await process.condition(observations, signal);
    return process;
  }

  deviation(site: number): number {
    return Math.sqrt(Math.max(0, this.variance[site]! * this.scale));
  }

  /**
   * As if the believed value had been measured there: the errors stay, the variances shrink (the "kriging believer" of Ginsbourger, Le
   * Riche and Carraro, in Computational Intelligence in Expensive Optimization Problems, Springer 2010).
   */
  believe(site: number): void {
    const { sites, rows, parameters, variance } = this;
    const pivot = Math.sqrt(variance[site]! + parameters.noise);
    const weights = rows.map((row) => row[site]!);
    const added = new Float32Array(variance.length);
    for (let i = 0; i < added.length; i++) {
      let covariance = covarianceOf(distance(sites, site, sites, i), parameters);
      for (let j = 0; j < rows.length; j++) covariance -= weights[j]! * rows[j]![i]!;
      added[i] = covariance / pivot;
      variance[i]! -= added[i]! * added[i]!;
    }
    rows.push(added);
  }

  private async condition({ compositions, errors, variances }: Observations, signal?: AbortSignal): Promise<void> {
    const n = errors.length;
    const observed = moversProfiles(compositions);
    const distances = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) distances[i * n + j] = distance(observed, i, observed, j);
      if (i % BLOCK === BLOCK - 1) await nextTurn();
    }
    const judged = Math.min(n, JUDGED);
    let best = -Infinity;
    for (const length of LENGTHS)
      for (const common of COMMON)
        for (const noise of NOISE) {
          const parameters = { length, common, noise };
          const { likelihood } = solve(distances, n, errors, variances, parameters, judged);
          if (likelihood > best) [best, this.parameters] = [likelihood, parameters];
          await nextTurn();
        }
    const { factor, solution, scale } = solve(distances, n, errors, variances, this.parameters, n);
    this.scale = scale;
    for (let i = 0; i < n; i++) this.rows.push(new Float32Array(this.error.length));
    for (let from = 0; from < this.error.length; from += BLOCK) {
      signal?.throwIfAborted();
      this.predict(observed, factor, solution, from, Math.min(this.error.length, from + BLOCK));
      await nextTurn();
    }
  }

  /** Of the sites [from, to). */
  private predict(
    observed: Float32Array,
    factor: Float64Array,
    solution: Float64Array,
    from: number,
    to: number,
  ): void {
    const n = solution.length;
    const column = new Float64Array(n);
    for (let site = from; site < to; site++) {
      for (let i = 0; i < n; i++) {
        let sum = covarianceOf(distance(observed, i, this.sites, site), this.parameters);
        for (let j = 0, at = i * n; j < i; j++) sum -= factor[at + j]! * column[j]!;
        column[i] = sum / factor[i * n + i]!;
        this.rows[i]![site] = column[i]!;
        this.error[site]! += column[i]! * solution[i]!;
        this.variance[site]! -= column[i]! * column[i]!;
      }
    }
  }
}

function distance(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let sum = 0;
  for (let k = 0, x = i * PROFILE, y = j * PROFILE; k < PROFILE; k++, x++, y++) {
    sum += abs(a[x]! - b[y]!);
  }
  return sum;
}

const covarianceOf = (d: number, { length, common }: Parameters): number => (common + exp(-d / length)) / (1 + common);

/**
 * The first `m` observations: Cholesky's factor L of their covariance, L⁻¹ errors, the believed scale of the variance, and the logarithm
 * of the marginal likelihood less a constant.
 */
function solve(
  distances: Float64Array,
  n: number,
  errors: Float64Array,
  variances: Float64Array,
  parameters: Parameters,
  m: number,
) {
  const factor = new Float64Array(m * m);
  const solution = new Float64Array(m);
  let logDeterminant = 0;
  let square = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covarianceOf(distances[i * n + j]!, parameters);
      if (i === j) sum += parameters.noise + variances[i]!;
      for (let k = 0; k < j; k++) sum -= factor[i * m + k]! * factor[j * m + k]!;
      factor[i * m + j] = i === j ? Math.sqrt(sum) : sum / factor[j * m + j]!;
    }
    let rest = errors[i]!;
    for (let k = 0; k < i; k++) rest -= factor[i * m + k]! * solution[k]!;
    solution[i] = rest / factor[i * m + i]!;
    square += solution[i]! ** 2;
    logDeterminant += 2 * Math.log(factor[i * m + i]!);
  }
  const scale = (PRIOR_WEIGHT + square) / (PRIOR_WEIGHT + m);
  const likelihood = -0.5 * logDeterminant - 0.5 * (PRIOR_WEIGHT + m) * Math.log1p(square / PRIOR_WEIGHT);
  return { factor, solution, scale, likelihood };
}
