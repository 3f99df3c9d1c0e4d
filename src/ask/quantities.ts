import { converterTo, isUnit, propertyConverter, UnknownUnitError } from '../catalog/units';
import type { Composition } from '../chemistry';
import { propertyDefinition, type ConditionName, type Conditions, type PropertyKey } from '../domain';
import type { Words } from './language';

/** A number of the question, with its unit if it has one that is known. */
export interface Quantity {
  readonly value: number;
  /** As src/catalog/units.ts writes it; null without one. */
  readonly unit: string | null;
}

export interface Quantities {
  readonly numbers: readonly Quantity[];
  /** Units that the answer is asked in. */
  readonly askedUnits: readonly string[];
}

const NUMBER = /(?<![\p{L}\d.#])[-+−]?\d+(?:[.,]\d+)*(?:\s?[x×]\s?10\^?[-−]?\d+|[eE][-+−]?\d+)?/gu;
const LONGEST_UNIT = 14;

/** @param masked the question without its compositions (subjects.ts) */
export function findQuantities(masked: string, words: Words): Quantities {
  const numbers = [...masked.matchAll(NUMBER)].map((match) => ({
    value: numberOf(match[0]),
    unit: unitAt(masked.slice(match.index + match[0].length), words),
  }));
  const askedUnits = [...masked.matchAll(new RegExp(words.beforeUnit, 'giu'))]
    .map((match) => unitAt(masked.slice(match.index + match[0].length), words))
    .filter((unit) => unit !== null);
  return { numbers: numbers.filter(({ value }) => Number.isFinite(value)), askedUnits };
}

function numberOf(text: string): number {
  const [mantissa = '', exponent] = text.replace(/−/g, '-').split(/\s?[x×]\s?10\^?/);
  const plain = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(mantissa)
    ? mantissa.replace(/,/g, '')
    : mantissa.replace(',', '.');
  return Number(exponent === undefined ? plain : `${plain}e${exponent}`);
}

/** The longest unit that the text begins with; null if it begins with none. */
function unitAt(text: string, words: Words): string | null {
  const rest = text.replace(/^[\s([]+/, '').slice(0, 40);
  for (const [spelled, symbol] of words.units) {
    const match = spelled.exec(rest);
    if (match?.index === 0 && !/^[\p{L}\d]/u.test(rest.slice(match[0].length))) return symbol;
  }
  for (let length = Math.min(LONGEST_UNIT, rest.length); length > 0; length--) {
    // Not in the middle of a word, of an exponent or of a bracket.
    if (/^[\p{L}\d^/²³⁻]/u.test(rest.slice(length)) && /[\p{L}\d^/]$/u.test(rest.slice(0, length))) continue;
    const unit = rest
      .slice(0, length)
      .trim()
      .replace(/[,.;:?!\])]+$/, (end) => (end.includes(')') && rest.slice(0, length).includes('(') ? ')' : ''));
    if (/[\p{L}%°Å]/u.test(unit) && isUnit(unit)) return unit;
  }
  return null;
}

export interface ReadConditions {
  readonly conditions: Conditions;
  /** Numbers that are no condition. */
  readonly left: readonly Quantity[];
  /** Conditions of the question that the property does not depend on, as they were written. */
  readonly ignored: readonly string[];
}

const NUMERIC: readonly (readonly [name: ConditionName, unit: string])[] = [
  ['temperature', 'K'],
  ['load', 'N'],
  ['wavelength', 'um'],
];
const ROOM_TEMPERATURE = 300;
/** µm: the sodium D line, at which tables give the refractive index. */
const VISIBLE = 0.589;

/** Which numbers and words of the question are conditions of the property. */
export function readConditions(
  masked: string,
  property: PropertyKey,
  { numbers }: Quantities,
  words: Words,
): ReadConditions {
  const { conditions: known, unit: own } = propertyDefinition(property);
  const conditions: { -readonly [Name in keyof Conditions]: Conditions[Name] } = {};
  const left: Quantity[] = [];
  const ignored: string[] = [];
  for (const quantity of numbers) {
    const of = NUMERIC.find(([, unit]) => quantity.unit !== null && converts(quantity.unit, unit));
    const name = of?.[0];
    if (!of || !name || (!known.includes(name) && converts(quantity.unit!, own))) left.push(quantity);
    else if (!known.includes(name)) ignored.push(`${quantity.value} ${quantity.unit}`);
    else if (conditions[name] === undefined) Object.assign(conditions, { [name]: converted(quantity, of[1]) });
  }
  if (words.roomTemperature.test(masked) && known.includes('temperature')) conditions.temperature ??= ROOM_TEMPERATURE;
  if (words.visibleLight.test(masked) && known.includes('wavelength')) conditions.wavelength ??= VISIBLE;
  for (const [pattern, category] of words.categories) {
    if (!pattern.test(masked)) continue;
    const [[name, value]] = Object.entries(category) as [[ConditionName, never]];
    if (known.includes(name)) conditions[name] ??= value;
  }
  return { conditions, left, ignored };
}

const tidy = (value: number): number => Number(value.toPrecision(6));
const converted = ({ value, unit }: Quantity, target: string): number =>
  tidy(converterTo(target, unit ?? target)(value, undefined as unknown as Composition));

function converts(unit: string, target: string): boolean {
  try {
    converterTo(target, unit);
    return true;
  } catch (error) {
    if (error instanceof UnknownUnitError) return false;
    throw error;
  }
}

/** A unit for the numbers of an answer: how a value of the property's own unit reads in it. */
export interface AnswerUnit {
  readonly name: string;
  readonly fromOwn: (value: number) => number;
  readonly toOwn: (value: number) => number;
}

/** @throws UnknownUnitError if the property is not measured in it. */
export function answerUnit(property: PropertyKey, unit: string | null, composition: Composition): AnswerUnit {
  const own = propertyDefinition(property).unit;
  if (unit === null) return { name: own, fromOwn: (value) => value, toOwn: (value) => value };
  // Every conversion of the table is a factor and an offset.
  const convert = propertyConverter(property, unit);
  const offset = convert(0, composition);
  const factor = convert(1, composition) - offset;
  return {
    name: unit,
    fromOwn: (value) => (value - offset) / factor,
    toOwn: (value) => value * factor + offset,
  };
}

/** The first number that can be a value of the property, in the property's unit; one without a unit is in that unit, or in the one asked for. */
export function thresholdOf(
  left: readonly Quantity[],
  property: PropertyKey,
  asked: string | null,
  composition: Composition,
): { readonly own: number; readonly unit: string | null } | null {
  for (const { value, unit } of left) {
    try {
      const of = unit ?? asked;
      return { own: tidy(answerUnit(property, of, composition).toOwn(value)), unit: of };
    } catch (error) {
      if (!(error instanceof UnknownUnitError)) throw error;
    }
  }
  return null;
}
