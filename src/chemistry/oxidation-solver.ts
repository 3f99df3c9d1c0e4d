import { ELEMENTS } from './elements';

/** What is known of ions, by element symbol. */
export interface IonTable {
  /** P(oxidation state | element); a fractional state is the mean within a polyanion (O −1/2: superoxide). */
  readonly states: Readonly<Record<string, Readonly<Partial<Record<string, number>>>>>;
  /** P(the element is found in two states at once | element): iron in Fe3O4, sulfur in K2S5. */
  readonly mixing: Readonly<Record<string, number>>;
}

/** P(mixed valence) of an element that the table does not tell. */
const MIXING = 0.02;
/** Log-likelihood per Pauling unit by which a cation is more electronegative than an anion, and for being so at all. */
const DISORDER = { once: -1, perUnit: -6 };
/** A sum of charges within this share of the atoms is zero: decimals of written amounts. */
const NEUTRAL = 1e-4;
/** Search steps after which the best assignment found so far stands; reached from about six elements of many states on. */
const MAX_STEPS = 50_000;

export interface SolverOptions {
  /** States less likely than this do not exist. */
  readonly floor: number;
  /** States less likely than this do not mix. */
  readonly mixedFloor: number;
  /** Refuse cations more electronegative than an anion, rather than count them as unlikely. */
  readonly ordered: boolean;
}

/**
 * Finds the likeliest charge-balanced oxidation states. Every element takes one of its states, all but one at most: that one may be
 * the mean of two of its states of one sign (mixed valence, polyanions). Branch and bound over states by falling likelihood,
 * which is exact up to about six elements. Works in place on typed arrays: nothing is allocated per composition.
 *
 * The rules are those of SMACT (Davies et al., Chem 1, 617 (2016), doi:10.1016/j.chempr.2016.09.010): neutrality, and
 * anions more electronegative than cations; here graded by likelihoods instead of all or nothing.
 */
export class OxidationSolver {
  /** States of the last composition that was solved, in the order of its elements. */
  readonly assigned = new Float64Array(118);
  /** The element of the last solution whose state is a mean of two, or -1; and these two. */
  mixed = -1;
  mixedLow = 0;
  mixedHigh = 0;

  private readonly first = new Uint16Array(120);
  private readonly states: Float64Array;
  private readonly logs: Float64Array;
  private readonly electronegativity = new Float64Array(119);

  private readonly mixing = new Float64Array(119);
  private readonly mixedFloor: number;

  private elements: ArrayLike<number> = [];
  private amounts: ArrayLike<number> = [];
  private count = 0;
  private atoms = 0;
  private solved = 0;
  private best = -Infinity;
  private anyWillDo = false;
  private steps = 0;
  private readonly bound = new Float64Array(119);
  private readonly current = new Float64Array(118);

  constructor(
    table: IonTable,
    private readonly options: SolverOptions = { floor: 0, mixedFloor: 0, ordered: false },
  ) {
    const states: number[] = [];
    const logs: number[] = [];
    for (const element of ELEMENTS) {
      this.first[element.number] = states.length;
      this.electronegativity[element.number] = element.electronegativity ?? 0;
      this.mixing[element.number] = Math.log(table.mixing[element.symbol] ?? MIXING);
      const likely = Object.entries(table.states[element.symbol] ?? {})
        .map(([state, probability]) => ({ state: Number(state), probability: probability ?? 0 }))
        .filter(({ probability }) => probability > this.options.floor)
        .sort((a, b) => b.probability - a.probability || b.state - a.state);
      for (const { state, probability } of likely) {
        states.push(state);
        logs.push(Math.log(probability));
      }
    }
    this.first[119] = states.length;
    this.mixedFloor = Math.log(this.options.mixedFloor);
    this.states = Float64Array.from(states);
    this.logs = Float64Array.from(logs);
  }

