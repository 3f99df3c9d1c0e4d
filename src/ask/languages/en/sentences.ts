import { PROPERTY_KEYS, propertyDefinition, type Conditions, type PropertyKey } from '../../../domain';
import type { FactName } from '../../facts';
import type { Sentences, Told } from '../../language';

const FACT_NAMES: Readonly<Record<FactName, string>> = {
  ATOMIC_NUMBER: 'atomic number',
  ATOMIC_MASS: 'molar mass',
  ELECTRONEGATIVITY: 'electronegativity (Pauling scale)',
  OXIDATION_STATES: 'common oxidation states',
  CRUSTAL_ABUNDANCE: "abundance in the Earth's crust",
  RADIOACTIVE: 'radioactivity',
};

/** What a classification says of a composition: [it is, it is not, it was asked whether it is not so and it is]. */
const LABELS: Readonly<Partial<Record<PropertyKey, readonly [string, string]>>> = {
  IS_METAL: ['a metal', 'not a metal'],
  GLASS_FORMING: ['able to form a metallic glass', 'not able to form a metallic glass'],
  SINGLE_PHASE_ALLOY: ['a single-phase alloy', 'not a single-phase alloy'],
  BCC_ALLOY: ['BCC', 'FCC rather than BCC'],
  BULK_METALLIC_GLASS: ['a bulk metallic glass', 'not a bulk metallic glass'],
  PEROVSKITE: ['a perovskite', 'not a perovskite'],
};

const EXAMPLES = [
  'band gap',
  'melting point',
  'Seebeck coefficient',
  'hardness',
  'superconducting critical temperature',
];
const KNOWN = `Darwin knows ${PROPERTY_KEYS.length} properties of compositions (${EXAMPLES.join(', ')} and so on: \`properties { name }\`) and, of elements, ${['atomic number', 'atomic mass', 'electronegativity', 'oxidation states', 'crustal abundance and radioactivity'].join(', ')}`;

const nameOf = (property: PropertyKey): string => propertyDefinition(property).name;

/** Three or four digits, as far as a prediction means anything. */
export function number(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(size >= 1000 ? 4 : 3)));
}

const withUnit = (text: string, unit: string): string =>
  unit === 'dimensionless' ? text : unit === '%' ? `${text} %` : `${text} ${unit}`;
const yesOrNo = (probability: number): string =>
  probability >= 0.9 ? 'Yes' : probability >= 0.5 ? 'Probably' : probability > 0.1 ? 'Probably not' : 'No';
const percent = (probability: number): string => {
  const rounded = Math.round(probability * 100);
  return rounded >= 100 ? 'over 99 %' : rounded <= 0 ? 'under 1 %' : `${rounded} %`;
};

function at({ temperature, load, wavelength, processing, testType }: Conditions): string {
  const parts = [
    temperature != null && `at ${number(temperature)} K`,
    load != null && `at a load of ${number(load)} N`,
    wavelength != null && `at a wavelength of ${number(wavelength)} µm`,
    processing != null && processing !== 'UNSPECIFIED' && `(${processing.toLowerCase()})`,
    testType != null && `in ${testType.toLowerCase()}`,
  ].filter(Boolean);
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}

const range = ({ lower, upper, unit }: Told): string =>
  lower === null || upper === null ? '' : `90 % interval: ${number(lower)} to ${withUnit(number(upper), unit)}`;

