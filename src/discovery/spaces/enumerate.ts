import { compositionOf, ELEMENTS, type Composition } from '../../chemistry';
import type { ElementLimits, EnumerateQuery } from '../query';
import {
  binomial,
  countPermutations,
  countStoichiometries,
  distinctPermutations,
  nextSubset,
  stoichiometries,
  unrankSubset,
} from './combinatorics';
import { allowedElements, wantedElements, type Verdict } from './limits';
import { compileRules } from './rules';
import type { DesignSpace } from './space';

/**
 * Every reduced stoichiometry on every subset of a palette. A composition is one subset with one tuple of coprime amounts, so none
 * comes twice. Ordered by number of elements, then subset, then amounts.
 */
export class EnumerateSpace implements DesignSpace {
  readonly size: number;
  private readonly blocks: readonly Block[];
  private readonly optional: readonly number[];
  private readonly allowed: Uint8Array;
  private readonly wanted: readonly number[];
  private readonly accepts: Verdict;

  constructor(
    private readonly query: EnumerateQuery,
    limits: ElementLimits,
  ) {
    this.optional = query.elements.filter((number) => !query.required.includes(number));
    this.allowed = allowedElements(limits);
    this.wanted = wantedElements(limits);
    this.accepts = compileRules(query, limits);
    const blocks: Block[] = [];
    let start = 0;
    for (const k of elementCounts(query)) {
      const tuples = amountTuples(query, k);
      const subsets = Number(binomial(this.optional.length, k - query.required.length));
      if (tuples.length === 0 || subsets === 0) continue;
      blocks.push({ k, start, tuples, end: start + subsets * tuples.length });
      start += subsets * tuples.length;
    }
    this.blocks = blocks;
    this.size = start;
  }

  at(position: number): Composition {
    const block = this.blocks.find((b) => position < b.end)!;
    const index = Math.floor((position - block.start) / block.tuples.length);
    const amounts = block.tuples[(position - block.start) % block.tuples.length]!;
    const numbers = this.elementsOf(this.subsetAt(block, index));
    return compositionOf(numbers.map((number, i) => [ELEMENTS[number - 1]!.symbol, amounts[i]!] as const));
  }

  scan(from: number, to: number): Uint32Array {
    const kept = new Uint32Array(to - from);
    let n = 0;
    for (const block of this.blocks) {
      const end = Math.min(to, block.end);
      let position = Math.max(from, block.start);
      if (position >= end) continue;
      const perSubset = block.tuples.length;
      const subset = this.subsetAt(block, Math.floor((position - block.start) / perSubset));
      while (position < end) {
        const first = (position - block.start) % perSubset;
        const last = Math.min(perSubset, first + end - position);
        const numbers = this.elementsOf(subset);
        if (this.mayHold(numbers)) {
          for (let i = first; i < last; i++)
            if (this.accepts(numbers, block.tuples[i]!)) kept[n++] = position + i - first;
        }
        position += last - first;
        nextSubset(subset, this.optional.length);
      }
    }
    return kept.subarray(0, n);
  }

  /** Whether compounds of these elements can pass, whatever the amounts. */
  private mayHold(numbers: readonly number[]): boolean {
    return (
      numbers.every((number) => this.allowed[number] === 1) && this.wanted.every((number) => numbers.includes(number))
    );
  }

  private subsetAt(block: Block, index: number): number[] {
    return unrankSubset(index, this.optional.length, block.k - this.query.required.length);
  }

  /** Atomic numbers, ascending. */
  private elementsOf(subset: readonly number[]): number[] {
    const numbers = subset.map((i) => this.optional[i]!);
    return this.query.required.length === 0 ? numbers : [...this.query.required, ...numbers].sort((a, b) => a - b);
  }
}

/** The compounds of k elements: positions [start, end). */
interface Block {
  readonly k: number;
  readonly start: number;
  readonly end: number;
  readonly tuples: readonly (readonly number[])[];
}

/** Before any filter, in closed form. */
export function countEnumerate(query: EnumerateQuery): bigint {
  let total = 0n;
  for (const k of elementCounts(query)) {
    const tuples =
      query.templates === null
        ? countStoichiometries(k, query.maxAtoms)
        : templatesOf(query.templates, k).reduce((sum, template) => sum + countPermutations(template), 0n);
    total += tuples * binomial(query.elements.length - query.required.length, k - query.required.length);
  }
  return total;
}

function elementCounts({ elementCount }: EnumerateQuery): number[] {
  return Array.from({ length: elementCount.max - elementCount.min + 1 }, (_, i) => elementCount.min + i);
}

function amountTuples(query: EnumerateQuery, k: number): readonly (readonly number[])[] {
  if (query.templates === null) return stoichiometries(k, query.maxAtoms);
  return templatesOf(query.templates, k).flatMap((template) => distinctPermutations(template));
}

function templatesOf(templates: readonly (readonly number[])[], k: number): readonly (readonly number[])[] {
  return templates.filter((template) => template.length === k);
}
