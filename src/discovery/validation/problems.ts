import { elementBySymbol, FormulaError, parseFormula, type Composition } from '../../chemistry';
import { InputError, type FieldError } from '../../domain';

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** Collects every mistake of an input with its path, so that one answer names them all. */
export class Problems {
  private readonly found: FieldError[];

  private constructor(
    private readonly path: readonly string[],
    found: FieldError[] = [],
  ) {
    this.found = found;
  }

  static at(path: readonly string[]): Problems {
    return new Problems(path);
  }

  /** The same collection, one level deeper. */
  in(...segments: readonly (string | number)[]): Problems {
    return new Problems([...this.path, ...segments.map(String)], this.found);
  }

  add(message: string): void {
    this.found.push({ path: this.path, message });
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  /** @throws InputError with all of them, if there are any. */
  throwIfAny(): void {
    if (this.any) throw new InputError(this.found);
  }

  /** A number within bounds; the fallback if it is absent or wrong. */
  number<T extends number | null>(value: unknown, fallback: T, bounds: Bounds = {}): number | T {
    if (value == null) return fallback;
    const { min = -Infinity, max = Infinity, integer = false } = bounds;
    const right = typeof value === 'number' && Number.isFinite(value) && (!integer || Number.isInteger(value));
    if (right && value >= min && value <= max) return value;
    this.add(`${show(value)} is not ${describe(min, max, integer)}`);
    return fallback;
  }

  boolean(value: unknown, fallback: boolean): boolean {
    if (value == null) return fallback;
    if (typeof value === 'boolean') return value;
    this.add(`${show(value)} is neither true nor false`);
    return fallback;
  }

  /** One of the words; the fallback if it is absent or wrong. */
  word<T extends string, F extends T | null>(value: unknown, words: readonly T[], fallback: F): T | F {
    if (value == null) return fallback;
    if (words.includes(value as T)) return value as T;
    this.add(`${show(value)} is none of ${words.join(', ')}`);
    return fallback;
  }

  /** The list, or an empty one with a complaint. Absent counts as empty. */
  list<T>(value: readonly T[] | null | undefined, what: string, { min = 0, max = Infinity } = {}): readonly T[] {
    if (value != null && !Array.isArray(value)) {
      this.add(`is not a list of ${what}`);
      return [];
    }
    const items = value ?? [];
    if (items.length < min) this.add(`holds ${items.length} ${what}; at least ${min} needed`);
    if (items.length > max) this.add(`holds ${items.length} ${what}; at most ${max} allowed`);
    return items.length > max ? [] : items;
  }

  /** Atomic numbers, ascending, each once. */
  elements(symbols: readonly string[] | null | undefined, { min = 0 } = {}): number[] {
    const numbers = new Set<number>();
    this.list(symbols, 'elements', { min, max: 118 }).forEach((symbol, i) => {
      const element = elementBySymbol(symbol);
      if (element === undefined) this.in(i).add(`unknown element ${show(symbol)}; a symbol such as "Ga" is needed`);
      else numbers.add(element.number);
    });
    return [...numbers].sort((a, b) => a - b);
  }

  formula(text: unknown): Composition | null {
    if (typeof text !== 'string') {
      this.add(`${show(text)} is not a formula`);
      return null;
    }
    try {
      return parseFormula(text);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.add(error.message);
      return null;
    }
  }

  /** Whole numbers min ≤ max within bounds. */
  integerRange(
    range: { readonly min?: number | null; readonly max?: number | null } | null | undefined,
    fallback: { readonly min: number; readonly max: number },
    bounds: { readonly min: number; readonly max: number },
  ): { readonly min: number; readonly max: number } {
    const asked = range ?? {};
    const min = this.in('min').number(asked.min, null, { ...bounds, integer: true });
    const max = this.in('max').number(asked.max, null, { ...bounds, integer: true });
    if (min !== null && max !== null && min > max) this.in('min').add(`min ${min} is above max ${max}`);
    return { min: min ?? Math.min(fallback.min, max ?? fallback.min), max: max ?? Math.max(fallback.max, min ?? 0) };
  }
}

function describe(min: number, max: number, integer: boolean): string {
  const noun = integer ? 'a whole number' : 'a number';
  if (min === -Infinity && max === Infinity) return integer ? noun : 'a finite number';
  if (max === Infinity) return `${noun} of at least ${min}`;
  if (min === -Infinity) return `${noun} of at most ${max}`;
  return `${noun} from ${min} to ${max}`;
}

/** A value as messages show it, cut short. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