export const SENTENCES: Sentences = {
  value: (property, told, conditions) =>
    `The ${nameOf(property)} of ${told.composition.formula}${at(conditions)} is ${withUnit(number(told.value), told.unit)} as Darwin predicts it (${range(told)}).`,

  label(property, told, negated, conditions) {
    const yes = told.value >= 0.5;
    const [is, isNot] = LABELS[property]!;
    const sure = yes ? told.value : 1 - told.value;
    const word = yesOrNo(negated ? 1 - told.value : told.value);
    return `${word}: Darwin takes ${told.composition.formula}${at(conditions)} to be ${yes ? is : isNot}, with a probability of ${percent(sure)}.`;
  },

  threshold(property, told, { above, at: threshold, probability }, conditions) {
    const word = yesOrNo(probability);
    const asked = `${above ? 'above' : 'at most'} ${withUnit(number(threshold), told.unit)}`;
    return `${word}: the ${nameOf(property)} of ${told.composition.formula}${at(conditions)} is ${asked} with a probability of ${percent(probability)}; Darwin predicts ${withUnit(number(told.value), told.unit)} (${range(told)}).`;
  },

  comparison(property, told, { more, probability }, conditions) {
    const [first, second] = told;
    const [high, low] = probability >= 0.5 ? [first, second] : [second, first];
    const sure = percent(Math.max(probability, 1 - probability));
    const both = told
      .map(
        (one) =>
          `${one.composition.formula} ${withUnit(number(one.value), one.unit)}${one.lower === null ? '' : ` (${range(one)})`}`,
      )
      .join(', ');
    const classification = propertyDefinition(property).kind === 'CLASSIFICATION';
    const what = classification ? `more likely ${LABELS[property]![0]}` : `the larger ${nameOf(property)}`;
    const lesser = classification ? `less likely ${LABELS[property]![0]}` : `the smaller ${nameOf(property)}`;
    const [winner, claim] = more ? [high, what] : [low, lesser];
    const verb = classification ? 'is' : 'has';
    return `${winner.composition.formula}${at(conditions)} ${verb} ${claim}${classification ? '' : `, with a probability of ${sure}`}. ${both}.`;
  },

  fact: (fact, element, value, unit) =>
    `The ${FACT_NAMES[fact]} of ${element}: ${withUnit(value, unit)} (recorded, not predicted).`,
  noFact: (fact, element) => `No ${FACT_NAMES[fact]} of ${element} is recorded.`,
  isRadioactive: (element, radioactive) =>
    radioactive
      ? `Yes: ${element} has no stable isotope (recorded, not predicted).`
      : `No: ${element} has a stable isotope (recorded, not predicted).`,
  factComparison: (fact, winner, loser, more) =>
    `${winner} has the ${more ? 'larger' : 'smaller'} ${FACT_NAMES[fact]} of ${winner} and ${loser}.`,

  note: {
    unsure: (property) => `The question was taken to ask for the ${nameOf(property)}, without certainty.`,
    alloysOnly: ({ formula }) =>
      `Darwin learned this property from metallic alloys, and ${formula} is none: do not rely on it.`,
    extrapolation: 'Nothing like it was in the training data: do not rely on it.',
    ignored: (condition, property) =>
      `Darwin's ${nameOf(property)} does not depend on ${condition}; that was left out.`,
  },

  refusal: {
    empty: `The question is empty. ${KNOWN}.`,
    noComposition: (property) =>
      `${property === null ? '' : `The question seems to be about the ${nameOf(property)}, but `}no composition was found${property === null ? ' in the question' : ' in it'}: write a formula (GaAs, Fe2O3, Al0.5CoCrFeNi) or a name (gallium arsenide, quartz). ${KNOWN}.`,
    wrongFormula: (message) => `The formula cannot be read: ${message}.`,
    ambiguousName: (name, formulas) =>
      `"${name}" can be ${formulas.join(' or ')}: write the formula, or the oxidation state as in iron(III) oxide.`,
    mixture: (name) => `"${name}" is not one composition: write the formula with its amounts.`,
    tooMany: (formulas) =>
      `The question names ${formulas.length} compositions (${formulas.join(', ')}): ask about one, or compare two.`,
    unknownProperty: (formula) => `The question does not ask for a property of ${formula} that Darwin knows. ${KNOWN}.`,
    uncertain: (first, second) =>
      `The question is not clear: it may ask for the ${nameOf(first)}${second === null ? '' : ` or for the ${nameOf(second)}`}. Name the property and ask again.`,
    elementOnly: (fact, formula) => `The ${FACT_NAMES[fact]} is recorded for elements, and ${formula} is none.`,
    unit: (unit, property) =>
      `The ${nameOf(property)} is not measured in ${unit}; Darwin gives it in ${propertyDefinition(property).unit}.`,
    notPredicted: (message) => `The question was understood, but Darwin cannot answer: ${message}.`,
  },
};
