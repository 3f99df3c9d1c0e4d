import { ELEMENTS, type Composition } from '../chemistry';
import { BeagleError, InputError, type Conditions, type FieldError, type PropertyKey } from '../domain';
import { isNumeric, type ManifestCondition, type ManifestProperty, type NumericCondition } from './manifest';
import type { Tokenizer } from './tokenizer';

const ATOMIC_NUMBERS: ReadonlyMap<string, number> = new Map(ELEMENTS.map((e) => [e.symbol, e.number]));

/** One row of a run: parallel tokens and the number that goes with each (0 where it has none). */
export interface Row {
  readonly tokens: readonly number[];
  readonly numbers: readonly number[];
}

/** Conditions as the model reads them. */
export interface ResolvedConditions extends Row {
  /** Every condition of the property, defaults filled in. */
  readonly values: Conditions;
  readonly warnings: readonly string[];
  /** The same text for the same conditions: part of cache keys. */
  readonly key: string;
}

/** Writes the rows of one property (docs/model-package.md, "Prompt"). */
export class PropertyPrompt {
  readonly instruction: readonly number[];
  private readonly answer: number;
  private readonly defaults: ResolvedConditions;

  constructor(
    private readonly property: ManifestProperty,
    private readonly tokenizer: Tokenizer,
  ) {
    this.instruction = property.promptTokens;
    this.answer = tokenizer.require('[ANSWER]');
    this.defaults = this.encode({});
  }

  /**
   * Fills in defaults and encodes. A number outside the trained range is answered as at the nearest bound, and a
   * warning says so: the embedding of a number is periodic, so beyond the range it would be arbitrary.
   *
   * @throws InputError naming every condition that the property does not know or whose value is impossible
   */
  conditions(given: Conditions | undefined): ResolvedConditions {
    if (!given) return this.defaults;
    const known = new Set<string>(this.property.conditions.map((c) => c.name));
    const set = Object.entries(given).filter(([, value]) => value != null);
    if (set.length === 0) return this.defaults;
    const unknown = set.filter(([name]) => !known.has(name));
    if (unknown.length > 0) {
      const takes = known.size > 0 ? `it takes ${[...known].join(', ')}` : 'it takes no conditions';
      throw new InputError(
        unknown.map(([name]) => ({
          path: ['conditions', name],
          message: `${this.property.key} does not depend on ${name}; ${takes}`,
        })),
      );
    }
    return this.encode(given);
  }

  /** @throws BeagleError UNSUPPORTED_ELEMENT */
  row(composition: Composition, conditions: ResolvedConditions): Row {
    const elements = composition.elements.map((symbol, i) => {
      const token = this.tokenizer.id(`<${symbol}>`);
      if (token === undefined) {
        throw new BeagleError(
          'UNSUPPORTED_ELEMENT',
          `the model does not know the element ${symbol} of ${composition.input}`,
        );
      }
      return { atomicNumber: ATOMIC_NUMBERS.get(symbol) ?? 0, token, fraction: composition.fractions[i]! };
    });
    elements.sort((a, b) => a.atomicNumber - b.atomicNumber);
    return {
      tokens: [...elements.map((e) => e.token), ...conditions.tokens, this.answer],
      numbers: [...elements.map((e) => e.fraction), ...conditions.numbers, 0],
    };
  }

  private encode(given: Conditions): ResolvedConditions {
    const errors: FieldError[] = [];
    const warnings: string[] = [];
    const values: Record<string, number | string> = {};
    const tokens: number[] = [];
    const numbers: number[] = [];
    for (const condition of this.property.conditions) {
      const value = given[condition.name] ?? condition.default;
      values[condition.name] = value;
      const encoded = isNumeric(condition)
        ? encodeNumber(condition, value, this.property.key)
        : encodeCategory(condition, value);
      if ('problem' in encoded) {
        errors.push({ path: ['conditions', condition.name], message: encoded.problem });
        continue;
      }
      tokens.push(this.tokenizer.require(encoded.token));
      numbers.push(encoded.number);
      if (encoded.warning) warnings.push(encoded.warning);
    }
    if (errors.length > 0) throw new InputError(errors);
    const key = Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(',');
    return { values: values as Conditions, warnings, tokens, numbers, key };
  }
}

type Encoded = { token: string; number: number; warning?: string } | { problem: string };

function encodeNumber(condition: NumericCondition, value: number | string, property: PropertyKey): Encoded {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    return { problem: `must be a number greater than 0, is ${value}` };
  }
  const inside = Math.min(Math.max(value, condition.min), condition.max);
  const { offset, factor, log10 } = condition.scale;
  const number = ((log10 ? Math.log10(inside) : inside) - offset) * factor;
  const unit = condition.unit ? ` ${condition.unit}` : '';
  const warning =
    inside === value
      ? undefined
      : `${condition.name} ${value}${unit} is outside the range that ${property} was trained on ` +
        `(${condition.min} to ${condition.max}${unit}); this is the answer at ${inside}${unit}`;
  return { token: condition.token, number, warning };
}

function encodeCategory(condition: Exclude<ManifestCondition, NumericCondition>, value: number | string): Encoded {
  const chosen = condition.values.find((v) => v.name === value);
  if (!chosen) return { problem: `must be one of ${condition.values.map((v) => v.name).join(', ')}, is ${value}` };
  return { token: chosen.token, number: 0 };
}