  /**
   * Log-likelihood of the likeliest balanced assignment, -Infinity if there is none; `assigned` and `mixed` hold it.
   *
   * @param elements atomic numbers, different ones.
   * @param amounts positive, in the same order; need not be integers.
   */
  solve(elements: ArrayLike<number>, amounts: ArrayLike<number>, count: number, anyWillDo = false): number {
    this.elements = elements;
    this.amounts = amounts;
    this.count = count;
    this.anyWillDo = anyWillDo;
    this.best = -Infinity;
    this.mixed = -1;
    this.steps = 0;
    this.atoms = 0;
    for (let i = 0; i < count; i++) this.atoms += amounts[i] as number;
    this.bound[count] = 0;
    for (let i = count - 1; i >= 0; i--) {
      const start = this.first[elements[i] as number] as number;
      if (start === this.first[(elements[i] as number) + 1]) return -Infinity;
      this.bound[i] = (this.bound[i + 1] as number) + (this.logs[start] as number);
    }
    // Each element in turn takes what the others leave; the others take listed states.
    for (let i = 0; i < count; i++) {
      this.solved = i;
      this.descend(0, 0, 0);
      if (this.anyWillDo && this.best > -Infinity) break;
    }
    return this.best;
  }

  private descend(i: number, charge: number, log: number): void {
    if (log + (this.bound[i] as number) <= this.best || this.steps++ > MAX_STEPS) return;
    if (i === this.count) return this.close(charge, log);
    if (i === this.solved) {
      // Its own likelihood is added in `close`; until then its best one bounds it.
      return this.descend(i + 1, charge, log + (this.bound[i] as number) - (this.bound[i + 1] as number));
    }
    const element = this.elements[i] as number;
    const end = this.first[element + 1] as number;
    for (let s = this.first[element] as number; s < end; s++) {
      const next = log + (this.logs[s] as number);
      if (next + (this.bound[i + 1] as number) <= this.best) return;
      this.current[i] = this.states[s] as number;
      this.descend(i + 1, charge + (this.states[s] as number) * (this.amounts[i] as number), next);
      if (this.anyWillDo && this.best > -Infinity) return;
    }
  }

  /** All states but one are chosen: the one left is what neutrality asks for, if the element has it. */
  private close(charge: number, bounded: number): void {
    const i = this.solved;
    const element = this.elements[i] as number;
    const required = -charge / (this.amounts[i] as number);
    const tolerance = (NEUTRAL * this.atoms) / (this.amounts[i] as number);
    const start = this.first[element] as number;
    const end = this.first[element + 1] as number;
    const mixes = this.mixing[element] as number;
    let own = -Infinity;
    let [low, high] = [0, 0];
    for (let s = start; s < end; s++) {
      const state = this.states[s] as number;
      if (Math.abs(state - required) <= tolerance) {
        own = this.logs[s] as number;
        low = high = state;
        break;
      }
      if (state * required <= 0 || state > required || (this.logs[s] as number) < this.mixedFloor) continue;
      for (let t = start; t < end; t++) {
        const other = this.states[t] as number;
        if (other < required || other * required <= 0 || (this.logs[t] as number) < this.mixedFloor) continue;
        const share = (required - state) / (other - state);
        const log = mixes + (1 - share) * (this.logs[s] as number) + share * (this.logs[t] as number);
        if (log > own) [own, low, high] = [log, state, other];
      }
    }
    this.current[i] = required;
    const log = bounded - (this.logs[start] as number) + own + this.disorder();
    if (log <= this.best) return;
    this.best = log;
    this.mixed = low === high ? -1 : i;
    this.mixedLow = low;
    this.mixedHigh = high;
    this.assigned.set(this.current);
  }

  /** Log-likelihood of the order of electronegativities: 0 if every anion is more electronegative than every cation. */
  private disorder(): number {
    let cation = -Infinity;
    let anion = Infinity;
    for (let i = 0; i < this.count; i++) {
      const x = this.electronegativity[this.elements[i] as number] as number;
      if ((this.current[i] as number) > 0) cation = Math.max(cation, x);
      else anion = Math.min(anion, x);
    }
    if (cation <= anion) return 0;
    return this.options.ordered ? -Infinity : DISORDER.once + DISORDER.perUnit * (cation - anion);
  }
}
